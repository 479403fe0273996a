import { expect, test } from "vitest";
import { batchOf, checkpointFolder, readGolden, tokenDifference } from "../../../test/golden-checkpoint.ts";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../../formats/index.ts";
import { openFolder, readJson } from "../../hub/folder.ts";
import { loadTransformer, openGraph } from "../load.ts";
import { decoderGraph } from "../heads/decoder-graph.ts";

test("of a Gemma 3 with a vision tower the text part is taken, from text_config and under its prefix", async () => {
  const golden = readGolden("decoders").find(({ name }) => name === "gemma3")!;
  const folder = await openFolder(checkpointFolder("decoders", "gemma3"));
  const text = await readJson<Record<string, unknown>>(folder, "config.json");
  const file = await openSafetensors(folder, "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [name, { dtype, shape }] of file.tensors) {
    tensors[`language_model.model.${name}`] = { dtype, shape, data: await file.readBytes(name) };
  }
  const config = { model_type: "gemma3", text_config: text, vision_config: { hidden_size: 7 } };
  const files = {
    "config.json": new TextEncoder().encode(JSON.stringify(config)),
    "model.safetensors": writeSafetensors(tensors),
  };
  const transformer = await loadTransformer(files, { threads: 1 });
  const { data } = await transformer.run(batchOf(golden));
  expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-5);
  await transformer.dispose();
});

test("EmbeddingGemma, which sees both ways, does not continue a text", async () => {
  const folder = await openFolder(checkpointFolder("decoders", "gemma3-embedding"));
  await expect(openGraph(folder, decoderGraph, {})).rejects.toThrow(
    "a model that sees both ways cannot continue a text",
  );
});

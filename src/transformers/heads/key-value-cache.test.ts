import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { difference } from "../../../test/golden-checkpoint.ts";
import type { TokenBatch } from "../transformer.ts";
import { loadDecoder } from "./load-decoder.ts";

/** Fixtures of decoders without a position table, so that they can be made to read longer texts. */
const names = ["llama-next", "qwen3-next", "gemma3-next"];

function files(name: string, positions: number): Record<string, Uint8Array> {
  const folder = join(import.meta.dirname, "../../../test/golden/heads", name);
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as object;
  const json = JSON.stringify({ ...config, max_position_embeddings: positions });
  return {
    "config.json": new TextEncoder().encode(json),
    "model.safetensors": readFileSync(join(folder, "model.safetensors")),
  };
}

/** Two texts, the second shorter by three tokens and padded at its start: columns `start` to `end`. */
function columnsOf(start: number, end: number): TokenBatch {
  const columns = end - start;
  const at = Array.from({ length: 2 * columns }, (_, i) => [Math.floor(i / columns), start + (i % columns)]);
  return {
    ids: Int32Array.from(at, ([row, column]) => (row === 1 && column < 3 ? 0 : 4 + ((column * 7 + row) % 20))),
    attentionMask: Int32Array.from(at, ([row, column]) => (row === 1 && column < 3 ? 0 : 1)),
    rows: 2,
    columns,
  };
}

test.each(names)("%s says the same token by token as at once, beyond the places of the first buffers", async (name) => {
  const decoder = await loadDecoder(files(name, 400), { threads: 1 });
  const total = 300;
  const run = decoder.start();
  let logits = await run.next(columnsOf(0, 10));
  for (let column = 10; column < 20; column += 1) logits = await run.next(columnsOf(column, column + 1));
  logits = await run.next(columnsOf(20, 200));
  for (let column = 200; column < total; column += 1) logits = await run.next(columnsOf(column, column + 1));
  const whole = await decoder.start().next(columnsOf(0, total));
  expect(difference(logits, whole)).toBeLessThan(2e-5);
  await decoder.dispose();
});

test("other rows than before and more tokens than positions are refused", async () => {
  const decoder = await loadDecoder(files("llama-next", 12), { threads: 1 });
  const run = decoder.start();
  await run.next(columnsOf(0, 10));
  await expect(run.next({ ...columnsOf(10, 12), rows: 1, columns: 4 })).rejects.toThrow(
    "These are 1 texts, 2 were begun. Start a new run for others.",
  );
  await expect(run.next(columnsOf(10, 13))).rejects.toThrow(
    "A text and its continuation have 13 tokens, the model has positions for 12.",
  );
  expect(await run.next(columnsOf(10, 12))).toHaveLength(2 * decoder.config.vocabularySize);
  await decoder.dispose();
});

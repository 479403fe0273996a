import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Continuation, loadCausalLanguageModel } from "../index.ts";
import { candidates, checkedSampling, draw, penalise, type SamplingOptions } from "./next-token.ts";
import { TextStream } from "./text-stream.ts";

interface Greedy {
  prompts: string[];
  prompt: string;
  penalty: number;
  ids: number[];
  text: string;
}
interface Golden {
  greedy: Greedy[];
  sampled: {
    prompt: number[];
    logits: number[];
    cases: { settings: SamplingOptions; ids: number[]; probabilities: number[] }[];
  };
  next: { prompt: string; ids: number[]; probabilities: number[] };
}
const fixtures = join(import.meta.dirname, "../../../test/golden/tasks");
const folder = join(fixtures, "language-model");
const { generation } = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as { generation: Golden };
const prompt = "Once upon a time there";

test("greedy texts are those of transformers, token for token, alone and side by side", async () => {
  const model = await loadCausalLanguageModel(folder);
  for (const { prompts, prompt: own, penalty, ids, text } of generation.greedy) {
    const found = await model.generate(prompts, { maxNewTokens: 40, repetitionPenalty: penalty });
    const { ids: foundIds, text: foundText } = found[prompts.indexOf(own)];
    expect([...foundIds]).toEqual(ids);
    expect(foundText).toBe(text);
  }
  await model.dispose();
});

test("the probabilities after temperature, top-k, top-p and penalty are those of transformers", () => {
  const { prompt: seen, logits, cases } = generation.sampled;
  for (const { settings, ids, probabilities } of cases) {
    const sampling = checkedSampling(settings);
    const own = Float32Array.from(logits);
    penalise(own, seen, sampling.repetitionPenalty);
    const found = candidates(own, sampling);
    const byId = new Map(Array.from(found.ids, (id, i) => [id, found.probabilities[i]]));
    expect([...byId.keys()].toSorted((a, b) => a - b)).toEqual(ids);
    for (const [i, id] of ids.entries()) expect(byId.get(id)).toBeCloseTo(probabilities[i], 6);
  }
});

test("the next tokens of a text are those of transformers, with their probabilities", async () => {
  const model = await loadCausalLanguageModel(folder);
  const { prompt: text, ids, probabilities } = generation.next;
  const found = await model.nextTokens(text);
  expect(found.map(({ id }) => id)).toEqual(ids);
  for (const [i, probability] of probabilities.entries()) expect(found[i].probability).toBeCloseTo(probability, 6);
  await model.dispose();
});

test("a draw falls on a token as often as its probability says", () => {
  const choice = { ids: Int32Array.of(7, 8, 9), probabilities: Float64Array.of(0.5, 0.25, 0.25) };
  expect([0, 0.49, 0.5, 0.74, 0.75, 0.999].map((random) => draw(choice, random))).toEqual([7, 7, 8, 8, 9, 9]);
});

test("the same seed gives the same text, another seed another, and a text does not depend on its neighbours", async () => {
  const model = await loadCausalLanguageModel(folder);
  const options = { temperature: 1.2, topK: 50, maxNewTokens: 30 };
  const one = await model.generate(prompt, { ...options, seed: 1 });
  expect(await model.generate(prompt, { ...options, seed: 1 })).toEqual(one);
  expect((await model.generate(prompt, { ...options, seed: 2 })).text).not.toBe(one.text);
  const [, beside] = await model.generate(["the", prompt, "a longer text that stands beside it"], {
    ...options,
    seed: 1,
  });
  expect(beside).toEqual(one);
  await model.dispose();
});

test("a stream gives the text piece by piece, and can be left", async () => {
  const model = await loadCausalLanguageModel(folder);
  const { text } = await model.generate(prompt, { maxNewTokens: 40 });
  const pieces: string[] = [];
  for await (const piece of model.stream(prompt, { maxNewTokens: 40 })) pieces.push(piece);
  expect(pieces.join("")).toBe(text);
  expect(pieces.length).toBeGreaterThan(10);
  const tokens: number[] = [];
  for await (const _ of model.stream(prompt, { onToken: ({ id }) => tokens.push(id) })) if (tokens.length > 4) break;
  expect(tokens.length).toBeLessThan(30);
  await model.dispose();
});

test("a stop text ends the text before it, at the model's end it ends, and at its length", async () => {
  const model = await loadCausalLanguageModel(folder);
  const whole = await model.generate(prompt, { maxNewTokens: 30 });
  expect(whole).toMatchObject({ finish: "length" });
  expect(whole.ids).toHaveLength(30);
  const stop = whole.text.slice(8, 11);
  const stopped = await model.generate(prompt, { maxNewTokens: 30, stop: ["never in it", stop] });
  expect(stopped).toMatchObject({ finish: "stop", text: whole.text.slice(0, whole.text.indexOf(stop)) });
  const generationConfig = new TextEncoder().encode(JSON.stringify({ eos_token_id: [1, whole.ids[4]] }));
  const names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  const ending = await loadCausalLanguageModel({ ...files, "generation_config.json": generationConfig });
  const ended: Continuation = await ending.generate(prompt, { maxNewTokens: 30 });
  expect(ended).toMatchObject({ finish: "end" });
  expect([...ended.ids]).toEqual([...whole.ids.subarray(0, whole.ids.indexOf(whole.ids[4]) + 1)]);
  await ending.dispose();
  await model.dispose();
});

test("a text ends where the model's positions end, and one that is too long is refused", async () => {
  const model = await loadCausalLanguageModel(folder);
  const long = "a".repeat(118);
  expect((await model.generate(long, { maxNewTokens: 1000 })).ids).toHaveLength(3);
  await expect(model.generate("a".repeat(121))).rejects.toThrow("The prompt has 121 tokens, the model takes 120.");
  await expect(model.generate("")).rejects.toThrow("The prompt has no tokens");
  await model.dispose();
  await expect(model.generate(prompt)).rejects.toMatchObject({ code: "disposed" });
});

test("an aborted signal ends generation with its reason", async () => {
  const model = await loadCausalLanguageModel(folder);
  const controller = new AbortController();
  const reason = new Error("enough");
  const onToken = () => controller.abort(reason);
  await expect(model.generate(prompt, { signal: controller.signal, onToken })).rejects.toBe(reason);
  await model.dispose();
});

test.each([
  [{ temperature: -1 }, "temperature must be a number from 0 to 1000000, got -1."],
  [{ topK: 0 }, "topK must be a whole number of at least 1, got 0."],
  [{ topP: 1.5 }, "topP must be a number from 0 to 1, got 1.5."],
  [{ repetitionPenalty: 0 }, "repetitionPenalty must be a number above 0, got 0."],
  [{ maxNewTokens: 0 }, "maxNewTokens must be a whole number of at least 1, got 0."],
  [{ stop: "" }, "A stop text must not be empty."],
  [{ seed: 0.5 }, "seed must be a whole number"],
])("%j is refused", async (options, message) => {
  const model = await loadCausalLanguageModel(folder);
  await expect(model.generate(prompt, options)).rejects.toThrow(message);
  await model.dispose();
});

test("text is given only when no later token can change it", () => {
  const bytes = new TextEncoder().encode("größe 🐟!");
  const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids));
  const stream = new TextStream(decode, []);
  const pieces = Array.from(bytes, (byte) => stream.add(byte));
  expect(pieces.filter((piece) => piece !== "")).toEqual(["g", "r", "ö", "ß", "e", " ", "🐟", "!"]);
  expect(stream.end()).toBe("");
  const stopping = new TextStream(decode, ["e!", "ß?"]);
  expect(Array.from(bytes.subarray(0, 7), (byte) => stopping.add(byte)).join("")).toBe("größ");
  expect(stopping.add(32)).toBe("e ");
  expect(stopping.add(101) + stopping.add(33)).toBe("");
  expect(stopping).toMatchObject({ stopped: true, text: "größe " });
});

import { expect, test } from "vitest";
import { floatsOfBase64 } from "../../test/base64.ts";
import {
  batchOf,
  checkpointFolder,
  difference,
  type GoldenCheckpoint,
  readGolden,
  tokenDifference,
} from "../../test/golden-checkpoint.ts";
import { openFolder } from "../hub/folder.ts";
import { GraphBuilder } from "./graph.ts";
import { maskBias } from "./layers.ts";
import { loadTransformer, openGraph } from "./load.ts";
import type { SessionTensor } from "./session.ts";

/** What test/golden/decoders.py writes besides: the vectors of the last two tokens of a text of 300. */
interface Golden extends GoldenCheckpoint {
  causal: boolean;
  long: { ids: number[]; last: string };
}

const cases = readGolden<Golden>("decoders");
const folderOf = (name: string) => checkpointFolder("decoders", name);

test.each(cases)(
  "$name gives the vectors of the reference at the end of a long text, fused and not",
  async ({ name, long }) => {
    for (const fuse of [true, false]) {
      const transformer = await loadTransformer(folderOf(name), { fuse, threads: 1, outputs: { states: ["hidden"] } });
      const ids = Int32Array.from(long.ids);
      const batch = { ids, attentionMask: ids.map(() => 1), rows: 1, columns: ids.length };
      const { data, dimensions } = await transformer.run(batch);
      expect(difference(data.slice(-2 * dimensions), floatsOfBase64(long.last))).toBeLessThan(2e-5);
      await transformer.dispose();
    }
  },
);

/** Opens a decoder whose graph takes keys and values of earlier calls and gives those with its own. */
async function openWithPast(name: string) {
  return openGraph(
    await openFolder(folderOf(name)),
    ({ architecture, config, weights }) => {
      const g = new GraphBuilder(weights);
      const ids = g.input("ids", "int32", ["rows", "columns"]);
      const attentionMask = g.input("mask", "int32", ["rows", "all"]);
      const shape = ["rows", config.keyValueHeads, "past", config.headSize];
      const past = Array.from({ length: config.layers }, (_, i) => ({
        key: g.input(`past.${i}.key`, "float32", shape),
        value: g.input(`past.${i}.value`, "float32", shape),
      }));
      const inputs = { ids, typeIds: ids, attentionMask, maskBias: maskBias(g, attentionMask), past };
      const { hidden, present = [] } = architecture.build(g, inputs, config);
      g.output("hidden", hidden, ["rows", "columns", config.hiddenSize]);
      for (const [i, { key, value }] of present.entries()) {
        g.output(`past.${i}.key.next`, key, ["rows", config.keyValueHeads, "columns", config.headSize]);
        g.output(`past.${i}.value.next`, value, ["rows", config.keyValueHeads, "columns", config.headSize]);
      }
      return g.graph();
    },
    { threads: 1 },
  );
}

/** Columns `start` to `end` of a matrix of `rows`. */
function columnsOf(values: readonly number[], rows: number, [start, end]: readonly [number, number]): SessionTensor {
  const columns = values.length / rows;
  const data = Array.from({ length: rows }, (_, row) => values.slice(row * columns + start, row * columns + end));
  return { type: "int32", shape: [rows, end - start], data: Int32Array.from(data.flat()) };
}

/** Keys or values [B, N, P, D] of earlier calls with those of this one, [B, N, S, D], behind them. */
function behind(past: SessionTensor, own: SessionTensor): SessionTensor {
  const [rows, heads, seen, size] = past.shape;
  const columns = own.shape[2];
  const data = new Float32Array(rows * heads * (seen + columns) * size);
  for (let i = 0; i < rows * heads; i++) {
    const start = i * (seen + columns) * size;
    data.set((past.data as Float32Array).subarray(i * seen * size, (i + 1) * seen * size), start);
    data.set((own.data as Float32Array).subarray(i * columns * size, (i + 1) * columns * size), start + seen * size);
  }
  return { type: "float32", shape: [rows, heads, seen + columns, size], data };
}

test.each(cases.filter(({ causal }) => causal))(
  "$name token by token with its past gives what the whole text gives",
  async (golden) => {
    const { session, config } = await openWithPast(golden.name);
    const { hiddenSize, keyValueHeads, headSize } = config;
    const { rows, columns, ids, mask } = golden;
    const names = session.outputs.map(({ name }) => name);
    const empty = { type: "float32", data: new Float32Array(), shape: [rows, keyValueHeads, 0, headSize] };
    let past: Record<string, SessionTensor> = Object.fromEntries(
      names.slice(1).map((name) => [name.replace(".next", ""), empty]),
    );
    const whole = new Float32Array(rows * columns * hiddenSize);
    // The first call takes several columns, the others one each.
    const steps = Array.from({ length: columns - 9 }, (_, i) => [i === 0 ? 0 : 9 + i, 10 + i] as const);
    for (const [start, end] of steps) {
      const feeds = { ids: columnsOf(ids, rows, [start, end]), mask: columnsOf(mask, rows, [0, end]) };
      const got = await session.run({ ...feeds, ...past }, names);
      past = Object.fromEntries(
        names.slice(1).map((name) => {
          const own = name.replace(".next", "");
          return [own, behind(past[own], got[name])];
        }),
      );
      const width = (end - start) * hiddenSize;
      for (let row = 0; row < rows; row++) {
        const states = (got["hidden"].data as Float32Array).subarray(row * width, (row + 1) * width);
        whole.set(states, (row * columns + start) * hiddenSize);
      }
    }
    expect(tokenDifference(golden, whole, golden.hidden)).toBeLessThan(2e-5);
    await session.dispose();
  },
);

test("rows padded at the start have the last token's vector where padding at the end has it", async () => {
  const golden = cases.find(({ name }) => name === "qwen3")!;
  const transformer = await loadTransformer(folderOf("qwen3"), { threads: 1 });
  const { columns } = golden;
  const batch = batchOf(golden);
  const { data, dimensions } = await transformer.run(batch);
  // The fixture's third row begins with padding: the same tokens at the start of a row.
  const tokens = golden.ids.slice(2 * columns, 3 * columns).filter((_, i) => golden.mask[2 * columns + i] === 1);
  const ids = Int32Array.from({ length: columns }, (_, i) => tokens[i] ?? 1);
  const attentionMask = ids.map((_, i) => (i < tokens.length ? 1 : 0));
  const moved = await transformer.run({ ids, attentionMask, rows: 1, columns });
  const last = moved.data.slice((tokens.length - 1) * dimensions, tokens.length * dimensions);
  expect(difference(data.slice((3 * columns - 1) * dimensions, 3 * columns * dimensions), last)).toBeLessThan(2e-5);
  await transformer.dispose();
});

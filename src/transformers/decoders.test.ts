import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { floatsOfBase64 } from "../../test/base64.ts";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../formats/index.ts";
import { openFolder } from "../hub/folder.ts";
import { GraphBuilder } from "./graph.ts";
import { maskBias } from "./layers.ts";
import { loadTransformer, openGraph, type TransformerOptions } from "./load.ts";
import type { SessionTensor } from "./session.ts";
import type { TokenBatch } from "./transformer.ts";

/** What test/golden/decoders.py writes: values of real tokens, row by row, as float32 in base64. */
interface Golden {
  name: string;
  causal: boolean;
  ids: number[];
  mask: number[];
  types?: number[];
  rows: number;
  columns: number;
  hidden: string;
  layer: string;
  attention: string;
  long: { ids: number[]; last: string };
}

const fixtures = join(import.meta.dirname, "../../test/golden/decoders");
const cases = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as Golden[];

const batchOf = ({ ids, mask, types, rows, columns }: Golden): TokenBatch => ({
  ids: Int32Array.from(ids),
  attentionMask: Int32Array.from(mask),
  typeIds: types && Int32Array.from(types),
  rows,
  columns,
});

/** The vectors of the tokens at these places of a row-major matrix. */
function vectorsAt(data: Float32Array, width: number, at: readonly number[]): Float32Array {
  const vectors = new Float32Array(at.length * width);
  for (const [i, place] of at.entries()) vectors.set(data.subarray(place * width, (place + 1) * width), i * width);
  return vectors;
}

const tokens = ({ mask }: { mask: readonly number[] }) => mask.flatMap((value, i) => (value ? [i] : []));

/** Largest difference, as a part of the largest value expected. */
function difference(got: Float32Array, expected: Float32Array): number {
  expect(got.length).toBe(expected.length);
  let largest = 0;
  let scale = 0;
  for (let i = 0; i < got.length; i++) {
    if (Number.isNaN(got[i])) return Infinity;
    largest = Math.max(largest, Math.abs(got[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return largest / scale;
}

const outputs: TransformerOptions["outputs"] = { states: ["hidden"], layers: [1], attentions: [1] };

test.each(cases)("$name gives the states and the attention of the reference, fused and not", async (golden) => {
  for (const fuse of [true, false]) {
    const transformer = await loadTransformer(join(fixtures, golden.name), { fuse, threads: 1, outputs });
    const { dimensions } = transformer;
    const names = ["last_hidden_state", "hidden_states.1", "attentions.1"];
    const got = await transformer.fetch(batchOf(golden), names);
    const [hidden, layer, attention] = names.map((name) => got[name]);
    expect(difference(vectorsAt(hidden.data, dimensions, tokens(golden)), floatsOfBase64(golden.hidden))).toBeLessThan(
      2e-5,
    );
    expect(difference(vectorsAt(layer.data, dimensions, tokens(golden)), floatsOfBase64(golden.layer))).toBeLessThan(
      2e-5,
    );
    const lastRows = Array.from({ length: golden.rows }, (_, row) => {
      const last = golden.mask.lastIndexOf(1, (row + 1) * golden.columns - 1) % golden.columns;
      return Array.from(
        { length: attention.shape[1] },
        (_head, head) => (row * attention.shape[1] + head) * golden.columns + last,
      );
    });
    expect(
      difference(vectorsAt(attention.data, golden.columns, lastRows.flat()), floatsOfBase64(golden.attention)),
    ).toBeLessThan(2e-5);
    await transformer.dispose();
  }
});

test.each(cases)(
  "$name gives the vectors of the reference at the end of a long text, fused and not",
  async ({ name, long }) => {
    for (const fuse of [true, false]) {
      const transformer = await loadTransformer(join(fixtures, name), {
        fuse,
        threads: 1,
        outputs: { states: ["hidden"] },
      });
      const columns = long.ids.length;
      const ids = Int32Array.from(long.ids);
      const { data, dimensions } = await transformer.run({ ids, attentionMask: ids.map(() => 1), rows: 1, columns });
      expect(difference(data.slice(-2 * dimensions), floatsOfBase64(long.last))).toBeLessThan(2e-5);
      await transformer.dispose();
    }
  },
);

test.each(cases)("every kind of tensor of $name matters: zeroed, it changes the vectors", async (golden) => {
  const folder = await openFolder(join(fixtures, golden.name));
  const config = await folder.read("config.json");
  const file = await openSafetensors(folder, "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [name, { dtype, shape }] of file.tensors)
    tensors[name] = { dtype, shape, data: await file.readBytes(name) };
  const unmoved: string[] = [];
  // One of a kind: what the first block has too is left out in later blocks.
  const kinds = Object.keys(tensors).filter(
    (name) => !tensors[name.replace(/\.[12]\./, ".0.")] || !/\.[12]\./.test(name),
  );
  for (const kind of kinds) {
    const zeroed = { ...tensors, [kind]: { ...tensors[kind], data: new Uint8Array(tensors[kind].data.byteLength) } };
    const files = { "config.json": config, "model.safetensors": writeSafetensors(zeroed) };
    const transformer = await loadTransformer(files, { threads: 1, outputs: { states: ["hidden"] } });
    const { data, dimensions } = await transformer.run(batchOf(golden));
    if (difference(vectorsAt(data, dimensions, tokens(golden)), floatsOfBase64(golden.hidden)) < 1e-4)
      unmoved.push(kind);
    await transformer.dispose();
  }
  // A key's bias adds the same to all scores of a query; softmax does not see it.
  expect(unmoved.filter((kind) => !/(k_proj|key|layer_norm_k)\.bias$/.test(kind))).toEqual([]);
});

/** Opens a decoder whose graph takes keys and values of earlier calls and gives those with its own. */
async function openWithPast(name: string) {
  const folder = await openFolder(join(fixtures, name));
  return openGraph(
    folder,
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
        g.output(`past.${i}.key.next`, key, ["rows", config.keyValueHeads, "all", config.headSize]);
        g.output(`past.${i}.value.next`, value, ["rows", config.keyValueHeads, "all", config.headSize]);
      }
      return g.graph();
    },
    { threads: 1 },
  );
}

test.each(cases.filter(({ causal }) => causal))(
  "$name token by token with its past gives what the whole text gives",
  async (golden) => {
    const { session, config } = await openWithPast(golden.name);
    const { rows, columns, hidden } = golden;
    const names = session.outputs.map(({ name }) => name);
    let past: Record<string, SessionTensor> = Object.fromEntries(
      names
        .slice(1)
        .map((name) => [
          name.replace(".next", ""),
          { type: "float32", data: new Float32Array(), shape: [rows, config.keyValueHeads, 0, config.headSize] },
        ]),
    );
    const whole = new Float32Array(rows * columns * config.hiddenSize);
    // The first call takes several columns, the others one each.
    const steps = [[0, 10], ...Array.from({ length: columns - 10 }, (_, i) => [10 + i, 11 + i])];
    const cut = (values: readonly number[], start: number, end: number): SessionTensor => ({
      type: "int32",
      shape: [rows, end - start],
      data: Int32Array.from(
        { length: rows * (end - start) },
        (_, i) => values[Math.floor(i / (end - start)) * columns + start + (i % (end - start))],
      ),
    });
    for (const [start, end] of steps) {
      const got = await session.run(
        { ids: cut(golden.ids, start, end), mask: cut(golden.mask, 0, end), ...past },
        names,
      );
      past = Object.fromEntries(names.slice(1).map((name) => [name.replace(".next", ""), got[name]]));
      const width = (end - start) * config.hiddenSize;
      for (let row = 0; row < rows; row++) {
        const states = (got["hidden"].data as Float32Array).subarray(row * width, (row + 1) * width);
        whole.set(states, (row * columns + start) * config.hiddenSize);
      }
    }
    expect(difference(vectorsAt(whole, config.hiddenSize, tokens(golden)), floatsOfBase64(hidden))).toBeLessThan(2e-5);
    await session.dispose();
  },
);

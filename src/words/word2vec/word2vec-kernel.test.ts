import { expect, test } from "vitest";
import { type ReferenceModel, trainReferenceBlock } from "../../../test/word2vec-reference.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { word2VecCode } from "../../kernels/word2vec-code.ts";
import { aliasTable, keepThresholds } from "../corpus/sampling.ts";
import { huffmanCodes } from "./huffman.ts";
import { copyRows, fillWord2VecMemory, putRows, readLoss, word2VecLayout } from "./word2vec-memory.ts";

const words = 40;
const counts = Float64Array.from({ length: words }, (_, i) => Math.ceil(1000 / (i + 1)));
let state = 3;
const draw = (limit: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return (state >>> 16) % limit;
};
/** Sentences of 1 to 12 words, with repeated neighbours. */
const ids = Array.from({ length: 120 }, () => [
  ...Array.from({ length: 1 + draw(12) }, () => (draw(4) === 0 ? 0 : draw(words))),
  -1,
]).flat();

interface Kind {
  title: string;
  negative?: number;
  tree?: boolean;
  cbow?: boolean;
  divide?: boolean;
  dimensions?: number;
}

const kinds: Kind[] = [
  { title: "skip-gram with five negatives" },
  { title: "skip-gram with 14 negatives, more than a group holds" },
  { title: "skip-gram in 7 dimensions, no whole vector register", dimensions: 7 },
  { title: "skip-gram with a Huffman tree", negative: 0, tree: true },
  { title: "a tree and negatives", tree: true },
  { title: "CBOW with the mean's gradient", cbow: true, divide: true },
  { title: "CBOW with three negatives", negative: 3, cbow: true },
  { title: "CBOW with 14 negatives", negative: 14, cbow: true, divide: true },
  { title: "CBOW with a tree alone", negative: 0, cbow: true, tree: true },
  { title: "CBOW with word2vec.c's gradient, a tree and negatives", cbow: true, tree: true },
];
kinds[1].negative = 14;

test.each(kinds)(
  "$title: the kernel does what the plain code does",
  async ({ negative = 5, tree = false, cbow = false, divide = false, dimensions = 20 }) => {
    const codes = tree ? huffmanCodes(counts) : undefined;
    const longestCode = codes ? Math.max(...counts.map((_, i) => codes.starts[i + 1] - codes.starts[i])) : 0;
    const tables = { keep: keepThresholds(counts, 1e-2), alias: aliasTable(counts, 0.75), codes, cbow, divide };
    const shape = {
      words,
      dimensions,
      window: 4,
      negative,
      longestCode,
      codeSteps: codes?.steps.length ?? 0,
      lanes: 1,
      replicas: false,
    };
    const layout = word2VecLayout(shape);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / 65_536) });
    fillWord2VecMemory(memory, { shape, layout, tables });
    const matrices = 1 + Number(negative > 0) + Number(tree);
    const start = Float32Array.from({ length: words * dimensions }, () => (draw(2000) - 1000) / 2000);
    for (let m = 0; m < matrices; m += 1)
      putRows(memory, layout.matrices + m * words * layout.rowBytes, { data: start, dimensions });
    const [lane] = layout.lanes;
    new Int32Array(memory.buffer, lane.ids).set(ids);
    const kernel = await instantiateKernel<{ trainBlock(...places: number[]): void }>(word2VecCode, memory);
    kernel.trainBlock(lane.parameters, lane.ids, ids.length, 0.05, 12345, 678);

    const wide = (): Float64Array => Float64Array.from(start);
    const model: ReferenceModel = {
      dimensions,
      window: 4,
      negative,
      ...tables,
      input: wide(),
      output: wide(),
      tree: wide(),
    };
    const expected = trainReferenceBlock(model, ids, { rate: 0.05, low: 12345, high: 678 });
    const got = readLoss(memory, lane.parameters);
    expect(got.losses).toBe(expected.losses);
    expect(got.losses).toBeGreaterThan(100);
    expect(got.loss / expected.loss).toBeCloseTo(1, 5);
    const sides = [model.input, ...(negative > 0 ? [model.output] : []), ...(tree ? [model.tree] : [])];
    for (const [m, side] of sides.entries()) {
      const rows = copyRows(memory, layout.matrices + m * words * layout.rowBytes, { rows: words, dimensions });
      const furthest = rows.reduce((most, value, i) => Math.max(most, Math.abs(value - side[i])), 0);
      expect(furthest).toBeLessThan(2e-5);
      expect(rows).not.toEqual(start);
    }
  },
);

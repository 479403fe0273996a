/** Unit vectors of the labelled texts by the shipped model and by MiniLM, in bench/work for the benches of the uses; MiniLM's are made once. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Matrix } from "../src/matrix/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { need } from "./harness.ts";
import { type LabelledSet, labelledFiles } from "./labelled-texts.ts";

export const benchModels = ["shipped", "MiniLM"] as const;
export type BenchModel = (typeof benchModels)[number];
const dimensions: Readonly<Record<BenchModel, number>> = { shipped: 256, MiniLM: 384 };

export interface LabelledVectors {
  texts: string[];
  labels: string[];
  vectors: Matrix;
  /** The vectors as a file of float32 values, row after row. */
  file: string;
}

const folder = join(import.meta.dirname, "work/vectors");

const fileOf = (set: LabelledSet, part: "train" | "test", model: BenchModel): string =>
  join(folder, `${set.replaceAll(" ", "-")}.${part}.${model}.f32`);

/** Whether MiniLM's vectors of both parts were made. */
export function hasVectors(set: LabelledSet): boolean {
  return existsSync(fileOf(set, "train", "MiniLM")) && existsSync(fileOf(set, "test", "MiniLM"));
}

export async function labelledVectors(
  set: LabelledSet,
  part: "train" | "test",
  model: BenchModel,
): Promise<LabelledVectors> {
  const lines = readFileSync(labelledFiles(set)[part], "utf8").trimEnd().split("\n");
  const labels = lines.map((line) => line.slice("__label__".length, line.indexOf(" ")));
  const texts = lines.map((line) => line.slice(line.indexOf(" ") + 1));
  const file = fileOf(set, part, model);
  // The shipped model takes a second, and may be another than the last time.
  if (model === "shipped" || !existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const { data } = await encoded(texts, model, set);
    writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const bytes = readFileSync(file);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  // A file of the first texts only, where there was no time for all, is taken for what it is.
  const columns = dimensions[model];
  const rows = data.length / columns;
  return { texts: texts.slice(0, rows), labels: labels.slice(0, rows), vectors: new Matrix(data, rows, columns), file };
}

async function encoded(texts: string[], model: BenchModel, set: LabelledSet): Promise<Matrix> {
  const source = join(homedir(), ".cache/semspace/models/all-MiniLM-L6-v2");
  if (model === "MiniLM") need(source, "MiniLM (npm run models)");
  // Half of what the model reads at most, for the posts are long; both sides get the same vectors.
  const maxLength = set === "20 Newsgroups" ? { maxLength: 128 } : {};
  const embedder = await (model === "MiniLM" ? loadEmbedder(source, maxLength) : loadEmbedder());
  try {
    return await embedder.encode(texts, { normalize: true });
  } finally {
    await embedder.dispose();
  }
}

/** What a single file is, for `semspace info FILE`: word vectors, a fastText model, a tokenizer, tensors; and what to do with it. */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { SemspaceError } from "../errors.ts";
import { openSafetensors, type SafetensorsFile } from "../formats/index.ts";
import { openFolder } from "../hub/folder.ts";

export interface FileReport {
  name: string;
  usable: boolean;
  /** "word vectors", "classifier", "training", "tokenizer", "tensors". */
  kind?: string;
  /** One of those that `words convert` reads. */
  format?: string;
  words?: number;
  labels?: number;
  dimensions?: number;
  vocabulary?: number;
  tensors?: number;
  /** Numbers in all tensors. */
  parameters?: number;
  /** Epochs that are done, and how many there will be. */
  epochs?: readonly [number, number];
  problem?: string;
  /** What to do with the file. */
  hint?: string;
}

/** Bytes by which files are told apart. */
const HEAD = 16;

/** Reads the file as what it begins as. A file that is nothing of use has a `problem`. */
export async function describeFile(path: string): Promise<FileReport> {
  const name = path;
  try {
    const head = await firstBytes(path);
    const known = begins(head);
    if (known) return { name, usable: false, ...known };
    if (head[8] === 0x7b && head[6] === 0 && head[7] === 0) return { name, usable: true, ...(await tensors(path)) };
    if (/^(\uFEFF)?\s*\{/.test(new TextDecoder().decode(head))) return { name, ...(await tokenizer(path)) };
    return { name, usable: true, ...(await words(path)) };
  } catch (error) {
    if (!(error instanceof SemspaceError)) throw error;
    return { name, usable: false, problem: error.message };
  }
}

/** The report as one line. */
export function fileLine(report: FileReport): string {
  const { words: count, labels, dimensions, vocabulary, epochs, parameters } = report;
  const number = (value: number) => value.toLocaleString("en");
  const facts = [
    report.kind && `${report.kind}${report.format ? ` (${report.format})` : ""}`,
    epochs && `${epochs[0]} of ${epochs[1]} epochs`,
    vocabulary !== undefined && `${number(vocabulary)} tokens`,
    report.tensors !== undefined && `${number(report.tensors)} tensors with ${number(parameters ?? 0)} numbers`,
    labels !== undefined && `${number(labels)} labels`,
    count !== undefined &&
      `${number(count)} words${dimensions === undefined ? "" : ` of ${number(dimensions)} dimensions`}`,
  ].filter((fact) => fact !== undefined && fact !== false);
  const text = [facts.join(", "), report.problem?.replace(/\.$/, "")].filter(Boolean).join(": ");
  return `${text}.${report.hint ? ` ${report.hint}` : ""}`;
}

function begins(head: Uint8Array): Pick<FileReport, "kind" | "problem"> | undefined {
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("GGUF"))
    return { kind: "GGUF", problem: "it is not read. Use the model's folder with model.safetensors." };
  if (text.startsWith("PK\u0003\u0004"))
    return {
      kind: "zip archive (perhaps PyTorch's)",
      problem: "it is part of a model at best. Pass the model's folder.",
    };
  return undefined;
}

/** A file of tensors: a training of this package, its word vectors, or a part of a model. */
async function tensors(path: string): Promise<Omit<FileReport, "name" | "usable">> {
  const file = await openSafetensors(await openFolder(dirnameOf(path)), basename(path));
  const format = file.metadata.get("format") ?? "";
  const method = /^semspace-(\w+)$/.exec(format)?.[1];
  if (method) return training(file, method);
  if (format.startsWith("semspace word vectors")) return words(path);
  const all = [...file.tensors.values()];
  const parameters = all.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const hint = "It is part of a model: semspace info takes the model's folder.";
  return { kind: "safetensors", tensors: all.length, parameters, hint };
}

function training(file: SafetensorsFile, method: string): Omit<FileReport, "name" | "usable"> {
  const object = (key: string) => JSON.parse(file.metadata.get(key) ?? "{}") as Record<string, unknown>;
  const [settings, progress] = [object("settings"), object("progress")];
  const command = object("settings")["kind"] === "supervised" ? "classify train" : `train ${method}`;
  const hint = `Go on: semspace words ${command} with --checkpoint FILE --resume, or on another text with --continue FILE.`;
  return {
    kind: `${method} training`,
    dimensions: Number(settings["dimensions"]),
    epochs: [Number(progress["epochs"]), Number(settings["epochs"])],
    hint,
  };
}

async function words(path: string): Promise<Omit<FileReport, "name" | "usable">> {
  const { detectFormat } = await import("../words/formats/load.ts");
  const { openVectorFile } = await import("../words/formats/vector-file.ts");
  const format = await detectFormat(openVectorFile(path));
  const { loadFastText, loadWordVectors } = await import("../words/index.ts");
  if (format === "fasttext") {
    const { settings, labels, words: all, dimensions } = await loadFastText(path);
    const size = { format: "fastText", words: all.length, dimensions };
    if (settings.kind !== "supervised")
      return { kind: "word vectors with n-grams", ...size, hint: `Ask it: semspace words neighbors ${path} WORD.` };
    const hint = `Use it: semspace words classify predict ${path} TEXTS.`;
    return { kind: "classifier", labels: labels.length, ...size, hint };
  }
  const { size, dimensions } = await loadWordVectors(path);
  if (format === "text" && dimensions === 1)
    return { kind: "vocabulary", words: size, hint: `Train with it: semspace words train … --vocabulary ${path}.` };
  const hint = `Ask it: semspace words neighbors ${path} WORD.`;
  return { kind: "word vectors", format, words: size, dimensions, hint };
}

async function tokenizer(path: string): Promise<Omit<FileReport, "name">> {
  const { loadTokenizer } = await import("../tokenizers/index.ts");
  const folder = await openFolder(dirnameOf(path));
  const read = loadTokenizer({ "tokenizer.json": await folder.read(basename(path)) });
  const loaded = await read.catch((error: unknown) => {
    if (error instanceof SemspaceError) return error;
    throw error;
  });
  if (loaded instanceof Error)
    return { usable: false, kind: "JSON, no tokenizer that can be used", problem: loaded.message };
  const { json, vocabularySize } = loaded;
  const type = json.model.type ?? "unknown model";
  const hint = "semspace tokenize takes the folder it lies in: --model FOLDER.";
  return { usable: true, kind: `tokenizer (${type})`, vocabulary: vocabularySize, hint };
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(HEAD);
    const { bytesRead } = await file.read(bytes, 0, HEAD, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** "." for a bare name, so that it is a folder for certain. */
function dirnameOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end < 0 ? "." : path.slice(0, end) || "/";
}

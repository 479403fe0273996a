/**
 * A short name for what a model's folder holds, so that vectors of one model are never taken for those of another.
 * Small files count whole, large ones by their size and three stretches: weights that were trained again differ everywhere.
 */
import { openFolder, readJsonIfPresent, type ModelFolder, type ModelSource } from "../hub/folder.ts";
import { contentName } from "./content-key.ts";

const FILES = [
  ...["config.json", "config_sentence_transformers.json", "sentence_bert_config.json", "tokenizer.json", "vocab.txt"],
  ...[
    "tokenizer_config.json",
    "model.safetensors",
    "pytorch_model.bin",
    "onnx/model.onnx",
    "model.onnx",
    "word-vectors",
  ],
];
const STRETCH = 1 << 16;

/** The fingerprint of a model: the same for the same files wherever they lie. Throws `missing-file` when there is no such folder. */
export async function modelFingerprint(source: ModelSource): Promise<string> {
  const folder = await openFolder(source);
  const modules = (await readJsonIfPresent<unknown>(folder, "modules.json").catch(() => undefined)) ?? [];
  const paths = Array.isArray(modules)
    ? modules.map(({ path }: { path?: unknown }) => (typeof path === "string" ? path : ""))
    : [];
  const parts: string[] = [JSON.stringify(modules)];
  for (const path of new Set(["", ...paths])) {
    for (const file of FILES) parts.push(await fileKey(folder, path === "" ? file : `${path}/${file}`));
  }
  return contentName(parts.join("\n"));
}

async function fileKey(folder: ModelFolder, path: string): Promise<string> {
  const size = await folder.size(path);
  if (size === undefined) return "";
  const length = Math.min(STRETCH, size);
  const offsets = size <= STRETCH ? [0] : [0, (size - length) >> 1, size - length];
  const keys = offsets.map(async (offset) => contentName(latin1(await folder.read(path, { offset, length }))));
  return `${path} ${size} ${(await Promise.all(keys)).join(" ")}`;
}

/** One character a byte, so that bytes can be hashed as a text. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** A tagger as one small safetensors file: weights of labels and of steps between them; labels and the model's name in the header. */
import { readBytes, writeBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import type { SafetensorsFile } from "../../formats/safetensors.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { openTensors } from "../trained-file.ts";
import { allowedSteps } from "./bio.ts";
import { Tagger } from "./tagger.ts";
import type { TokenEncoder } from "./units.ts";

const FORMAT = "semspace-tagger";

/** The bytes of the file. */
export function taggerBytes({ parts }: Tagger): Uint8Array {
  const { labels, weights, biases, chain, layer, model } = parts;
  const n = labels.length;
  const finite = (values: Float64Array): Float32Array => Float32Array.from(values, (value) => Math.max(value, -1e30));
  return writeSafetensors(
    {
      weights: { dtype: "F32", shape: [n, weights.length / n], data: weights },
      biases: { dtype: "F32", shape: [n], data: Float32Array.from(biases) },
      steps: { dtype: "F32", shape: [n, n], data: finite(chain.steps) },
      starts: { dtype: "F32", shape: [n], data: finite(chain.starts) },
      ends: { dtype: "F32", shape: [n], data: Float32Array.from(chain.ends) },
    },
    {
      ...{ format: FORMAT, version: "1", model, labels: JSON.stringify(labels) },
      ...(layer !== undefined && { layer: String(layer) }),
    },
  );
}

/** Writes the file, complete or not at all. Throws `unavailable` in a browser: keep {@link taggerBytes} there. */
export async function saveTagger(tagger: Tagger, path: string): Promise<void> {
  await writeBytes(path, taggerBytes(tagger));
}

/**
 * Reads a tagger from a path (in a browser a URL) or from its bytes. Throws `missing-file`; `invalid-file` for what is no such file or a
 * damaged one; `mismatch` when the model's vectors have another length.
 */
export async function loadTagger(source: string | Uint8Array, context: TokenEncoder): Promise<Tagger> {
  const [path, bytes] = typeof source === "string" ? [source, await readBytes(source)] : ["tagger", source];
  const file = await openTensors(path, bytes);
  const broken = (why: string): SemspaceError =>
    new SemspaceError("invalid-file", `${path} is no tagger of semspace: ${why}. Train it again.`);
  const words = file.metadata;
  if (words.get("format") !== FORMAT) throw broken(`its format is ${shown(words.get("format") ?? "not said")}`);
  const labels = readLabels(words.get("labels"), broken);
  const n = labels.length;
  const layer = words.get("layer");
  if (layer !== undefined && !/^\d+$/.test(layer)) throw broken(`its layer is ${shown(layer)}`);
  const columns = file.tensors.get("weights")?.shape[1] ?? 0;
  const read = (name: string, shape: readonly number[]): Promise<Float32Array> => tensor({ file, broken }, name, shape);
  const allowed = allowedSteps(labels);
  const masked = (scores: Float32Array, may: Uint8Array): Float64Array =>
    Float64Array.from(scores, (score, i) => (may[i] === 1 ? score : -Infinity));
  return new Tagger(context, {
    labels,
    weights: await read("weights", [n, columns]),
    biases: Float64Array.from(await read("biases", [n])),
    chain: {
      labels: n,
      steps: masked(await read("steps", [n, n]), allowed.steps),
      starts: masked(await read("starts", [n]), allowed.starts),
      ends: Float64Array.from(await read("ends", [n])),
    },
    layer: layer === undefined ? undefined : Number(layer),
    model: words.get("model") ?? "",
  });
}

interface Reading {
  file: SafetensorsFile;
  broken: (why: string) => SemspaceError;
}

async function tensor({ file, broken }: Reading, name: string, wanted: readonly number[]): Promise<Float32Array> {
  const found = file.tensors.get(name);
  if (!found) throw broken(`it has no tensor "${name}"`);
  if (found.shape.join() !== wanted.join())
    throw broken(`its tensor "${name}" is [${found.shape.join(", ")}], not [${wanted.join(", ")}]`);
  const values = await file.readFloat32(name);
  if (!values.every(Number.isFinite)) throw broken(`its tensor "${name}" holds a number that is not finite`);
  return values;
}

function readLabels(text: string | undefined, broken: Reading["broken"]): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && value[0] === "O" && value.every((label) => /^(O|[BI]-.+)$/s.test(String(label))))
    return value as string[];
  throw broken(`its labels are ${shown(text)}`);
}

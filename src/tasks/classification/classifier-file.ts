/**
 * A classifier as one small safetensors file: the head's tensors, the model's vector of the probe sentence, and words in the header
 * (`__metadata__`): labels, kind, calibration, the model's name. Python reads it with `safetensors.numpy.load_file`.
 */
import { writeBytes, readBytes } from "#platform";
import { oneOf, SemspaceError, shown } from "../../errors.ts";
import { openSafetensors, type SafetensorsFile } from "../../formats/safetensors.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { openFolder } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { checkModel, type Encoder, type ModelProbe } from "../model-probe.ts";
import type { Calibration } from "./calibration.ts";
import { centroidHead } from "./centroid-head.ts";
import { type ClassifierKind, classifierKinds, type Head } from "./head.ts";
import { logisticHead } from "./logistic-head.ts";
import { neighborHead } from "./neighbor-head.ts";
import { TextClassifier } from "./text-classifier.ts";

const FORMAT = "semspace-classifier";

/** The bytes of the file. */
export function classifierBytes(classifier: TextClassifier): Uint8Array {
  const { labels, multiLabel, head, calibration, model } = classifier.parts;
  return writeSafetensors(
    { ...head.tensors(), probe: { dtype: "F32", shape: [model.vector.length], data: model.vector } },
    {
      ...{ format: FORMAT, version: "1", kind: head.kind, ...head.settings() },
      ...{ labels: JSON.stringify(labels), multiLabel: String(multiLabel), calibration: JSON.stringify(calibration) },
      ...{ model: model.name, promptName: model.promptName },
    },
  );
}

/** Writes the file, complete or not at all. Throws `unavailable` in a browser: keep {@link classifierBytes} there. */
export async function saveClassifier(classifier: TextClassifier, path: string): Promise<void> {
  await writeBytes(path, classifierBytes(classifier));
}

/**
 * Reads a classifier from a path (in a browser a URL) or from its bytes. Throws `missing-file`; `invalid-file` for what is no such file or
 * a damaged one; `mismatch` when `embedder` is not the model that it was made with.
 */
export async function loadClassifier(source: string | Uint8Array, embedder: Encoder): Promise<TextClassifier> {
  const [path, bytes] = typeof source === "string" ? [source, await readBytes(source)] : ["classifier", source];
  const file = await openSafetensors(await openFolder({ [path]: bytes }), path);
  const broken = (why: string): SemspaceError =>
    new SemspaceError("invalid-file", `${path} is no classifier of semspace: ${why}. Train it again.`);
  const words = file.metadata;
  if (words.get("format") !== FORMAT) throw broken(`its format is ${shown(words.get("format") ?? "not said")}`);
  if (words.get("version") !== "1")
    throw new SemspaceError(
      "unsupported",
      `${path} is of version ${shown(words.get("version"))}; 1 is read. Update semspace.`,
    );
  const labels = readLabels(words.get("labels"), broken);
  const kind = oneOf("kind", words.get("kind"), classifierKinds);
  const multiLabel = words.get("multiLabel") === "true";
  const model: ModelProbe = {
    name: words.get("model") ?? "unknown",
    promptName: words.get("promptName") ?? "",
    vector: await tensor(file, "probe", [undefined], broken),
  };
  await checkModel(embedder, model, "classifier");
  const shape = {
    labels: labels.length,
    columns: model.vector.length,
    multiLabel,
    neighbors: Number(words.get("neighbors")),
  };
  const head = await readHead(file, kind, shape, broken);
  const calibration = readCalibration(words.get("calibration"), labels.length, broken);
  return new TextClassifier(embedder, { labels, multiLabel, head, calibration, model });
}

type Broken = (why: string) => SemspaceError;

async function readHead(
  file: SafetensorsFile,
  kind: ClassifierKind,
  shape: { labels: number; columns: number; multiLabel: boolean; neighbors: number },
  broken: Broken,
): Promise<Head> {
  const { labels, columns } = shape;
  if (kind === "logistic") {
    const weights = await tensor(file, "weights", [labels, columns], broken);
    return logisticHead(new Matrix(weights, labels, columns), await tensor(file, "intercepts", [labels], broken));
  }
  if (kind === "centroids") {
    const centroids = await tensor(file, "centroids", [labels, columns], broken);
    return centroidHead(new Matrix(centroids, labels, columns));
  }
  const examples = await tensor(file, "examples", [undefined, columns], broken);
  const pairs = Int32Array.from(await tensor(file, "pairs", [undefined, 2], broken));
  const count = examples.length / columns;
  for (let i = 0; i < pairs.length; i += 2)
    if (!(pairs[i] >= 0 && pairs[i] < count && pairs[i + 1] >= 0 && pairs[i + 1] < labels))
      throw broken(`pair ${i / 2} is example ${pairs[i]}, label ${pairs[i + 1]}, of ${count} and ${labels}`);
  if (!(Number.isSafeInteger(shape.neighbors) && shape.neighbors > 0))
    throw broken(`its neighbors are ${shape.neighbors}`);
  return neighborHead(new Matrix(examples, count, columns), pairs, shape);
}

/** A tensor of finite numbers of that shape; undefined is any length. */
async function tensor(
  file: SafetensorsFile,
  name: string,
  wanted: readonly (number | undefined)[],
  broken: Broken,
): Promise<Float32Array> {
  const found = file.tensors.get(name);
  if (!found) throw broken(`it has no tensor "${name}"`);
  const { shape } = found;
  if (shape.length !== wanted.length || wanted.some((length, i) => length !== undefined && length !== shape[i]))
    throw broken(`its tensor "${name}" is [${shape.join(", ")}], not [${wanted.map((n) => n ?? "n").join(", ")}]`);
  const values = name === "pairs" ? Float32Array.from(await file.readInt32(name)) : await file.readFloat32(name);
  if (!values.every(Number.isFinite)) throw broken(`its tensor "${name}" holds a number that is not finite`);
  return values;
}

function readLabels(text: string | undefined, broken: Broken): string[] {
  const value = parsed(text);
  if (Array.isArray(value) && value.length > 0 && value.every((label) => typeof label === "string")) return value;
  throw broken(`its labels are ${shown(text)}`);
}

function readCalibration(text: string | undefined, labels: number, broken: Broken): Calibration {
  const value = parsed(text) as Partial<Record<string, unknown>> | undefined;
  const numbers = (list: unknown, count = labels): boolean =>
    Array.isArray(list) && list.length === count && list.every((x) => typeof x === "number");
  const { kind, temperature, slopes, constants, said, found } = value ?? {};
  const staircases = (a: unknown, b: unknown): boolean =>
    Array.isArray(a) &&
    Array.isArray(b) &&
    a.length === labels &&
    b.length === labels &&
    a.every(
      (steps: unknown, i) =>
        Array.isArray(steps) && steps.length > 0 && numbers(steps, steps.length) && numbers(b[i], steps.length),
    );
  const sound =
    (kind === "temperature" && typeof temperature === "number" && temperature > 0) ||
    (kind === "platt" && numbers(slopes) && numbers(constants)) ||
    (kind === "isotonic" && staircases(said, found));
  if (!sound) throw broken(`its calibration is ${shown(text)}`);
  return value as unknown as Calibration;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

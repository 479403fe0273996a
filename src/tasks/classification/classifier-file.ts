/**
 * A classifier as one small safetensors file: the head's tensors, the model's vector of the probe sentence, and words in the header
 * (`__metadata__`): labels, kind, calibration, the model's name. Python reads it with `safetensors.numpy.load_file`.
 */
import { writeBytes } from "#platform";
import { oneOf, shown } from "../../errors.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { checkModel, type Encoder } from "../model-probe.ts";
import { openTrainedFile, type TrainedFile } from "../trained-file.ts";
import type { Calibration } from "./calibration.ts";
import { centroidHead } from "./centroid-head.ts";
import { type ClassifierKind, classifierKinds, type Head } from "./head.ts";
import { logisticHead } from "./logistic-head.ts";
import { neighborHead } from "./neighbor-head.ts";
import { TextClassifier } from "./text-classifier.ts";

/** The bytes of the file. */
export function classifierBytes(classifier: TextClassifier): Uint8Array {
  const { labels, multiLabel, head, calibration, model } = classifier.parts;
  return writeSafetensors(
    { ...head.tensors(), probe: { dtype: "F32", shape: [model.vector.length], data: model.vector } },
    {
      ...{ format: "semspace-classifier", version: "1", kind: head.kind, ...head.settings() },
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
  const file = await openTrainedFile(source, "classifier");
  const labels = readLabels(file);
  const kind = oneOf("kind", file.words.get("kind"), classifierKinds);
  const multiLabel = file.words.get("multiLabel") === "true";
  const { model } = file;
  await checkModel(embedder, model, "classifier");
  const neighbors = Number(file.words.get("neighbors"));
  const head = await readHead(file, kind, {
    labels: labels.length,
    columns: model.vector.length,
    multiLabel,
    neighbors,
  });
  const calibration = readCalibration(file, labels.length);
  return new TextClassifier(embedder, { labels, multiLabel, head, calibration, model });
}

async function readHead(
  { tensor, broken }: TrainedFile,
  kind: ClassifierKind,
  shape: { labels: number; columns: number; multiLabel: boolean; neighbors: number },
): Promise<Head> {
  const { labels, columns, neighbors } = shape;
  if (kind === "logistic") {
    const weights = await tensor("weights", [labels, columns]);
    return logisticHead(new Matrix(weights, labels, columns), await tensor("intercepts", [labels]));
  }
  if (kind === "centroids")
    return centroidHead(new Matrix(await tensor("centroids", [labels, columns]), labels, columns));
  const examples = await tensor("examples", [undefined, columns]);
  const pairs = Int32Array.from(await tensor("pairs", [undefined, 2]));
  const count = examples.length / columns;
  for (let i = 0; i < pairs.length; i += 2)
    if (!(pairs[i] >= 0 && pairs[i] < count && pairs[i + 1] >= 0 && pairs[i + 1] < labels))
      throw broken(`pair ${i / 2} is example ${pairs[i]}, label ${pairs[i + 1]}, of ${count} and ${labels}`);
  if (!(Number.isSafeInteger(neighbors) && neighbors > 0)) throw broken(`its neighbors are ${neighbors}`);
  return neighborHead(new Matrix(examples, count, columns), pairs, shape);
}

function readLabels(file: TrainedFile): string[] {
  const value = file.json("labels");
  if (Array.isArray(value) && value.length > 0 && value.every((label) => typeof label === "string")) return value;
  throw file.broken(`its labels are ${shown(file.words.get("labels"))}`);
}

/** The calibration of so many labels in a file's words. */
export function readCalibration(file: TrainedFile, labels: number): Calibration {
  const value = file.json("calibration");
  const numbers = (list: unknown, count = labels): boolean =>
    Array.isArray(list) && list.length === count && list.every((x) => typeof x === "number");
  const { kind, temperature, slopes, constants, said, found } = (value ?? {}) as Partial<Record<string, unknown>>;
  const lists = (list: unknown): list is unknown[][] =>
    Array.isArray(list) && list.length === labels && list.every((steps) => Array.isArray(steps) && steps.length > 0);
  const staircases =
    lists(said) &&
    lists(found) &&
    said.every((steps, i) => numbers(steps, steps.length) && numbers(found[i], steps.length));
  const sound =
    (kind === "temperature" && typeof temperature === "number" && temperature > 0) ||
    (kind === "platt" && numbers(slopes) && numbers(constants)) ||
    (kind === "isotonic" && staircases);
  if (!sound) throw file.broken(`its calibration is ${shown(file.words.get("calibration"))}`);
  return value as Calibration;
}

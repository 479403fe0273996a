/** A router as one small safetensors file: its two heads, thresholds, intents and slots, and the model's vector of the probe sentence. */
import { writeBytes } from "#platform";
import { shown } from "../../errors.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { Matrix } from "../../matrix/index.ts";
import { readCalibration } from "../classification/classifier-file.ts";
import { logisticHead } from "../classification/logistic-head.ts";
import { checkModel, type Encoder } from "../model-probe.ts";
import { openTrainedFile, type TrainedFile } from "../trained-file.ts";
import { type EntityFinder, Router } from "./router.ts";
import { loadedSlot, savedSlot, type SlotFinder } from "./slots.ts";

/** The bytes of the file. Throws `unsupported` for a slot that is a function. */
export function routerBytes(router: Router): Uint8Array {
  const { intents, slots, head, calibration, gate, model } = router.parts;
  const { weights, intercepts } = gate.head.tensors();
  const saved = slots.map((finders, i) =>
    Object.fromEntries(Object.entries(finders).map(([name, finder]) => [name, savedSlot(intents[i], name, finder)])),
  );
  return writeSafetensors(
    {
      ...head?.tensors(),
      ...{ "gate.weights": weights, "gate.intercepts": intercepts },
      thresholds: { dtype: "F32", shape: [intents.length], data: gate.thresholds },
      probe: { dtype: "F32", shape: [model.vector.length], data: model.vector },
    },
    {
      ...{
        gateGroups: String(weights.shape[0]),
        format: "semspace-router",
        version: "1",
        model: model.name,
        promptName: model.promptName,
      },
      ...{ intents: JSON.stringify(intents), slots: JSON.stringify(saved), calibration: JSON.stringify(calibration) },
    },
  );
}

/** Writes the file, complete or not at all. Throws `unsupported` for a slot that is a function, `unavailable` in a browser. */
export async function saveRouter(router: Router, path: string): Promise<void> {
  await writeBytes(path, routerBytes(router));
}

/**
 * Reads a router from a path (in a browser a URL) or from its bytes. Throws `missing-file`; `invalid-file` for what is no such file or a
 * damaged one; `mismatch` when `embedder` is not the model that it was made with.
 */
export async function loadRouter(
  source: string | Uint8Array,
  embedder: Encoder,
  { entities }: { entities?: EntityFinder } = {},
): Promise<Router> {
  const file = await openTrainedFile(source, "router");
  const { model } = file;
  await checkModel(embedder, model, "router");
  const intents = file.json("intents");
  if (!Array.isArray(intents) || intents.length === 0 || !intents.every((name) => typeof name === "string"))
    throw file.broken(`its intents are ${shown(file.words.get("intents"))}`);
  const count = intents.length;
  const columns = model.vector.length;
  const linear = async (prefix: string, rows: number) =>
    logisticHead(
      new Matrix(await file.tensor(`${prefix}weights`, [rows, columns]), rows, columns),
      await file.tensor(`${prefix}intercepts`, [rows]),
    );
  const head = count > 1 ? await linear("", count) : undefined;
  const groups = Number(file.words.get("gateGroups"));
  if (groups !== 2 && groups !== 3) throw file.broken(`its gate has ${shown(file.words.get("gateGroups"))} groups`);
  const gate = { head: await linear("gate.", groups), thresholds: await file.tensor("thresholds", [count]) };
  const calibration = readCalibration(file, count);
  return new Router(embedder, { intents, slots: readSlots(file, count), head, calibration, gate, model }, entities);
}

function readSlots(file: TrainedFile, count: number): Record<string, SlotFinder>[] {
  const value = file.json("slots");
  if (!Array.isArray(value) || value.length !== count || value.some((one) => one === null || typeof one !== "object"))
    throw file.broken(`its slots are ${shown(file.words.get("slots"))}`);
  return value.map((finders: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(finders).map(([name, saved]) => {
        const finder = loadedSlot(saved);
        if (!finder) throw file.broken(`its slot ${shown(name)} is ${shown(saved)}`);
        return [name, finder];
      }),
    ),
  );
}

/** Checkpoints made by test/golden/encoders.py and decoders.py, read and changed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../src/formats/index.ts";
import { openFolder } from "../src/hub/folder.ts";
import { floatsOfBase64 } from "./base64.ts";
import { difference, type GoldenCheckpoint, vectorsAt } from "./golden-states.ts";

export { batchOf, difference, type GoldenCheckpoint, tokenDifference, vectorsAt } from "./golden-states.ts";

/** Folder of a fixture; `family` is the name of the script that made it. */
export function checkpointFolder(family: string, name = ""): string {
  return join(import.meta.dirname, "golden", family, name);
}

export function readGolden<T extends GoldenCheckpoint>(family: string): T[] {
  return JSON.parse(readFileSync(join(checkpointFolder(family), "expected.json"), "utf8")) as T[];
}

/** {@link difference} of the attention of the last token of each row. */
export function attentionDifference(golden: GoldenCheckpoint, data: Float32Array, expected: string): number {
  const { mask, rows, columns } = golden;
  const heads = data.length / (rows * columns * columns);
  const places = Array.from({ length: rows * heads }, (_, i) => {
    const row = Math.floor(i / heads);
    const last = mask.lastIndexOf(1, (row + 1) * columns - 1) % columns;
    return i * columns + last;
  });
  return difference(vectorsAt(data, columns, places), floatsOfBase64(expected));
}

/** A fixture's files in memory, its tensors and its config.json changed. */
export async function changedCheckpoint(
  folder: string,
  change: (tensors: Record<string, TensorToWrite>) => void,
  config: Record<string, unknown> = {},
): Promise<Record<string, Uint8Array>> {
  const file = await openSafetensors(await openFolder(folder), "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [tensor, { dtype, shape }] of file.tensors)
    tensors[tensor] = { dtype, shape, data: await file.readBytes(tensor) };
  change(tensors);
  const parsed = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  return {
    "config.json": new TextEncoder().encode(JSON.stringify({ ...parsed, ...config })),
    "model.safetensors": writeSafetensors(tensors),
  };
}

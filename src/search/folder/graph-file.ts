/** The links of a graph of neighbours as a safetensors file; its codes are made from the vectors again. */
import { openSafetensors, writeSafetensors } from "../../formats/index.ts";
import type { GraphLinks } from "../../kernels/hnsw.ts";
import { sourceOf } from "./disk-segment.ts";
import { broken, type FileEntry } from "./manifest.ts";

export function writeGraph({ links, entry, top, lowest, slotOf, slots }: GraphLinks): Uint8Array {
  return writeSafetensors({
    head: { dtype: "I32", shape: [3], data: Int32Array.of(links, entry, top) },
    lowest: { dtype: "I32", shape: [slotOf.length, 1 + 2 * links], data: lowest },
    slot_of: { dtype: "I32", shape: [slotOf.length], data: slotOf },
    slots: { dtype: "I32", shape: [slots.length / (1 + links), 1 + links], data: slots },
  });
}

export async function parseGraph(
  bytes: Uint8Array,
  { file: path, rows }: FileEntry & { rows: number },
): Promise<GraphLinks> {
  const file = await openSafetensors(sourceOf(path, bytes), path);
  const ints = async (name: string): Promise<Int32Array> => new Int32Array((await file.readBytes(name)).slice().buffer);
  const [links, entry, top] = await ints("head");
  const slotOf = await ints("slot_of");
  if (slotOf.length !== rows) throw broken(path, `its graph has ${slotOf.length} rows, ${rows} were written`);
  return { links, entry, top, slotOf, lowest: await ints("lowest"), slots: await ints("slots") };
}

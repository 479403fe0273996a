/** The files of what was trained on a model's vectors: tensors with words in the header (`__metadata__`), checked before they are believed. */
import { readBytes } from "#platform";
import { SemspaceError, shown } from "../errors.ts";
import { openSafetensors, type SafetensorsFile } from "../formats/safetensors.ts";
import { openFolder } from "../hub/folder.ts";
import type { ModelProbe } from "./model-probe.ts";

/** A file that says that it is what it was opened as. */
export interface TrainedFile {
  readonly words: ReadonlyMap<string, string>;
  /** The model that it was trained with. */
  readonly model: ModelProbe;
  /** A tensor of finite numbers of that shape; undefined is any length. Throws `invalid-file`. */
  readonly tensor: (name: string, wanted: readonly (number | undefined)[]) => Promise<Float32Array>;
  /** Words that are JSON; undefined where they are none. */
  readonly json: (name: string) => unknown;
  readonly broken: (why: string) => SemspaceError;
}

/**
 * From a path (in a browser a URL) or from bytes; `what` is "classifier" or "router". Throws `missing-file`, `invalid-file`, and
 * `unsupported` for a later version.
 */
export async function openTrainedFile(source: string | Uint8Array, what: string): Promise<TrainedFile> {
  const [path, bytes] = typeof source === "string" ? [source, await readBytes(source)] : [what, source];
  const file = await openTensors(path, bytes);
  const words = file.metadata;
  const broken = (why: string): SemspaceError =>
    new SemspaceError("invalid-file", `${path} is no ${what} of semspace: ${why}. Train it again.`);
  if (words.get("format") !== `semspace-${what}`)
    throw broken(`its format is ${shown(words.get("format") ?? "not said")}`);
  if (words.get("version") !== "1")
    throw new SemspaceError(
      "unsupported",
      `${path} is of version ${shown(words.get("version"))}; 1 is read. Update semspace.`,
    );
  const tensor: TrainedFile["tensor"] = (name, wanted) => finiteTensor(file, name, { wanted, broken });
  const vector = await tensor("probe", [undefined]);
  return {
    words,
    model: { name: words.get("model") ?? "unknown", promptName: words.get("promptName") ?? "", vector },
    tensor,
    json(name) {
      try {
        return JSON.parse(words.get(name) ?? "") as unknown;
      } catch {
        return undefined;
      }
    },
    broken,
  };
}

/** What a program of semspace has written there. Throws `invalid-file` for anything else. */
export async function openTensors(path: string, bytes: Uint8Array): Promise<SafetensorsFile> {
  return openSafetensors(await openFolder({ [path]: bytes }), path).catch((cause: unknown) => {
    const message = `${path} is no file that semspace has written, or it is damaged. Make it again.`;
    throw new SemspaceError("invalid-file", message, { cause });
  });
}

async function finiteTensor(
  file: SafetensorsFile,
  name: string,
  { wanted, broken }: { wanted: readonly (number | undefined)[]; broken: TrainedFile["broken"] },
): Promise<Float32Array> {
  const found = file.tensors.get(name);
  if (!found) throw broken(`it has no tensor "${name}"`);
  const { shape, dtype } = found;
  if (shape.length !== wanted.length || wanted.some((length, i) => length !== undefined && length !== shape[i]))
    throw broken(`its tensor "${name}" is [${shape.join(", ")}], not [${wanted.map((n) => n ?? "n").join(", ")}]`);
  const values = dtype === "I32" ? Float32Array.from(await file.readInt32(name)) : await file.readFloat32(name);
  if (!values.every(Number.isFinite)) throw broken(`its tensor "${name}" holds a number that is not finite`);
  return values;
}

/** The file of a training's state: safetensors with its matrices, its settings, and how far it has come. */
import { fileSize, readBytes, writeBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../../formats/index.ts";

/** Where a state is kept after every epoch: a file, or who takes its bytes. */
export type Checkpoint = string | ((state: Uint8Array) => Promise<void> | void);

export interface StateProgress {
  /** All settings of the training, by their names. */
  settings: object;
  /** Epochs that have been trained. */
  epochs: number;
  /** Mean loss of each of them. */
  losses: readonly number[];
  /** What has been trained of the next one. */
  begun?: BegunEpoch | undefined;
}

/** A part of an epoch. */
export interface BegunEpoch {
  /** Blocks of the corpus that have been trained on, from the first one on. */
  blocks: number;
  /** Sum of their losses, and of how many predictions. */
  loss: number;
  losses: number;
}

export interface StateFile extends StateProgress {
  /** What messages call it. */
  readonly name: string;
  has(tensor: string): boolean;
  bytes(tensor: string): Promise<Uint8Array>;
  int32(tensor: string): Promise<Int32Array>;
  /** Throws `invalid-file` unless the tensor has `length` values. */
  float32(tensor: string, length: number): Promise<Float32Array>;
}

/** Whose training it is. */
type Method = "word2vec" | "GloVe" | "fastText";

export function stateFileBytes(
  method: Method,
  tensors: Readonly<Record<string, TensorToWrite>>,
  { settings, epochs, losses, begun }: StateProgress,
): Uint8Array {
  const progress = JSON.stringify({ epochs, losses, begun });
  return writeSafetensors(tensors, { format: formatOf(method), settings: JSON.stringify(settings), progress });
}

/** Opens what {@link stateFileBytes} gave. Throws `invalid-file` for anything else. */
export async function openStateFile(source: string | Uint8Array, method: Method): Promise<StateFile> {
  const name = typeof source === "string" ? source : "the given bytes";
  if (typeof source === "string" && (await fileSize(source)) === undefined)
    throw new SemspaceError("missing-file", `No such file: ${source}.`);
  // Tensor by tensor, so that a state is in memory once.
  const file = await openSafetensors(
    {
      name: typeof source === "string" ? "the file system" : "memory",
      size: async () => (typeof source === "string" ? fileSize(source) : source.length),
      async read(_, range) {
        if (typeof source === "string") return readBytes(source, range);
        return range ? source.subarray(range.offset, range.offset + range.length) : source;
      },
    },
    name,
  );
  if (file.metadata.get("format") !== formatOf(method)) {
    const message = `${name} is no ${method} training of this package. Give what it has saved.`;
    throw new SemspaceError("invalid-file", message);
  }
  const settings = json(file.metadata.get("settings"), name);
  const { epochs, losses, begun } = json(file.metadata.get("progress"), name) as StateProgress;
  if (!Number.isInteger(epochs) || epochs < 0 || !Array.isArray(losses) || !isPart(begun)) {
    const message = `${name} does not tell how many epochs it has behind it. The file is damaged.`;
    throw new SemspaceError("invalid-file", message);
  }
  return {
    ...{ name, settings, epochs, begun },
    // JSON has no NaN, the loss of an epoch without a prediction.
    losses: losses.map((loss: unknown) => (typeof loss === "number" ? loss : NaN)),
    has: (tensor) => file.tensors.has(tensor),
    bytes: (tensor) => file.readBytes(tensor),
    int32: (tensor) => file.readInt32(tensor),
    async float32(tensor, length) {
      const values = await file.readFloat32(tensor);
      if (values.length === length) return values;
      const message = `${name}: ${tensor} has ${values.length} values, ${length} are needed. The file is damaged.`;
      throw new SemspaceError("invalid-file", message);
    },
  };
}

function isPart(begun: BegunEpoch | undefined): boolean {
  if (begun === undefined) return true;
  const { blocks, loss, losses } = Object(begun) as BegunEpoch;
  return Number.isInteger(blocks) && blocks >= 0 && Number.isFinite(loss) && Number.isFinite(losses);
}

export async function keepState(checkpoint: Checkpoint, state: Uint8Array): Promise<void> {
  if (typeof checkpoint === "string") await writeBytes(checkpoint, state);
  else await checkpoint(state);
}

/** Throws `mismatch` that names the settings of a checkpoint that are not those of now. */
export function checkSameSettings(before: object, now: object): void {
  const old = before as Readonly<Record<string, unknown>>;
  const different = Object.entries(now).filter(([name, value]) => value !== old[name]);
  if (different.length === 0) return;
  const what = different.map(([name, value]) => `${name} ${shown(old[name])}, now ${shown(value)}`).join("; ");
  throw new SemspaceError("mismatch", `The checkpoint was made with other settings: ${what}. Use the same ones.`);
}

function formatOf(method: Method): string {
  return `semspace-${method.toLowerCase()}`;
}

function json(text: string | undefined, name: string): object {
  try {
    return Object(JSON.parse(text ?? "")) as object;
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${name}: its settings are not JSON. The file is damaged.`, { cause });
  }
}

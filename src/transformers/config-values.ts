/** Checked values of a `config.json`, which anyone may have written: whole numbers in ranges, known names. */
import { SemspaceError, shown } from "../errors.ts";

const gelus = ["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu"] as const;
const others = ["relu", "silu", "swish", "tanh"] as const;
/** Names as in transformers' ACT2FN. */
export type Activation = (typeof gelus)[number] | (typeof others)[number];
const activations: readonly Activation[] = [...gelus, ...others];

/** The file, parsed, and what messages call it. */
export interface ConfigFile {
  readonly json: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** Largest value that a size may have. */
const maxSize = 100_000_000;

/** Throws `invalid-file` for anything but a whole number in the range. A fallback stands for a key that is left out or null. */
export function wholeNumberOf(
  { json, source }: ConfigFile,
  key: string,
  { fallback, least = 1, most = maxSize }: { fallback?: number; least?: number; most?: number } = {},
): number {
  const value = json[key] ?? fallback;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SemspaceError(
    "invalid-file",
    `${source}: ${key} must be a whole number from ${least} to ${most}, got ${shown(value)}.`,
  );
}

/** A number above 0, up to `most`. */
export function positiveOf({ json, source }: ConfigFile, key: string, fallback?: number, most = 1e12): number {
  const value = json[key] ?? fallback;
  if (typeof value === "number" && value > 0 && value <= most) return value;
  throw new SemspaceError(
    "invalid-file",
    `${source}: ${key} must be a number above 0, at most ${most}, got ${shown(value)}.`,
  );
}

/** A number between 0 and 1, both excluded. */
export function fractionOf({ json, source }: ConfigFile, key: string, fallback: number): number {
  const value = json[key] ?? fallback;
  if (typeof value === "number" && value > 0 && value < 1) return value;
  throw new SemspaceError("invalid-file", `${source}: ${key} must be a number between 0 and 1, got ${shown(value)}.`);
}

export function flagOf({ json, source }: ConfigFile, key: string, fallback: boolean): boolean {
  const value = json[key] ?? fallback;
  if (typeof value === "boolean") return value;
  throw new SemspaceError("invalid-file", `${source}: ${key} must be true or false, got ${shown(value)}.`);
}

/** Throws `unsupported` for a name that is not known, with the list of those that are. */
export function activationOf({ json, source }: ConfigFile, key: string): Activation {
  const value = json[key] ?? "gelu";
  const known = activations.find((activation) => activation === value);
  if (known) return known;
  throw new SemspaceError(
    "unsupported",
    `${source}: unknown activation ${shown(value)} in ${key}. Known: ${activations.join(", ")}.`,
  );
}

/** Values by position in a list, one a layer, each of `allowed`. Throws `invalid-file` for another length or another name. */
export function namesOf<Name extends string>(
  { json, source }: ConfigFile,
  key: string,
  { length, allowed }: { length: number; allowed: readonly Name[] },
): readonly Name[] | undefined {
  const list = json[key] ?? undefined;
  if (list === undefined) return undefined;
  const known = Array.isArray(list) ? list.map((name) => allowed.find((one) => one === name)) : [];
  if (known.length === length && known.every((name) => name !== undefined)) return known;
  throw new SemspaceError(
    "invalid-file",
    `${source}: ${key} must be a list of ${length} names, each one of ${allowed.join(", ")}, got ${shown(list)}.`,
  );
}

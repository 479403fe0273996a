/**
 * How this package says no: one class, a closed list of codes, and a message that says
 * what was wrong, what was got, what is allowed, and what to do about it.
 */

/** The closed list of reasons; programs branch on these, people read the message. */
export type SemspaceErrorCode =
  /** An argument has a wrong value. */
  | "invalid-argument"
  /** A file's bytes are not what its format promises. */
  | "invalid-file"
  /** A file or folder that is needed is not there or cannot be read. */
  | "missing-file"
  /** Two things that belong together do not fit (dimensions, vocabularies, shapes). */
  | "mismatch"
  /** The file is sound, but asks for something that this package cannot do. */
  | "unsupported"
  /** An optional package is not installed. */
  | "missing-dependency"
  /** The work needs something that this runtime (Node or browser) does not have. */
  | "unavailable"
  /** The object was used after `dispose()`. */
  | "disposed";

/**
 * The only error class that this package throws on its own account. An aborted call rejects
 * with its signal's reason instead, as the platform's own functions do.
 *
 * @example
 * try { await loadEmbedder("./nowhere"); } catch (error) {
 *   if (error instanceof SemspaceError && error.code === "missing-file") console.error(error.message);
 * }
 */
export class SemspaceError extends Error {
  readonly code: SemspaceErrorCode;

  constructor(code: SemspaceErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SemspaceError";
    this.code = code;
  }
}

const longestShown = 60;

/** A value as a message shows it: as JSON, cut after 60 characters. Takes values of files as they are, however long or deep. */
export function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // Nested too deeply, or in a circle.
    text = Array.isArray(value) ? "[…]" : "{…}";
  }
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** Returns `value` when it is one of `allowed`, else throws `Unknown pooling "avg". Use one of: mean, cls.` */
export function oneOf<T extends string>(what: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw new SemspaceError("invalid-argument", `Unknown ${what} ${shown(value)}. Use one of: ${allowed.join(", ")}.`);
}

/** Returns `value` when it is a whole number of at least `least`, else throws with what was got and what is allowed. */
export function wholeNumber(what: string, value: unknown, least = 0): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  throw new SemspaceError(
    "invalid-argument",
    `${what} must be a whole number of at least ${least}, got ${shown(value)}.`,
  );
}

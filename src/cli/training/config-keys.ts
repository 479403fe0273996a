/** The checks of a training's config: each key with what it may hold. An error names the file, the key, what was got and what is allowed. */
import { SemspaceError, shown } from "../../errors.ts";
import { suggestion } from "../arguments.ts";

export type Check = (value: unknown) => string | undefined;
export type Checks = Readonly<Record<string, Check>>;

const whole =
  (least: number): Check =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least
      ? undefined
      : `a whole number of at least ${least}`;

export const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "a text");
export const texts: Check = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? undefined : "a list of texts";
export const count: Check = whole(1);
export const natural: Check = whole(0);
export const number: Check = (value) =>
  typeof value === "number" && value >= 0 ? undefined : "a number of at least 0";
export const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
export const object: Check = (value) => (isObject(value) ? undefined : "an object");
export const range: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "number") && value[0] < value[1]
    ? undefined
    : "two numbers, the least and the most";
/** Checked where it is read. */
export const any: Check = () => undefined;

export function oneOf(...allowed: readonly string[]): Check {
  return (value) => (allowed.includes(value as string) ? undefined : `one of ${allowed.join(", ")}`);
}

export function either(...checks: readonly Check[]): Check {
  return (value) => {
    const wanted = checks.map((check) => check(value));
    return wanted.includes(undefined) ? undefined : wanted.join(" or ");
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws `invalid-file` for a key that is unknown or holds what it may not; `where` is the file and the way to the object. */
export function checkKeys(where: string, given: Readonly<Record<string, unknown>>, checks: Checks): void {
  for (const [key, value] of Object.entries(given)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) {
      const names = Object.keys(checks);
      throw new SemspaceError(
        "invalid-file",
        `${where}: unknown key "${key}".${suggestion(key, names)} Keys: ${names.join(", ")}.`,
      );
    }
    const wanted = check(value);
    if (wanted !== undefined) {
      throw new SemspaceError("invalid-file", `${where}: "${key}" must be ${wanted}, got ${shown(value)}.`);
    }
  }
}

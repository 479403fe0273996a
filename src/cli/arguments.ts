/**
 * Command line arguments → typed options, over `parseArgs` of node:util. What it adds: unknown options are refused with
 * a suggestion, numbers and choices are checked, and an option that forgot its value does not swallow the next option.
 */
import { parseArgs } from "node:util";

/** Wrong usage: exit code 2. */
export class UsageError extends Error {}

export interface Option {
  readonly type: "flag" | "string" | "strings" | "whole" | "number";
  readonly describe: string;
  /** What help calls the value: "N", "FILE". */
  readonly value?: string;
  readonly short?: string;
  readonly choices?: readonly string[];
  /** Shown in help; the command applies it. */
  readonly default?: string | number;
  /** For `whole` and `number`: the smallest value allowed. */
  readonly least?: number;
}

export type Options = Readonly<Record<string, Option>>;

type Value<O extends Option> = O["type"] extends "flag"
  ? boolean
  : O["type"] extends "strings"
    ? readonly string[]
    : (O["type"] extends "string" ? (O["choices"] extends readonly (infer C)[] ? C : string) : number) | undefined;

/** The options by name; flags are false and lists empty when not given. */
export type Values<O extends Options> = { readonly [K in keyof O]: Value<O[K]> };

/** Options that every command has. */
export const commonOptions: Readonly<Record<"json" | "debug" | "help", Option & { type: "flag" }>> = {
  json: { type: "flag", describe: "One JSON object a line instead of text for people" },
  debug: { type: "flag", describe: "Show where an error came from" },
  help: { type: "flag", short: "h", describe: "Show this help" },
};

/** Throws {@link UsageError} for what the options do not allow. */
export function readArguments<O extends Options>(
  args: readonly string[],
  options: O,
): { values: Values<O>; positionals: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short }]) => [
        name,
        { type: type === "flag" ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, unknown> = {};
  for (const [name, { type }] of Object.entries(options))
    values[name] = type === "flag" ? false : type === "strings" ? [] : undefined;
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option)
      throw new UsageError(`Unknown option ${token.rawName}.${suggestion(token.name, Object.keys(options), "--")}`);
    const value = optionValue(token, option);
    if (option.type === "strings") (values[token.name] as unknown[]).push(value);
    else values[token.name] = value;
  }
  return { values: values as Values<O>, positionals };
}

/** " Did you mean search?" when one of the names is close to what was typed, else "". */
export function suggestion(typed: string, names: readonly string[], prefix = ""): string {
  const closest = names
    .map((name) => ({ name, distance: editDistance(typed, name) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return closest && closest.distance <= Math.max(1, Math.floor(typed.length / 3))
    ? ` Did you mean ${prefix}${closest.name}?`
    : "";
}

function optionValue(
  { rawName, value, inlineValue }: { rawName: string; value?: string; inlineValue?: boolean },
  option: Option,
): unknown {
  if (option.type === "flag") {
    if (inlineValue) throw new UsageError(`${rawName} takes no value, got "${value}".`);
    return true;
  }
  const forgotten = value === undefined || (!inlineValue && /^-\D/.test(value));
  if (forgotten)
    throw new UsageError(`${rawName} needs a value${option.choices ? `: ${option.choices.join(", ")}` : ""}.`);
  if (option.choices && !option.choices.includes(value)) {
    throw new UsageError(
      `${rawName} must be one of ${option.choices.join(", ")}, got "${value}".${suggestion(value, option.choices)}`,
    );
  }
  if (option.type === "string" || option.type === "strings") return value;
  const { least = 0 } = option;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  const allowed =
    Number.isFinite(number) && number >= least && (option.type === "number" || Number.isSafeInteger(number));
  if (!allowed)
    throw new UsageError(
      `${rawName} must be a ${option.type === "whole" ? "whole " : ""}number of at least ${least}, got "${value}".`,
    );
  return number;
}

/** Levenshtein's distance, where two letters swapped count as one step. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, last[j] + 1, current[j - 1] + 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length];
}

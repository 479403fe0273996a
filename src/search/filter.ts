/**
 * Conditions on metadata, in MongoDB's spelling: `{ lang: "en", year: { $gte: 2020 }, $or: [{ draft: false }, { draft: { $exists: false } }] }`.
 * A field whose value is an array passes when one of its values does (for `$ne` and `$nin`: when none is the value). Numbers are ordered among
 * numbers and strings among strings; a comparison of one with the other is false. A dot reaches into objects: `"author.name"`.
 */
import { SemspaceError, shown } from "../errors.ts";

/** What metadata may hold: JSON. */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [field: string]: MetadataValue };
export type Metadata = Readonly<Record<string, MetadataValue>>;

type Scalar = string | number | boolean | null;

export interface Condition {
  readonly $in?: readonly Scalar[];
  readonly $nin?: readonly Scalar[];
  readonly $gt?: string | number;
  readonly $gte?: string | number;
  readonly $lt?: string | number;
  readonly $lte?: string | number;
  readonly $ne?: Scalar;
  readonly $eq?: Scalar;
  readonly $exists?: boolean;
}

export type Filter = {
  readonly $and?: readonly Filter[];
  readonly $or?: readonly Filter[];
  readonly $not?: Filter;
} & { readonly [field: string]: Scalar | Condition | readonly Filter[] | Filter | undefined };

export type Predicate = (metadata: Metadata | undefined) => boolean;

const operators = ["$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte", "$exists"] as const;
type Operator = (typeof operators)[number];
/** Deeper filters are somebody's mistake, or an attack. */
const DEEPEST = 32;

/** The filter as a function. Throws `invalid-argument` that names what is wrong and what is allowed. */
export function compileFilter(filter: Filter, depth = 0): Predicate {
  if (!isObject(filter)) throw wrong(`A filter must be an object such as { field: value }, got ${shown(filter)}.`);
  if (depth > DEEPEST) throw wrong(`A filter may be nested ${DEEPEST} deep. Use $in for many values.`);
  const parts = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => (field.startsWith("$") ? combined(field, value, depth + 1) : fieldTest(field, value)));
  return parts.length === 1 ? parts[0] : (metadata) => parts.every((part) => part(metadata));
}

function combined(operator: string, value: unknown, depth: number): Predicate {
  if (operator === "$not") {
    const inner = compileFilter(value as Filter, depth);
    return (metadata) => !inner(metadata);
  }
  if (operator !== "$and" && operator !== "$or")
    throw wrong(`Unknown operator ${shown(operator)} in a filter. Use $and, $or, $not, or a field's name.`);
  if (!Array.isArray(value)) throw wrong(`${operator} needs an array of filters, got ${shown(value)}.`);
  const inner = value.map((part) => compileFilter(part as Filter, depth));
  return operator === "$and"
    ? (metadata) => inner.every((test) => test(metadata))
    : (metadata) => inner.some((test) => test(metadata));
}

function fieldTest(field: string, condition: unknown): Predicate {
  if (isScalar(condition)) return valueTest(field, "$eq", condition);
  if (!isObject(condition))
    throw wrong(
      `The condition of ${shown(field)} must be a value or { $in: [ … ] } and the like, got ${shown(condition)}.`,
    );
  const tests = Object.entries(condition).map(([operator, operand]) => {
    if (operators.includes(operator as Operator)) return valueTest(field, operator as Operator, operand);
    throw wrong(`Unknown operator ${shown(operator)} of ${shown(field)}. Use one of: ${operators.join(", ")}.`);
  });
  return (metadata) => tests.every((test) => test(metadata));
}

function valueTest(field: string, operator: Operator, operand: unknown): Predicate {
  checkOperand(field, operator, operand);
  const path = field.split(".");
  const read = (metadata: Metadata | undefined): unknown =>
    metadata && Object.hasOwn(metadata, field)
      ? metadata[field]
      : path.length > 1
        ? valueAt(metadata, path)
        : undefined;
  if (operator === "$exists") return (metadata) => (read(metadata) !== undefined) === operand;
  if (operator === "$ne" || operator === "$nin") {
    const positive = scalarTest(operator === "$ne" ? "$eq" : "$in", operand);
    return (metadata) => !any(read(metadata), positive);
  }
  const test = scalarTest(operator, operand);
  return (metadata) => any(read(metadata), test);
}

function checkOperand(field: string, operator: Operator, operand: unknown): void {
  const ok =
    operator === "$in" || operator === "$nin"
      ? Array.isArray(operand) && operand.every(isScalar)
      : operator === "$exists"
        ? typeof operand === "boolean"
        : operator === "$eq" || operator === "$ne"
          ? isScalar(operand)
          : typeof operand === "string" || (typeof operand === "number" && !Number.isNaN(operand));
  if (ok) return;
  const needed = {
    $in: "an array of values",
    $nin: "an array of values",
    $exists: "true or false",
    $eq: "a value",
    $ne: "a value",
  };
  const what = operator in needed ? needed[operator as keyof typeof needed] : "a number or a string";
  throw wrong(`${operator} of ${shown(field)} needs ${what}, got ${shown(operand)}.`);
}

function scalarTest(operator: Operator, operand: unknown): (value: unknown) => boolean {
  if (operator === "$in") {
    const allowed = new Set(operand as unknown[]);
    return (value) => allowed.has(value);
  }
  if (operator === "$eq") return (value) => value === operand;
  const compare: (a: never, b: never) => boolean = {
    $gt: (a: number, b: number) => a > b,
    $gte: (a: number, b: number) => a >= b,
    $lt: (a: number, b: number) => a < b,
    $lte: (a: number, b: number) => a <= b,
  }[operator as "$gt"];
  return (value) => typeof value === typeof operand && compare(value as never, operand as never);
}

function any(value: unknown, test: (value: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.some(test) : value !== undefined && test(value);
}

function valueAt(metadata: unknown, path: readonly string[]): unknown {
  let value = metadata;
  for (const step of path) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(message: string): SemspaceError {
  return new SemspaceError("invalid-argument", message);
}

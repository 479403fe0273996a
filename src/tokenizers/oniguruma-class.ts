/** The brackets, shorthands and properties of Oniguruma patterns, as the inside of a JavaScript bracket (flag v). */
import { SemspaceError, shown } from "../errors.ts";
import { caseFold, escapeLiteral, readEscapedCharacter } from "./oniguruma-literal.ts";
import { classSource } from "./unicode.ts";

/** POSIX brackets and the properties whose names JavaScript does not have, in Unicode's terms. */
const named: Readonly<Record<string, string>> = {
  alnum: "\\p{Alphabetic}\\p{Nd}",
  alpha: "\\p{Alphabetic}",
  ascii: "\\x00-\\x7f",
  blank: "\\p{Zs}\\t",
  cntrl: "\\p{Cc}",
  digit: "\\p{Nd}",
  graph: "[\\p{Any}--[\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}]]",
  lower: "\\p{Lowercase}",
  print: "[\\p{Any}--[[\\p{White_Space}--\\p{Zs}]\\p{Cc}\\p{Cn}\\p{Cs}]]",
  punct: "\\p{P}\\p{S}",
  space: "\\p{White_Space}",
  upper: "\\p{Uppercase}",
  word: "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be",
  xdigit: "0-9a-fA-F",
  any: "\\p{Any}",
};

const shorthands: Readonly<Record<string, string>> = { s: "space", d: "digit", w: "word", h: "xdigit" };

/** The inside of a bracket for \s, \d, \w or \h. */
export function shorthandSource(letter: string): string {
  return known(named[shorthands[letter]]);
}

/** A shorthand or property that starts at `at`, just after a backslash; undefined when there is none. */
export function propertySource(pattern: string, at: number): { source: string; end: number } | undefined {
  const letter = pattern[at];
  const inner = shorthands[letter?.toLowerCase()];
  if (inner !== undefined) {
    const source = known(named[inner]);
    return { source: letter === letter.toLowerCase() ? source : `[^${source}]`, end: at + 1 };
  }
  const found = /^([pP])(?:\{(\^?)([^}]*)\})/.exec(pattern.slice(at));
  if (!found) return undefined;
  const source = property(found[3], pattern);
  const negative = (found[1] === "P") !== (found[2] === "^");
  return { source: negative ? `[^${source}]` : source, end: at + found[0].length };
}

/** A bracket that was opened before `at`: its JavaScript source with brackets, and the index after it. */
export function readClass(pattern: string, at: number, ignoreCase: boolean): { source: string; end: number } {
  let end = at;
  const negative = pattern[end] === "^";
  if (negative) end += 1;
  let operands: string[] = [];
  let items = "";
  for (let first = true; ; first = false) {
    if (end >= pattern.length)
      throw new SemspaceError(
        "invalid-file",
        `The pattern ${shown(pattern)} lacks a "]". Fetch the tokenizer's files again.`,
      );
    if (pattern[end] === "]" && !first) break;
    if (pattern.startsWith("&&", end)) {
      operands.push(items);
      items = "";
      end += 2;
      continue;
    }
    const item = readItem(pattern, end, ignoreCase);
    items += item.source;
    end = item.end;
  }
  operands.push(items);
  operands = operands.map((operand) => `[${operand}]`);
  const inside = operands.length === 1 ? items : operands.join("&&");
  return { source: `[${negative ? "^" : ""}${inside}]`, end: end + 1 };
}

function readItem(pattern: string, at: number, ignoreCase: boolean): { source: string; end: number } {
  const posix = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(at));
  if (posix) {
    const source = known(namedSource(posix[2], pattern));
    return { source: posix[1] ? `[^${source}]` : source, end: at + posix[0].length };
  }
  if (pattern[at] === "[") return readClass(pattern, at + 1, ignoreCase);
  if (pattern[at] === "\\") {
    const found = propertySource(pattern, at + 1);
    if (found) return found;
  }
  const from = readMember(pattern, at);
  const isRange = pattern[from.next] === "-" && pattern[from.next + 1] !== "]" && from.next + 1 < pattern.length;
  if (!isRange) return { source: ignoreCase ? caseFold(from.text) : escapeLiteral(from.text), end: from.next };
  const to = readMember(pattern, from.next + 1);
  const range = `${escapeLiteral(from.text)}-${escapeLiteral(to.text)}`;
  return { source: ignoreCase ? foldedRange(range, from.text, to.text) : range, end: to.next };
}

function readMember(pattern: string, at: number): { text: string; next: number } {
  if (pattern[at] === "\\") {
    if (pattern[at + 1] === "b") return { text: "\b", next: at + 2 };
    return readEscapedCharacter(pattern, at + 1);
  }
  const text = String.fromCodePoint(pattern.codePointAt(at)!);
  return { text, next: at + text.length };
}

/** A range under (?i): each of its letters with its variants, where it is short enough to write out. */
function foldedRange(range: string, from: string, to: string): string {
  const [first, last] = [from.codePointAt(0)!, to.codePointAt(0)!];
  if (last - first > 1000) return range;
  let source = range;
  for (let point = first; point <= last; point += 1) source += caseFold(String.fromCodePoint(point));
  return source;
}

function property(name: string, pattern: string): string {
  const plain = name.replace(/[\s_-]/g, "").toLowerCase();
  if (Object.hasOwn(named, plain)) return known(named[plain]);
  for (const source of [
    `\\p{${name}}`,
    `\\p{Script=${name}}`,
    `\\p{${capitalised(name)}}`,
    `\\p{Script=${capitalised(name)}}`,
  ]) {
    if (isProperty(source)) return known(source);
  }
  throw new SemspaceError(
    "unsupported",
    `Unknown property \\p{${name}} in the pattern ${shown(pattern)}. Use Unicode's categories and scripts.`,
  );
}

function namedSource(name: string, pattern: string): string {
  if (Object.hasOwn(named, name)) return named[name];
  throw new SemspaceError(
    "invalid-file",
    `Unknown bracket [:${name}:] in the pattern ${shown(pattern)}. Known are: ${Object.keys(named).join(", ")}.`,
  );
}

function capitalised(name: string): string {
  return name.replaceAll(/[a-z]+/gi, (word) => word[0].toUpperCase() + word.slice(1).toLowerCase());
}

function isProperty(source: string): boolean {
  try {
    return new RegExp(source, "v") instanceof RegExp;
  } catch {
    return false;
  }
}

/** Without the characters that are assigned in this runtime's Unicode and not in the reference's. */
function known(source: string): string {
  return /\\p\{(?!White_Space|Any)/.test(source) ? `[[${source}]--[${classSource("newer")}]]` : source;
}

/** Finds where a pattern matches in a text, and cuts the text there; the list of stretches covers the whole text, in order. */
import type { AlignedText, Stretch } from "../aligned-text.ts";
import { forEachCharacter } from "../unicode.ts";

/** What becomes of the stretches that matched, named as in tokenizer.json. */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

export const splitBehaviors: readonly SplitBehavior[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];

/** Each character that passes the test is a match of its own. */
export function characterStretches(text: string, test: (point: number) => boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  forEachCharacter(text, (point, at, width) => {
    if (!test(point)) return;
    if (start < at) stretches.push({ start, end: at, matched: false });
    start = at + width;
    stretches.push({ start: at, end: start, matched: true });
  });
  if (start < text.length) stretches.push({ start, end: text.length, matched: false });
  return stretches;
}

/** The matches of a global regular expression; an empty match right after another match does not count, as in Oniguruma. */
export function regexStretches(text: string, pattern: RegExp): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  let last = -1;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const { index } = match;
    const end = index + match[0].length;
    const isEmpty = end === index;
    if (isEmpty) pattern.lastIndex = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    // V8 also finds lookarounds between the two halves of a character.
    if (isEmpty && (end === last || isInsidePair(text, end))) continue;
    if (start < index) stretches.push({ start, end: index, matched: false });
    stretches.push({ start: index, end, matched: true });
    start = last = end;
  }
  if (start < text.length) stretches.push({ start, end: text.length, matched: false });
  return stretches;
}

function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

/** The same stretches with what matched and what did not exchanged. */
export function inverted(stretches: readonly Stretch[]): Stretch[] {
  return stretches.map(({ start, end, matched }) => ({ start, end, matched: !matched }));
}

/** Cuts a text at the stretches that matched. */
export function cut(text: AlignedText, stretches: readonly Stretch[], behavior: SplitBehavior): AlignedText[] {
  const parts: AlignedText[] = [];
  for (const { start, end } of kept(stretches, behavior)) if (start < end) parts.push(text.slice(start, end));
  return parts;
}

function kept(stretches: readonly Stretch[], behavior: SplitBehavior): readonly Stretch[] {
  if (behavior === "Isolated") return stretches;
  if (behavior === "Removed") return stretches.filter((stretch) => !stretch.matched);
  if (behavior === "MergedWithNext") {
    const mirrored = merged(stretches.toReversed(), (now, before) => now && !before);
    return mirrored.toReversed();
  }
  if (behavior === "MergedWithPrevious") return merged(stretches, (now, before) => now && !before);
  return merged(stretches, (now, before) => now === before);
}

/** Joins a stretch to the one before it in the list where `joins` says so; before the first one counts as unmatched. */
function merged(stretches: readonly Stretch[], joins: (now: boolean, before: boolean) => boolean): Stretch[] {
  const out: Stretch[] = [];
  let before = false;
  for (const stretch of stretches) {
    const last = out.at(-1);
    if (last && joins(stretch.matched, before)) {
      last.start = Math.min(last.start, stretch.start);
      last.end = Math.max(last.end, stretch.end);
    } else {
      out.push({ ...stretch });
    }
    before = stretch.matched;
  }
  return out;
}

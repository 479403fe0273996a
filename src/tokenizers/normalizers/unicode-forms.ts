/**
 * NFD, NFKD, NFC and NFKC with alignment, as the Rust crate unicode-normalization-alignments does them: of a decomposed character the
 * first part replaces it and the others are new, marks are then put in canonical order with these changes on them, and a
 * composition adds the changes of its two parts (see `AlignedText.transform`).
 *
 * Differs: decompositions, compositions and the order of marks are asked of `String.prototype.normalize` instead of own tables. It knows
 * a newer Unicode than the crate (9.0), so characters that the crate leaves alone (the class "inert") are kept out of it.
 */
import type { AlignedText } from "../aligned-text.ts";
import { characterTest } from "../unicode.ts";

export type UnicodeForm = "NFD" | "NFKD" | "NFC" | "NFKC";

/** Texts that a form leaves alone, cheaply seen. */
const plain: Readonly<Record<UnicodeForm, RegExp>> = {
  NFD: /^[\0-\u00bf]*$/,
  NFKD: /^[\0-\u009f]*$/,
  NFC: /^[\0-\u02ff]*$/,
  NFKC: /^[\0-\u009f]*$/,
};
/** No character below decomposes into a mark, is a mark, or composes with what stands before it. */
const firstMark = 0x300;
/** Pairs of characters whose composition is remembered. */
const mostRemembered = 20_000;

interface Changed {
  characters: string[];
  changes: number[];
}

/** Returns the function that brings a text into one of Unicode's normal forms. */
export function unicodeForm(form: UnicodeForm): (text: AlignedText) => AlignedText {
  const pairs = new MarkOrder();
  const decomposed = form.startsWith("NFK") ? "NFKD" : "NFD";
  return (text) => {
    if (plain[form].test(text.text)) return text;
    let out = decompose(text.text, decomposed, pairs);
    if (form.endsWith("C")) out = compose(out, pairs);
    const unchanged = out.changes.every((change) => change === 0) && out.characters.join("") === text.text;
    return unchanged ? text : text.transform(out.characters, out.changes);
  };
}

function decompose(text: string, form: "NFD" | "NFKD", order: MarkOrder): Changed {
  const out: Changed = { characters: [], changes: [] };
  let marks = 0;
  for (const character of text) {
    const parts = order.isInert(character) ? character : character.normalize(form);
    let change = 0;
    for (const part of parts) {
      if (order.isMark(part)) marks += 1;
      else {
        if (marks > 1) sortLast(out, marks, order);
        marks = 0;
      }
      out.characters.push(part);
      out.changes.push(change);
      change = 1;
    }
  }
  if (marks > 1) sortLast(out, marks, order);
  return out;
}

/** Puts the last `count` marks in canonical order, those of one class in theirs. Done here since the runtime's takes quadratic time. */
function sortLast(out: Changed, count: number, order: MarkOrder): void {
  const from = out.characters.length - count;
  const marks = out.characters.slice(from);
  const changes = out.changes.slice(from);
  const ranks = order.ranks(new Set(marks));
  const places = marks.map((_, i) => i).toSorted((a, b) => ranks.get(marks[a])! - ranks.get(marks[b])!);
  for (const [to, place] of places.entries()) {
    out.characters[from + to] = marks[place];
    out.changes[from + to] = changes[place];
  }
}

/** Canonical composition: a character joins the last starter unless a mark of its own class or above, or a starter, stands between. */
function compose({ characters, changes }: Changed, order: MarkOrder): Changed {
  const out: Changed = { characters: [], changes: [] };
  let starter = -1;
  let previous: string | undefined;
  for (const [i, character] of characters.entries()) {
    const isMark = order.isMark(character);
    const blocked = previous !== undefined && (!isMark || !order.precedes(previous, character));
    const joined = starter === -1 || blocked ? undefined : order.composed(out.characters[starter], character);
    if (joined !== undefined) {
      out.characters[starter] = joined;
      out.changes[starter] += changes[i] - 1;
      continue;
    }
    out.characters.push(character);
    out.changes.push(changes[i]);
    if (!isMark) starter = out.characters.length - 1;
    previous = isMark && starter !== -1 ? character : undefined;
  }
  return out;
}

/** What the normaliser does with a mark or a pair; remembered, since asking is slow and texts use few of them. */
class MarkOrder {
  readonly isInert: (character: string) => boolean;
  readonly #marks = new Map<string, boolean>();
  readonly #composed = new Map<string, string | undefined>();

  constructor() {
    const inert = characterTest("inert");
    this.isInert = (character) => inert(character.codePointAt(0)!);
  }

  /** Whether the combining class is not 0: one of the lowest class (U+0334) moves before it, or it moves before the highest (U+0345). */
  isMark(character: string): boolean {
    if (character.codePointAt(0)! < firstMark) return false;
    let found = this.#marks.get(character);
    if (found === undefined) {
      const stays = (text: string) => text.normalize("NFD") === text;
      found =
        !this.isInert(character) &&
        character.normalize("NFD") === character &&
        !(stays(`a${character}\u0334`) && stays(`a\u0345${character}`));
      this.#marks.set(character, found);
    }
    return found;
  }

  /** Whether the first mark's class is lower than the second's. */
  precedes(first: string, second: string): boolean {
    return `a${second}${first}`.normalize("NFD") === `a${first}${second}` && first !== second;
  }

  /** The marks' places in canonical order; marks of one class share theirs. */
  ranks(marks: ReadonlySet<string>): Map<string, number> {
    const compare = (a: string, b: string) => (this.precedes(a, b) ? -1 : this.precedes(b, a) ? 1 : 0);
    const ranks = new Map<string, number>();
    let rank = 0;
    let before: string | undefined;
    for (const mark of [...marks].toSorted(compare)) {
      if (before !== undefined && this.precedes(before, mark)) rank += 1;
      ranks.set(mark, rank);
      before = mark;
    }
    return ranks;
  }

  /** The one character that two compose to. */
  composed(first: string, second: string): string | undefined {
    if (second.codePointAt(0)! < firstMark || this.isInert(first) || this.isInert(second)) return undefined;
    const pair = first + second;
    if (!this.#composed.has(pair)) {
      if (this.#composed.size >= mostRemembered) this.#composed.clear();
      const joined = pair.normalize("NFC");
      const isOne = joined !== pair && joined.length === (joined.codePointAt(0)! > 0xffff ? 2 : 1);
      this.#composed.set(pair, isOne ? joined : undefined);
    }
    return this.#composed.get(pair);
  }
}

/** The part of a passage that people see under a search hit: a few lines around the query's words, which are marked. */
import { termReader } from "../search/lexical/terms.ts";

export interface SnippetOptions {
  /** Most lines to show. */
  lines: number;
  /** Most characters of a line. */
  columns: number;
  /** Marks a word of the query. */
  mark: (word: string) => string;
}

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}\p{M}]+)*/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The best lines of `text` for `query`; "…" stands for what is left out before and after. */
export function snippet(text: string, query: string, { lines, columns, mark }: SnippetOptions): string[] {
  const read = termReader();
  const terms = new Set(read(query));
  const found = (line: string) => new Set(read(line).filter((term) => terms.has(term))).size;
  const all = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .flatMap((line) => wrap(line.trimEnd(), columns));
  const first = bestWindow(all.map(found), lines);
  const shown = all.slice(first, first + lines);
  const marked = shown.map((line) => markTerms(line, { terms, read, mark }));
  if (first > 0 && marked.length > 0) marked[0] = `… ${marked[0].trimStart()}`;
  if (first + lines < all.length && marked.length > 0) marked[marked.length - 1] += " …";
  return marked;
}

/** The start of the window of lines that holds most of the query's words; the first one of equals. */
function bestWindow(counts: readonly number[], lines: number): number {
  let best = 0;
  let most = -1;
  for (let start = 0; start === 0 || start + lines <= counts.length; start += 1) {
    const sum = counts.slice(start, start + lines).reduce((total, count) => total + count, 0);
    if (sum > most) [best, most] = [start, sum];
  }
  return best;
}

interface Marking {
  terms: ReadonlySet<string>;
  read: (text: string) => string[];
  mark: (word: string) => string;
}

function markTerms(line: string, { terms, read, mark }: Marking): string {
  return line.replace(WORD, (word) => {
    if (!UNSPACED.test(word)) return read(word).some((term) => terms.has(term)) ? mark(word) : word;
    // A run of characters without spaces is marked where a pair of them stands (a single one only when asked for alone).
    const unspaced = [...terms].filter((term) => UNSPACED.test(term));
    const pairs = unspaced.filter((term) => term.length > 1);
    const inside = (pairs.length > 0 ? pairs : unspaced).filter((term) => word.includes(term));
    return inside.length === 0 ? word : word.replace(new RegExp(inside.join("|"), "gu"), mark);
  });
}

/** Cuts a line between words into parts of at most `columns` characters. */
function wrap(line: string, columns: number): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(" ", columns);
    const cut = space > columns / 2 ? space : columns;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...parts, rest];
}

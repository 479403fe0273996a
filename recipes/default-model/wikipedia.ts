/**
 * Passages of many lengths from paragraphs of an encyclopedia: sentences for the most part, and two or three of them, clauses, and runs of a few
 * words as titles and queries are. One passage of a paragraph at the most, so that no text is seen twice.
 */
const sentenceEnd = /(?<=[a-z0-9)"'][.!?]["')]?)\s+(?=[A-Z"'(])/;
const clauseEnd = /\s*[,;:()–—]\s*/;

/** How many words a passage may have, by kind. */
const sentenceWords = [3, 45] as const;
const groupWords = 90;
const clauseWords = [2, 12] as const;
const longestRun = 6;

/** One passage of `paragraph`, or undefined where the kind that `random` draws is not in it. */
export function passageOf(paragraph: string, random: () => number): string | undefined {
  const sentences = paragraph.split(sentenceEnd).map((sentence) => sentence.trim());
  const at = Math.floor(random() * sentences.length);
  const kind = random();
  if (kind < 0.52) return within(sentences[at], sentenceWords);
  if (kind < 0.7) return group(sentences, at, random);
  if (kind < 0.88) return clause(sentences[at], random);
  return run(sentences[at], random);
}

function within(text: string, [fewest, most]: readonly [number, number]): string | undefined {
  const { length } = text.split(/\s+/);
  return length >= fewest && length <= most && /\p{L}{2}/u.test(text) ? text : undefined;
}

function group(sentences: readonly string[], at: number, random: () => number): string | undefined {
  const count = random() < 0.5 ? 2 : 3;
  const taken = sentences.slice(at, at + count);
  return taken.length < 2 ? undefined : within(taken.join(" "), [sentenceWords[0], groupWords]);
}

function clause(sentence: string, random: () => number): string | undefined {
  const clauses = sentence.split(clauseEnd).filter((text) => within(text, clauseWords) !== undefined);
  return clauses.length === 0 ? undefined : clauses[Math.floor(random() * clauses.length)];
}

/** Words side by side, the way a title or a query has them: one to four, or a capitalised name with what follows it. */
function run(sentence: string, random: () => number): string | undefined {
  const words = sentence.split(/\s+/).map((word) => word.replace(/^\P{L}+|[^\p{L}\p{N}]+$/gu, ""));
  const capital = words.findIndex((word, i) => i > 0 && /^\p{Lu}\p{Ll}/u.test(word));
  const named = capital > 0 && random() < 0.4;
  const from = named ? capital : Math.floor(random() * words.length);
  const count = 1 + Math.floor(random() * (named ? longestRun : 4));
  return within(words.slice(from, from + count).join(" "), [1, longestRun]);
}

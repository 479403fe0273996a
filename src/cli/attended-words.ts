/** Which words of its sentence a word looks at: the attention of its tokens, summed over the tokens of each other word. */
import type { ContextualEmbedder, WordInContext } from "../tasks/index.ts";
import { tokensAt } from "../tasks/contextual/text-in-context.ts";

export interface AttendedWord {
  readonly word: string;
  /** Share of the attention, mean over heads; special tokens and the word itself take the rest. */
  readonly weight: number;
}

const SHOWN = 4;

/** For each use the words that it looks at most. */
export async function attendedWords(
  model: ContextualEmbedder,
  { uses }: WordInContext,
  { texts, layer }: { texts: readonly string[]; layer: number },
): Promise<AttendedWord[][]> {
  const found: AttendedWord[][] = [];
  for (const use of uses) {
    const text = texts[use.text];
    // oxlint-disable-next-line no-await-in-loop -- one text after the other bounds the memory
    const [map, { words }] = await Promise.all([model.attentions(text, { layer }), model.contextualize(text)]);
    const own = tokensAt(map, use);
    const others = words.filter(
      ({ word, start, end }) => /[\p{L}\p{N}]/u.test(word) && (end <= use.start || start >= use.end),
    );
    const weights = others.map((span) => {
      const tokens = tokensAt(map, span);
      const sum = own.reduce(
        (total, from) => total + tokens.reduce((inner, to) => inner + map.weights.row(from)[to], 0),
        0,
      );
      return { word: span.word, weight: sum / own.length };
    });
    found.push(weights.toSorted((a, b) => b.weight - a.weight).slice(0, SHOWN));
  }
  return found;
}

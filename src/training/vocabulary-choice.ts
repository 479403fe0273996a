/**
 * Which words of a corpus are worth a token of their own: the frequent ones that a tokenizer cuts into pieces. Words are what its own normaliser and
 * pre-tokeniser make of the texts, so that each can become a token: `distill(teacher, { vocabulary })`.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import type { ModelSource } from "../hub/folder.ts";
import { AlignedText } from "../tokenizers/aligned-text.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizers/index.ts";
import { createNormalizer } from "../tokenizers/normalizers/create-normalizer.ts";
import { createPreTokenizer } from "../tokenizers/pre-tokenizers/create-pre-tokenizer.ts";

export interface VocabularyOptions {
  /** The folder whose tokenizer gets the words. */
  tokenizer: ModelSource;
  /** Most words. Default 5,000. */
  size?: number;
  /** A word comes at least so often. Default 5. */
  minCount?: number;
  /** Aborts between texts: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface ChosenWord {
  word: string;
  count: number;
  /** What the tokenizer makes of it now. */
  pieces: string[];
}

/** Words that are counted at the same time, at most: beyond it those that came once are forgotten. */
const MOST_COUNTED = 2_000_000;

/**
 * The words of the texts that are several tokens now, most frequent first, ties by their letters. Throws `unsupported` for a tokenizer of BPE, whose
 * merges would have to be learnt, and as `loadTokenizer`.
 *
 * @example
 * const words = await chooseVocabulary(texts, { tokenizer: "models/all-MiniLM-L6-v2", size: 2000 });
 * await distill("models/all-MiniLM-L6-v2", { vocabulary: words.map(({ word }) => word) });
 */
export async function chooseVocabulary(
  texts: Iterable<string> | AsyncIterable<string>,
  options: VocabularyOptions,
): Promise<ChosenWord[]> {
  const size = wholeNumber("size", options.size ?? 5000, 1);
  const minCount = wholeNumber("minCount", options.minCount ?? 5, 1);
  const tokenizer = await loadTokenizer(options.tokenizer);
  if ((tokenizer.json.model as { type?: string }).type === "BPE") {
    throw new SemspaceError(
      "unsupported",
      "Words cannot be added to a BPE tokenizer, whose merges would have to be learned. Choose words for a WordPiece or Unigram tokenizer.",
    );
  }
  const counts = await countWords(texts, tokenizer, options.signal);
  const chosen: ChosenWord[] = [];
  const byCount = [...counts]
    .filter(([, count]) => count >= minCount)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  for (const [word, count] of byCount) {
    if (chosen.length === size) break;
    const { tokens } = tokenizer.encode(word, { addSpecialTokens: false });
    if (tokens.length > 1 || tokenizer.tokenToId(tokens[0] ?? "") === undefined || isUnknown(tokens[0], tokenizer))
      chosen.push({ word, count, pieces: tokens });
  }
  return chosen;
}

function isUnknown(token: string, { json }: Tokenizer): boolean {
  return (json.model as { unk_token?: string }).unk_token === token;
}

async function countWords(
  texts: Iterable<string> | AsyncIterable<string>,
  { json }: Tokenizer,
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const normalize = json.normalizer ? createNormalizer(json.normalizer) : (text: AlignedText) => text;
  const cut = json.pre_tokenizer ? createPreTokenizer(json.pre_tokenizer) : (text: AlignedText) => [text];
  const counts = new Map<string, number>();
  for await (const text of texts) {
    signal?.throwIfAborted();
    for (const { text: word } of cut(normalize(new AlignedText(text)))) {
      if (/\p{L}/u.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    if (counts.size > MOST_COUNTED) for (const [word, count] of counts) if (count === 1) counts.delete(word);
  }
  return counts;
}

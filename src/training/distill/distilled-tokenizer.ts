/**
 * The tokenizer of a distilled model: the teacher's without its special tokens, without the tokens that a pattern names,
 * and with the words that are added. Reference: model2vec 0.10 (`tokenizer/tokenizer.py`) on skeletoken 0.6.1.
 * Differs: a Unigram model's `unk_id` follows its token when tokens before it go away (skeletoken leaves it pointing at
 * another one), and words cannot be added to BPE.
 */
import { SemspaceError } from "../../errors.ts";
import type { AddedTokenJson } from "../../tokenizers/tokenizer-json.ts";

type Vocabulary = Record<string, number> | [string, number][];

export interface TokenizerFile {
  added_tokens?: AddedTokenJson[];
  post_processor?: unknown;
  truncation?: unknown;
  padding?: unknown;
  model: {
    type: string;
    vocab: Vocabulary;
    merges?: (string | [string, string])[];
    unk_token?: string | null;
    unk_id?: number | null;
  };
  [key: string]: unknown;
}

/** What a word to be added becomes: one piece is a token of the model, several are an added token with this text. */
export interface NewWord {
  pieces: readonly string[];
  /** The normalised word, without spaces at its ends. */
  normalized: string;
}

export interface CleaningOptions {
  /** Tokens whose beginning matches are removed. */
  remove: RegExp | undefined;
  words: readonly NewWord[];
  unknown: string | undefined;
  padding: string | undefined;
  /** Tokens that the teacher puts around a text. */
  around: ReadonlySet<string>;
  maxLength: number | null;
}

export interface DistilledTokenizer {
  file: TokenizerFile;
  /** Token of each id, 0 … n − 1. */
  tokens: string[];
}

/** The distilled tokenizer's file, ids from 0 without gaps. Throws `invalid-argument` when no token is left. */
export function distilledTokenizer(teacher: TokenizerFile, options: CleaningOptions): DistilledTokenizer {
  const { unknown, padding, around } = options;
  const special = new Set((teacher.added_tokens ?? []).map(({ content }) => content));
  const keep = new Set([unknown, padding]);
  const old = tokensById(teacher);
  const removed = new Set(
    old.filter(
      (token) => (special.has(token) && !keep.has(token)) || (matchesStart(options.remove, token) && token !== unknown),
    ),
  );
  const seen = new Set(old.filter((token) => !special.has(token) || keep.has(token) || around.has(token)));
  const { single, several } = sortWords(options, seen);
  if (single.length > 0 && teacher.model.type === "BPE") {
    throw new SemspaceError(
      "unsupported",
      "Words cannot be added to a BPE tokenizer, whose merges would have to be learned. Distil without vocabulary.",
    );
  }
  const replaced = new Set(several);
  const tokens = [...old.filter((token) => !removed.has(token) && !replaced.has(token)), ...single, ...several];
  if (tokens.length === 0)
    throw new SemspaceError(
      "invalid-argument",
      "No token is left. Use a tokenRemovePattern that matches fewer tokens.",
    );
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const addedToken = (content: string, flags: boolean): AddedTokenJson => ({
    id: ids.get(content)!,
    content,
    single_word: false,
    lstrip: flags,
    rstrip: flags,
    normalized: flags,
    special: !flags,
  });
  const file: TokenizerFile = {
    ...teacher,
    truncation:
      options.maxLength === null
        ? null
        : { direction: "Right", max_length: options.maxLength, strategy: "LongestFirst", stride: 0 },
    padding: null,
    added_tokens: [
      ...[padding, unknown]
        .filter((token) => token !== undefined && ids.has(token))
        .map((token) => addedToken(token!, false)),
      ...several.map((token) => addedToken(token, true)),
    ].toSorted((a, b) => a.id - b.id),
    post_processor: null,
    model: newModel(teacher.model, { tokens, ids, unknown }),
  };
  return { file, tokens };
}

/** Tokens in the order of their ids, added tokens that are in no vocabulary last. */
function tokensById({ model: { vocab }, added_tokens = [] }: TokenizerFile): string[] {
  const ids = new Map(Array.isArray(vocab) ? vocab.map(([token], id) => [token, id]) : Object.entries(vocab));
  for (const { content, id } of added_tokens) if (!ids.has(content)) ids.set(content, id);
  return [...ids].toSorted(([, a], [, b]) => a - b).map(([token]) => token);
}

function sortWords({ words, remove }: CleaningOptions, seen: Set<string>): { single: string[]; several: string[] } {
  const single: string[] = [];
  const several = new Set<string>();
  for (const { pieces, normalized } of words) {
    if (pieces.length > 1) several.add(normalized);
    if (pieces.length !== 1 || seen.has(pieces[0]) || matchesStart(remove, pieces[0])) continue;
    seen.add(pieces[0]);
    single.push(pieces[0]);
  }
  return { single, several: [...several] };
}

function newModel(
  model: TokenizerFile["model"],
  {
    tokens,
    ids,
    unknown,
  }: { tokens: readonly string[]; ids: ReadonlyMap<string, number>; unknown: string | undefined },
): TokenizerFile["model"] {
  if (!Array.isArray(model.vocab)) {
    const merges = model.merges?.filter((merge) => {
      const [left, right] = typeof merge === "string" ? merge.split(" ") : merge;
      return ids.has(left) && ids.has(right) && ids.has(left + right);
    });
    return { ...model, vocab: Object.fromEntries(ids), ...(merges && { merges }) };
  }
  const scores = new Map(model.vocab);
  const least = model.vocab.reduce((min, [, score]) => Math.min(min, score), Infinity);
  const vocab = tokens.map((token): [string, number] => [token, scores.get(token) ?? least]);
  return { ...model, vocab, unk_id: unknown === undefined ? null : (ids.get(unknown) ?? null) };
}

/** Python's `re.match`: from the beginning, not necessarily to the end. */
function matchesStart(pattern: RegExp | undefined, token: string): boolean {
  return pattern !== undefined && token.search(pattern) === 0;
}

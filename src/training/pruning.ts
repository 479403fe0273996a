/**
 * A static model without the tokens that a corpus hardly has: a smaller file for a narrow field. A word that loses its token is cut into pieces that are left,
 * so characters by themselves always stay. The vectors of texts that have none of the lost tokens do not change.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import type { StaticModelParts } from "../texts/static/index.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizers/index.ts";

export interface PruneOptions {
  /** Texts of the kind that the model is for. */
  texts: Iterable<string> | AsyncIterable<string>;
  /** A token stays when the texts have it so often. Default 1. */
  minCount?: number;
  /** Most tokens that stay besides characters and special ones: the most frequent. Default: all that come often enough. */
  size?: number;
  /** Aborts between groups of texts: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

type Vocabulary = Record<string, number> | [string, number][];

interface TokenizerJson {
  added_tokens?: { id: number; content: string }[];
  model: {
    type: string;
    vocab: Vocabulary;
    unk_token?: string | null;
    unk_id?: number | null;
    continuing_subword_prefix?: string;
  };
}

/** Texts that are tokenised at once. */
const GROUP = 2048;

/** The model with fewer tokens; the given one is left as it is. Throws `unsupported` for BPE, whose merges lean on each other. */
export async function pruneTokens(parts: StaticModelParts, options: PruneOptions): Promise<StaticModelParts> {
  const minCount = wholeNumber("minCount", options.minCount ?? 1, 1);
  const size = options.size === undefined ? Infinity : wholeNumber("size", options.size, 1);
  const json = JSON.parse(new TextDecoder().decode(parts.tokenizer)) as TokenizerJson;
  if (json.model.type === "BPE") {
    throw new SemspaceError(
      "unsupported",
      "Tokens cannot be taken out of a BPE tokenizer, whose merges lean on each other. Prune a WordPiece or Unigram model.",
    );
  }
  const tokenizer = await loadTokenizer({ "tokenizer.json": parts.tokenizer });
  const counts = await countTokens(options, tokenizer);
  const old = tokensById(json);
  const always = needed(json);
  const frequent = old
    .map((token, id) => ({ token, id, count: counts.get(id) ?? 0 }))
    .filter(({ token, count }) => !always.has(token) && count >= minCount)
    .toSorted((a, b) => b.count - a.count || a.id - b.id);
  const stay = new Set(frequent.slice(0, size).map(({ token }) => token));
  const kept = old.flatMap((token, id) => (always.has(token) || stay.has(token) ? [id] : []));
  return {
    ...rowsOf(parts, kept),
    config: parts.config,
    tokenizer: tokenizerWith(
      json,
      kept.map((id) => old[id]),
    ),
  };
}

async function countTokens({ texts, signal }: PruneOptions, tokenizer: Tokenizer): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  let group: string[] = [];
  const count = (): void => {
    signal?.throwIfAborted();
    for (const id of tokenizer.encodeIds(group, { addSpecialTokens: false }).ids)
      counts.set(id, (counts.get(id) ?? 0) + 1);
    group = [];
  };
  for await (const text of texts) {
    group.push(text);
    if (group.length === GROUP) count();
  }
  count();
  return counts;
}

function tokensById({ model: { vocab }, added_tokens: added = [] }: TokenizerJson): string[] {
  const tokens: string[] = [];
  const pairs = Array.isArray(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab);
  for (const [token, id] of pairs) tokens[id] = token;
  for (const { content, id } of added) tokens[id] ??= content;
  if (tokens.includes(undefined as unknown as string)) {
    throw new SemspaceError(
      "invalid-file",
      "The tokenizer's ids have gaps. Save the model again with one that numbers its tokens without gaps.",
    );
  }
  return tokens;
}

/** Tokens that must stay: added ones, the unknown one, and single characters, alone or as the rest of a word. */
function needed({ model, added_tokens: added = [] }: TokenizerJson): Set<string> {
  const prefix = model.continuing_subword_prefix ?? "##";
  const tokens = Array.isArray(model.vocab) ? model.vocab.map(([token]) => token) : Object.keys(model.vocab);
  const bare = (token: string): string =>
    model.type === "WordPiece" && token.startsWith(prefix) ? token.slice(prefix.length) : token;
  const always = new Set(tokens.filter((token) => [...bare(token)].length === 1));
  for (const { content } of added) always.add(content);
  if (typeof model.unk_token === "string") always.add(model.unk_token);
  if (typeof model.unk_id === "number" && Array.isArray(model.vocab)) always.add(model.vocab[model.unk_id]?.[0] ?? "");
  return always;
}

function rowsOf(
  parts: StaticModelParts,
  kept: readonly number[],
): Pick<StaticModelParts, "rows" | "dimensions" | "weightOf"> {
  const { rows, dimensions, rowOf, weightOf } = parts;
  const fewer =
    rows instanceof Int8Array ? new Int8Array(kept.length * dimensions) : new Float32Array(kept.length * dimensions);
  for (const [i, id] of kept.entries()) {
    const row = rowOf ? rowOf[id] : id;
    fewer.set(rows.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  }
  return { rows: fewer, dimensions, weightOf: weightOf && Float32Array.from(kept, (id) => weightOf[id]) };
}

function tokenizerWith(json: TokenizerJson, tokens: readonly string[]): Uint8Array {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const { model, added_tokens: added = [] } = json;
  const vocab = Array.isArray(model.vocab)
    ? model.vocab.filter(([token]) => ids.has(token))
    : Object.fromEntries(
        Object.keys(model.vocab)
          .filter((token) => ids.has(token))
          .map((token) => [token, ids.get(token)!]),
      );
  const unknown =
    typeof model.unk_id === "number" && Array.isArray(model.vocab) ? ids.get(model.vocab[model.unk_id][0]) : undefined;
  const fewer = {
    ...json,
    added_tokens: added.map((token) => Object.assign({}, token, { id: ids.get(token.content)! })),
    model: { ...model, vocab, ...(unknown !== undefined && { unk_id: unknown }) },
  };
  return new TextEncoder().encode(JSON.stringify(fewer));
}

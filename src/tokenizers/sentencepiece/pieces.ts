/** What tokenizers made of SentencePiece models have in common: entries, added tokens, the parts that treat spaces, and the merges of BPE. */
import type { Piece, SentencePieceModel } from "../../formats/sentencepiece.ts";
import { type AddedToken, addedTokens, type SpecialTokens, type TokenizerConfig } from "../tokenizer-config.ts";
import type { AddedTokenJson, Part, TokenizerJson } from "../tokenizer-json.ts";

/** What a style of tokenizer is made from. */
export interface Source {
  readonly model: SentencePieceModel;
  readonly config: TokenizerConfig;
}

/** An entry of a Unigram vocabulary; its place is its id. */
export type Entry = [token: string, score: number];

export const metaspace = "▁";

export const scored = (pieces: readonly Piece[]): Entry[] => pieces.map(({ text, score }) => [text, score]);

/** The added tokens over `vocab` with those that the model brings along (and `more`), and the id of each. */
export function withOwnTokens(
  { model, config }: Source,
  special: SpecialTokens,
  { vocab = scored(model.pieces), more = [] }: { vocab?: readonly Entry[]; more?: readonly AddedToken[] } = {},
): { added: AddedTokenJson[]; id: (token: string) => number } {
  const ids = new Map(vocab.map(([token], id) => [token, id]));
  const first = [...ownTokens(model), ...more];
  const added = addedTokens((token) => ids.get(token), vocab.length, { config, special, first });
  return { added, id: (token) => added.find(({ content }) => content === token)?.id ?? 0 };
}

/** Control pieces are special, pieces that a user defined are found as they are but kept by `decode`. */
function ownTokens({ pieces }: SentencePieceModel): AddedToken[] {
  return pieces
    .filter(({ type }) => type === "control" || type === "user-defined")
    .map(({ text, type }) => ({ content: text, special: type === "control" }));
}

/** The model's own character map; null where texts are not normalised. */
export function precompiled({ charsMap }: SentencePieceModel): Part | null {
  if (charsMap.length === 0) return null;
  let binary = "";
  for (const byte of charsMap) binary += String.fromCharCode(byte);
  return { type: "Precompiled", precompiled_charsmap: btoa(binary) };
}

export type PrependScheme = "always" | "first" | "never";

/** "▁" for spaces, and before a text. */
export const spaces = (scheme: PrependScheme, split = true): Part => ({
  type: "Metaspace",
  replacement: metaspace,
  prepend_scheme: scheme,
  split,
});

/** Words at whitespace, each with its "▁". */
export function words(scheme: PrependScheme): Pick<TokenizerJson, "pre_tokenizer" | "decoder"> {
  const space = spaces(scheme);
  return { pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, space] }, decoder: space };
}

export const replace = (pattern: string, content: string): Part => ({
  type: "Replace",
  pattern: { String: pattern },
  content,
});

export const replaceAll = (regex: string, content: string): Part => ({
  type: "Replace",
  pattern: { Regex: regex },
  content,
});

/**
 * The merges that a SentencePiece BPE model implies: every way to make a piece of two pieces, by the id of the piece that is made, then
 * by the length of its left part.
 */
export function bpe(pieces: readonly Piece[]): { type: "BPE"; [field: string]: unknown } {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const merges: [string, string][] = [];
  for (const [id, { text }] of pieces.entries()) {
    if (ids.get(text) !== id) continue;
    for (let cut = 1; cut < text.length; cut += 1) {
      const [left, right] = [text.slice(0, cut), text.slice(cut)];
      if (ids.has(left) && ids.has(right)) merges.push([left, right]);
    }
  }
  const vocab = Object.fromEntries(ids);
  return {
    type: "BPE",
    dropout: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    vocab,
    merges,
  };
}

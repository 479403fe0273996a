/**
 * A SentencePiece model to a tokenizer.json. Reference: transformers 5.3, XLMRobertaTokenizer, T5Tokenizer and LlamaTokenizer; for
 * any other model `SpmConverter` of convert_slow_tokenizer.py, which is SentencePiece's own behaviour but for what Rust's charsmap does.
 */
import type { Piece, SentencePieceModel } from "../formats/sentencepiece.ts";
import { beginAndEnd, template } from "./special-token-template.ts";
import {
  type AddedToken,
  addedTokens,
  configFlag,
  contentOf,
  type SpecialTokens,
  specialTokens,
  tokenizerClass,
  type TokenizerConfig,
} from "./tokenizer-config.ts";
import { SemspaceError } from "../errors.ts";
import type { Part, TokenizerJson } from "./tokenizer-json.ts";

type Style = "xlm-roberta" | "t5" | "llama" | "plain";

const metaspace = "▁";
const xlmRoberta: SpecialTokens = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "<unk>",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: "<mask>",
};
const t5: SpecialTokens = { eos_token: "</s>", unk_token: "<unk>", pad_token: "<pad>" };
const extraIds = 100;

/**
 * The style is the config's class; without a known one, the file's usual name ("sentencepiece.bpe.model" is XLM-R's, "spiece.model"
 * T5's), else Llama's for BPE with byte fallback. Throws `unsupported` for the algorithms "word" and "char".
 */
export function fromSentencePiece(
  model: SentencePieceModel,
  { config = {}, file = "" }: { config?: TokenizerConfig; file?: string } = {},
): TokenizerJson {
  if (model.algorithm === "word" || model.algorithm === "char") {
    throw new SemspaceError(
      "unsupported",
      `SentencePiece models of the kind "${model.algorithm}" cannot be read. Use one of: unigram, bpe.`,
    );
  }
  const style = styleOf(model, config, file);
  if (style === "xlm-roberta") return xlmRobertaJson(model, config);
  if (style === "t5") return t5Json(model, config);
  return style === "llama" ? llamaJson(model, config) : plainJson(model, config);
}

function styleOf(model: SentencePieceModel, config: TokenizerConfig, file: string): Style {
  const isUnigram = model.algorithm === "unigram";
  const named = tokenizerClass(config);
  if (isUnigram && (named === "XLMRoberta" || (!named && file === "sentencepiece.bpe.model"))) return "xlm-roberta";
  if (isUnigram && (named === "T5" || (!named && file === "spiece.model"))) return "t5";
  if (
    !isUnigram &&
    (named === "Llama" || named === "CodeLlama" || named === "Mistral" || (!named && model.byteFallback))
  )
    return "llama";
  return "plain";
}

/** Fairseq's order: four special pieces first, the model's own three dropped, a mask at the end. */
function xlmRobertaJson(model: SentencePieceModel, config: TokenizerConfig): TokenizerJson {
  const special = specialTokens(config, xlmRoberta);
  const vocab = [
    ...(["bos_token", "pad_token", "eos_token", "unk_token"] as const).map((role): Entry => [
      contentOf(special, role),
      0,
    ]),
    ...scored(model.pieces).slice(3),
    [contentOf(special, "mask_token"), 0] as Entry,
  ];
  const [bos, eos] = [contentOf(special, "bos_token"), contentOf(special, "eos_token")];
  const added = addedTokens(idsOf(vocab), vocab.length, { config, special, first: ownTokens(model) });
  const id = (token: string) => added.find(({ content }) => content === token)!.id;
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: precompiled(model),
    ...words(configFlag(config, "add_prefix_space", true) ? "always" : "never"),
    post_processor: template(`${bos} $A ${eos}`, `${bos} $A ${eos} ${eos} $B ${eos}`, {
      [bos]: id(bos),
      [eos]: id(eos),
    }),
    model: { type: "Unigram", unk_id: 3, vocab, byte_fallback: false },
  };
}

/** The model's pieces, then the sentinels <extra_id_99> … <extra_id_0>. */
function t5Json(model: SentencePieceModel, config: TokenizerConfig): TokenizerJson {
  const special = specialTokens(config, t5);
  const sentinels = Array.from({ length: extraIds }, (_, i) => `<extra_id_${extraIds - 1 - i}>`);
  const vocab = [...scored(model.pieces), ...sentinels.map((token): Entry => [token, 0])];
  const eos = contentOf(special, "eos_token");
  const first: AddedToken[] = [...ownTokens(model), ...sentinels.map((content) => ({ content, special: true }))];
  const added = addedTokens(idsOf(vocab), vocab.length, { config, special, first });
  const id = added.find(({ content }) => content === eos)!.id;
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: precompiled(model),
    ...words("always"),
    post_processor: template(`$A ${eos}`, `$A ${eos} $B ${eos}`, { [eos]: id }),
    model: { type: "Unigram", unk_id: model.unknownId, vocab, byte_fallback: false },
  };
}

/** BPE over the whole text; bytes for characters without a piece; "legacy" puts a space before each part between added tokens. */
function llamaJson(model: SentencePieceModel, config: TokenizerConfig): TokenizerJson {
  const special = specialTokens(config, {
    bos_token: model.beginPiece,
    eos_token: model.endPiece,
    unk_token: model.unknownPiece,
  });
  const { added, id } = withOwnTokens(model, config, special);
  const addPrefixSpace = configFlag(config, "add_prefix_space", true);
  const scheme = !addPrefixSpace ? "never" : configFlag(config, "legacy", false) ? "always" : "first";
  const decoders: Part[] = [replace(metaspace, " "), { type: "ByteFallback" }, { type: "Fuse" }];
  if (addPrefixSpace) decoders.push({ type: "Strip", content: " ", start: 1, stop: 0 });
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: "Metaspace", replacement: metaspace, prepend_scheme: scheme, split: false },
    post_processor: beginAndEnd(config, special, id),
    decoder: { type: "Sequence", decoders },
    model: { ...bpe(model.pieces), unk_token: null, byte_fallback: true },
  };
}

function plainJson(model: SentencePieceModel, config: TokenizerConfig): TokenizerJson {
  const special = specialTokens(config, {
    bos_token: model.beginPiece,
    eos_token: model.endPiece,
    unk_token: model.unknownPiece,
  });
  const { added, id } = withOwnTokens(model, config, special);
  const spaces: Part = { type: "Replace", pattern: { Regex: " {2,}" }, content: metaspace };
  const normalizers = [precompiled(model), { type: "Strip", strip_left: false, strip_right: true }, spaces].filter(
    (part) => part !== null,
  );
  const space: Part = {
    type: "Metaspace",
    replacement: metaspace,
    prepend_scheme: model.addDummyPrefix ? "always" : "never",
    split: true,
  };
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: { type: "Sequence", normalizers },
    pre_tokenizer: space,
    post_processor: beginAndEnd(config, special, id),
    decoder: model.byteFallback ? { type: "Sequence", decoders: [{ type: "ByteFallback" }, space] } : space,
    model:
      model.algorithm === "unigram"
        ? { type: "Unigram", unk_id: model.unknownId, vocab: scored(model.pieces), byte_fallback: model.byteFallback }
        : { ...bpe(model.pieces), unk_token: model.unknownPiece, byte_fallback: model.byteFallback },
  };
}

type Entry = [token: string, score: number];

const scored = (pieces: readonly Piece[]): Entry[] => pieces.map(({ text, score }) => [text, score]);

function idsOf(vocab: readonly Entry[]): (token: string) => number | undefined {
  const ids = new Map(vocab.map(([token], id) => [token, id]));
  return (token) => ids.get(token);
}

/** Control pieces are special, pieces that a user defined are found as they are but kept by `decode`. */
function ownTokens({ pieces }: SentencePieceModel): AddedToken[] {
  return pieces
    .filter(({ type }) => type === "control" || type === "user-defined")
    .map(({ text, type }) => ({ content: text, special: type === "control" }));
}

function withOwnTokens(
  model: SentencePieceModel,
  config: TokenizerConfig,
  special: SpecialTokens,
): { added: ReturnType<typeof addedTokens>; id: (token: string) => number } {
  const added = addedTokens(idsOf(scored(model.pieces)), model.pieces.length, {
    config,
    special,
    first: ownTokens(model),
  });
  return { added, id: (token) => added.find(({ content }) => content === token)?.id ?? 0 };
}

function precompiled({ charsMap }: SentencePieceModel): Part | null {
  if (charsMap.length === 0) return null;
  let binary = "";
  for (const byte of charsMap) binary += String.fromCharCode(byte);
  return { type: "Precompiled", precompiled_charsmap: btoa(binary) };
}

/** Words at whitespace, each with its "▁". */
function words(scheme: "always" | "never"): Pick<TokenizerJson, "pre_tokenizer" | "decoder"> {
  const space = { type: "Metaspace", replacement: metaspace, prepend_scheme: scheme, split: true };
  return { pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, space] }, decoder: space };
}

function replace(pattern: string, content: string): Part {
  return { type: "Replace", pattern: { String: pattern }, content };
}

/**
 * The merges that a SentencePiece BPE model implies: every way to make a piece of two pieces, by the id of the piece that is made, then
 * by the length of its left part.
 */
function bpe(pieces: readonly Piece[]): { type: "BPE"; [field: string]: unknown } {
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

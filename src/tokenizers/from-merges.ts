/**
 * vocab.json (token to id) and merges.txt (a pair a line, by rank) to a tokenizer.json with byte-level BPE. Reference: transformers 5.3,
 * GPT2Tokenizer, RobertaTokenizer, DebertaTokenizer, Qwen2Tokenizer and CLIPTokenizer.
 */
import { beginAndEnd, template } from "./special-token-template.ts";
import {
  addedTokens,
  bertTokens,
  configFlag,
  contentOf,
  fairseqTokens,
  type SpecialTokens,
  specialTokens,
  tokenizerClass,
  type TokenizerConfig,
} from "./tokenizer-config.ts";
import { invalid, isObject, type Part, type TokenizerJson } from "./tokenizer-json.ts";

type Style = "gpt2" | "roberta" | "deberta" | "qwen2" | "clip";

const end = "<|endoftext|>";
const defaults: Readonly<Record<Style, SpecialTokens>> = {
  gpt2: { bos_token: end, eos_token: end, unk_token: end },
  roberta: fairseqTokens,
  deberta: bertTokens,
  qwen2: { eos_token: end, unk_token: end, pad_token: end },
  clip: { bos_token: "<|startoftext|>", eos_token: end, unk_token: end, pad_token: end },
};
const qwenPattern = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const clipPattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;

/** The style is the config's class; without one, CLIP's when words end in "</w>", RoBERTa's when "<s>" and "</s>" are tokens, else GPT-2's. */
export function fromMerges(vocab: unknown, mergesText: string, config: TokenizerConfig = {}): TokenizerJson {
  if (!isObject(vocab)) throw invalid("vocab.json", "must be an object from token to id", vocab);
  const merges = mergesText.split(/\r\n|\n/).filter((line) => line !== "" && !line.startsWith("#version"));
  const idOf = (token: string) => (Object.hasOwn(vocab, token) ? (vocab[token] as number) : undefined);
  const style = styleOf(config, vocab);
  const special = specialTokens(config, defaults[style]);
  const added = addedTokens(idOf, Object.keys(vocab).length, { config, special });
  const id = (token: string) => added.find(({ content }) => content === token)?.id ?? 0;
  return {
    version: "1.0",
    added_tokens: added,
    ...steps(style, config),
    post_processor: processors[style](config, special, id),
    decoder: style === "clip" ? clipDecoder() : byteDecoder,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: style === "clip" ? contentOf(special, "unk_token") : null,
      continuing_subword_prefix: "",
      end_of_word_suffix: style === "clip" ? "</w>" : "",
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges,
    },
  };
}

function styleOf(config: TokenizerConfig, vocab: Record<string, unknown>): Style {
  const named = tokenizerClass(config);
  if (named === "CLIP") return "clip";
  if (named === "Deberta") return "deberta";
  if (named === "Qwen2") return "qwen2";
  if (named === "Roberta" || named === "Longformer" || named === "LED" || named === "Bart") return "roberta";
  if (named !== undefined) return "gpt2";
  if (Object.hasOwn(vocab, "!</w>") || Object.hasOwn(vocab, "the</w>")) return "clip";
  return Object.hasOwn(vocab, "<s>") && Object.hasOwn(vocab, "</s>") ? "roberta" : "gpt2";
}

type Processor = (config: TokenizerConfig, special: SpecialTokens, id: (token: string) => number) => Part;

const processors: Readonly<Record<Style, Processor>> = {
  gpt2: beginAndEnd,
  qwen2: beginAndEnd,
  roberta: (config, special, id) => ({
    type: "RobertaProcessing",
    sep: [contentOf(special, "sep_token"), id(contentOf(special, "sep_token"))],
    cls: [contentOf(special, "cls_token"), id(contentOf(special, "cls_token"))],
    trim_offsets: configFlag(config, "trim_offsets", true),
    add_prefix_space: configFlag(config, "add_prefix_space", false),
  }),
  deberta: (_, special, id) => {
    const [cls, sep] = [contentOf(special, "cls_token"), contentOf(special, "sep_token")];
    const ids = { [cls]: id(cls), [sep]: id(sep) };
    return template(`${cls} $A ${sep}`, `${cls} $A ${sep} ${sep} $B ${sep}`, ids);
  },
  clip: (_, special, id) => ({
    type: "RobertaProcessing",
    sep: [contentOf(special, "eos_token"), id(contentOf(special, "eos_token"))],
    cls: [contentOf(special, "bos_token"), id(contentOf(special, "bos_token"))],
    trim_offsets: false,
    add_prefix_space: false,
  }),
};

/** What is done to a text before the model. */
function steps(style: Style, config: TokenizerConfig): Pick<TokenizerJson, "normalizer" | "pre_tokenizer"> {
  const bytes = (addPrefixSpace: boolean, useRegex = true): Part => ({
    type: "ByteLevel",
    add_prefix_space: addPrefixSpace,
    trim_offsets: true,
    use_regex: useRegex,
  });
  const addPrefixSpace = configFlag(config, "add_prefix_space", false);
  if (style === "clip") return { normalizer: clipNormalizer(), pre_tokenizer: clipPreTokenizer(bytes(false)) };
  if (style !== "qwen2") return { normalizer: null, pre_tokenizer: bytes(addPrefixSpace) };
  const split = { type: "Split", pattern: { Regex: qwenPattern }, behavior: "Isolated", invert: false };
  const cut = { type: "Sequence", pretokenizers: [split, bytes(addPrefixSpace, false)] };
  return { normalizer: { type: "NFC" }, pre_tokenizer: cut };
}

const byteDecoder: Part = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true };

/** transformers does in Python what the last two steps do: a word's end becomes a space, but not at the text's end. */
function clipDecoder(): Part {
  const wordEnd = { type: "Replace", pattern: { String: "</w>" }, content: " " };
  return { type: "Sequence", decoders: [byteDecoder, wordEnd, { type: "Strip", content: " ", start: 0, stop: 1 }] };
}

function clipNormalizer(): Part {
  return {
    type: "Sequence",
    normalizers: [
      { type: "NFC" },
      { type: "Replace", pattern: { Regex: String.raw`\s+` }, content: " " },
      { type: "Lowercase" },
    ],
  };
}

function clipPreTokenizer(byteLevel: Part): Part {
  return {
    type: "Sequence",
    pretokenizers: [{ type: "Split", pattern: { Regex: clipPattern }, behavior: "Removed", invert: true }, byteLevel],
  };
}

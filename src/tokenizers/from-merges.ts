/**
 * vocab.json (token to id) and merges.txt (a pair a line, by rank) to a tokenizer.json with byte-level BPE. Reference: transformers 5.3,
 * GPT2Tokenizer, RobertaTokenizer and CLIPTokenizer.
 */
import { beginAndEnd } from "./special-token-template.ts";
import {
  addedTokens,
  configFlag,
  contentOf,
  type SpecialTokens,
  specialTokens,
  tokenizerClass,
  type TokenizerConfig,
} from "./tokenizer-config.ts";
import { invalid, isObject, type Part, type TokenizerJson } from "./tokenizer-json.ts";

type Style = "gpt2" | "roberta" | "clip";

const end = "<|endoftext|>";
const defaults: Readonly<Record<Style, SpecialTokens>> = {
  gpt2: { bos_token: end, eos_token: end, unk_token: end },
  roberta: {
    bos_token: "<s>",
    eos_token: "</s>",
    unk_token: "<unk>",
    sep_token: "</s>",
    pad_token: "<pad>",
    cls_token: "<s>",
    mask_token: "<mask>",
  },
  clip: { bos_token: "<|startoftext|>", eos_token: end, unk_token: end, pad_token: end },
};
const clipPattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;

/** The style is the config's class; without one, CLIP's when words end in "</w>", RoBERTa's when "<s>" and "</s>" are tokens, else GPT-2's. */
export function fromMerges(vocab: unknown, mergesText: string, config: TokenizerConfig = {}): TokenizerJson {
  if (!isObject(vocab)) throw invalid("vocab.json", "must be an object from token to id", vocab);
  const merges = mergesText.split(/\r\n|\n/).filter((line) => line !== "" && !line.startsWith("#version"));
  const idOf = (token: string) => (Object.hasOwn(vocab, token) ? (vocab[token] as number) : undefined);
  const style = styleOf(config, vocab);
  const addPrefixSpace = configFlag(config, "add_prefix_space", false);
  const special = specialTokens(config, defaults[style]);
  const added = addedTokens(idOf, Object.keys(vocab).length, { config, special });
  const id = (token: string) => added.find(({ content }) => content === token)?.id ?? 0;
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: style === "clip" ? false : addPrefixSpace,
    trim_offsets: true,
    use_regex: true,
  };
  const pair = (token: string): [string, number] => [token, id(token)];
  const processors: Readonly<Record<Style, () => Part>> = {
    gpt2: () => beginAndEnd(config, special, id),
    roberta: () => ({
      type: "RobertaProcessing",
      sep: pair(contentOf(special, "sep_token")),
      cls: pair(contentOf(special, "cls_token")),
      trim_offsets: configFlag(config, "trim_offsets", true),
      add_prefix_space: addPrefixSpace,
    }),
    clip: () => ({
      type: "RobertaProcessing",
      sep: pair(contentOf(special, "eos_token")),
      cls: pair(contentOf(special, "bos_token")),
      trim_offsets: false,
      add_prefix_space: false,
    }),
  };
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: style === "clip" ? clipNormalizer() : null,
    pre_tokenizer: style === "clip" ? clipPreTokenizer(byteLevel) : byteLevel,
    post_processor: processors[style](),
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
  if (named === "Roberta" || named === "Longformer" || named === "LED" || named === "Bart") return "roberta";
  if (named !== undefined) return "gpt2";
  if (Object.hasOwn(vocab, "!</w>") || Object.hasOwn(vocab, "the</w>")) return "clip";
  return Object.hasOwn(vocab, "<s>") && Object.hasOwn(vocab, "</s>") ? "roberta" : "gpt2";
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

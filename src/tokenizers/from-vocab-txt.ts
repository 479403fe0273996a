/**
 * vocab.txt (a token a line, the line is its id) to a tokenizer.json with WordPiece. Reference: transformers 5.3, BertTokenizer and
 * MPNetTokenizer, which differ in their special tokens and in how pairs are joined.
 */
import { template } from "./special-token-template.ts";
import {
  addedTokens,
  configFlag,
  contentOf,
  type SpecialTokens,
  specialTokens,
  tokenizerClass,
  type TokenizerConfig,
} from "./tokenizer-config.ts";
import { invalid, type TokenizerJson } from "./tokenizer-json.ts";

const bert: SpecialTokens = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};
const mpnet: SpecialTokens = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "[UNK]",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: { content: "<mask>", lstrip: true },
};

/** MPNet's layout where the config names that class, BERT's otherwise. Throws `invalid-file` for an empty vocabulary. */
export function fromVocabTxt(text: string, config: TokenizerConfig = {}): TokenizerJson {
  const lines = text.split(/\r\n|\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw invalid("vocab.txt", "must hold a token a line", text);
  const vocab: Record<string, number> = Object.fromEntries(lines.map((token, id) => [token, id]));
  const idOf = (token: string) => (Object.hasOwn(vocab, token) ? vocab[token] : undefined);
  const isMpnet = tokenizerClass(config) === "MPNet";
  const special = specialTokens(config, isMpnet ? mpnet : bert);
  const added = addedTokens(idOf, lines.length, { config, special });
  const [cls, sep] = [contentOf(special, "cls_token"), contentOf(special, "sep_token")];
  const ids = Object.fromEntries(
    [cls, sep].map((token) => [token, added.find(({ content }) => content === token)?.id ?? 0]),
  );
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: configFlag(config, "tokenize_chinese_chars", true),
      strip_accents: config["strip_accents"] ?? null,
      lowercase: configFlag(config, "do_lower_case", true),
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template(`${cls} $A ${sep}`, `${cls} $A ${sep}${isMpnet ? ` ${sep}` : ""} $B:1 ${sep}:1`, ids),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: contentOf(special, "unk_token"),
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

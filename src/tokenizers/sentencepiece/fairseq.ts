/**
 * XLM-RoBERTa and CamemBERT: fairseq's special tokens stand before the model's pieces, a mask after them.
 * Reference: transformers 5.3, XLMRobertaTokenizer, CamembertTokenizer and their converters. CamemBERT's character map is not applied there.
 */
import { template } from "../special-token-template.ts";
import { configFlag, contentOf, fairseqTokens, type SpecialTokens, specialTokens } from "../tokenizer-config.ts";
import type { Part, TokenizerJson } from "../tokenizer-json.ts";
import {
  type Entry,
  precompiled,
  type PrependScheme,
  replaceAll,
  scored,
  type Source,
  spaces,
  withOwnTokens,
  words,
} from "./pieces.ts";

/** Four special tokens in place of the model's own three. */
export function xlmRobertaJson(source: Source): TokenizerJson {
  const special = specialTokens(source.config, fairseqTokens);
  const first = (["bos_token", "pad_token", "eos_token", "unk_token"] as const).map((role): Entry => [
    contentOf(special, role),
    0,
  ]);
  const vocab = [...first, ...scored(source.model.pieces).slice(3), [contentOf(special, "mask_token"), 0] as Entry];
  return {
    ...common(source, special, vocab),
    normalizer: precompiled(source.model),
    ...words(schemeOf(source)),
  };
}

/** Five special tokens, two of them never used, in place of the model's first. */
export function camembertJson(source: Source): TokenizerJson {
  const special = specialTokens(source.config, { ...fairseqTokens, mask_token: { content: "<mask>", lstrip: true } });
  const vocab: Entry[] = [
    ["<s>NOTUSED", 0],
    [contentOf(special, "pad_token"), 0],
    ["</s>NOTUSED", 0],
    [contentOf(special, "unk_token"), 0],
    ["<unk>NOTUSED", -100],
    ...scored(source.model.pieces).slice(1),
    [contentOf(special, "mask_token"), 0],
  ];
  const space = spaces(schemeOf(source));
  const strip: Part = { type: "Strip", strip_left: false, strip_right: true };
  return {
    ...common(source, special, vocab),
    normalizer: { type: "Sequence", normalizers: [replaceAll(String.raw`\s{2,}|[\n\r\t]`, " "), strip] },
    pre_tokenizer: space,
    decoder: space,
  };
}

function common(source: Source, special: SpecialTokens, vocab: Entry[]): TokenizerJson {
  const [bos, eos] = [contentOf(special, "bos_token"), contentOf(special, "eos_token")];
  const { added, id } = withOwnTokens(source, special, { vocab });
  const ids = { [bos]: id(bos), [eos]: id(eos) };
  return {
    version: "1.0",
    added_tokens: added,
    post_processor: template(`${bos} $A ${eos}`, `${bos} $A ${eos} ${eos} $B ${eos}`, ids),
    model: { type: "Unigram", unk_id: 3, vocab, byte_fallback: false },
  };
}

const schemeOf = ({ config }: Source): PrependScheme =>
  configFlag(config, "add_prefix_space", true) ? "always" : "never";

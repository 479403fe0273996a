/**
 * DeBERTa v2 and v3 (spm.model): a mask after the model's pieces. Reference: transformers 5.3, DebertaV2Tokenizer, which does not apply the
 * model's character map. Differs: texts stand between [CLS] and [SEP], as the models were trained and as other versions do it
 * (5.0 to 5.3 forget both: transformers issue 44568).
 */
import { template } from "../special-token-template.ts";
import { bertTokens, configFlag, contentOf, specialTokens } from "../tokenizer-config.ts";
import type { Part, TokenizerJson } from "../tokenizer-json.ts";
import { replaceAll, scored, type Source, spaces, withOwnTokens } from "./pieces.ts";

export function debertaV2Json(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, bertTokens);
  const { added, id } = withOwnTokens(source, special);
  const [cls, sep] = [contentOf(special, "cls_token"), contentOf(special, "sep_token")];
  const unknown = model.pieces.findIndex(({ text }) => text === contentOf(special, "unk_token"));
  const lower: Part[] = configFlag(config, "do_lower_case", false) ? [{ type: "Lowercase" }] : [];
  const punctuation: Part[] = configFlag(config, "split_by_punct", false)
    ? [{ type: "Punctuation", behavior: "Isolated" }]
    : [];
  const space = spaces(configFlag(config, "add_prefix_space", true) ? "always" : "first");
  const blanks = [
    replaceAll(String.raw`\s{2,}|[\n\r\t]`, " "),
    { type: "NFC" },
    { type: "Strip", strip_left: false, strip_right: true },
  ];
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: { type: "Sequence", normalizers: [...lower, ...blanks] },
    pre_tokenizer: { type: "Sequence", pretokenizers: [...punctuation, space] },
    post_processor: template(`${cls} $A ${sep}`, `${cls} $A ${sep} $B:1 ${sep}:1`, { [cls]: id(cls), [sep]: id(sep) }),
    decoder: space,
    model: {
      ...{ type: "Unigram", vocab: scored(model.pieces), byte_fallback: false },
      unk_id: unknown < 0 ? model.unknownId : unknown,
    },
  };
}

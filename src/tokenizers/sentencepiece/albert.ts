/**
 * ALBERT: texts without accents and in lower case, between [CLS] and [SEP]. Reference: transformers 5.3, AlbertTokenizer, which does not
 * apply the model's character map. Differs: `keep_accents` and `do_lower_case: false` are followed (5.3 folds in any case).
 */
import { template } from "../special-token-template.ts";
import { bertTokens, configFlag, contentOf, specialTokens } from "../tokenizer-config.ts";
import type { Part, TokenizerJson } from "../tokenizer-json.ts";
import { replace, replaceAll, scored, type Source, withOwnTokens, words } from "./pieces.ts";

export function albertJson(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, { ...bertTokens, unk_token: "<unk>", pad_token: "<pad>" });
  const { added, id } = withOwnTokens(source, special);
  const [cls, sep] = [contentOf(special, "cls_token"), contentOf(special, "sep_token")];
  const accents: Part[] = configFlag(config, "keep_accents", false) ? [] : [{ type: "NFKD" }, { type: "StripAccents" }];
  const lower: Part[] = configFlag(config, "do_lower_case", true) ? [{ type: "Lowercase" }] : [];
  const folded = [...accents, ...lower, replaceAll(" {2,}", " ")];
  return {
    version: "1.0",
    added_tokens: added,
    // Twice, as transformers does: a lower-case letter may carry an accent that its capital has not.
    normalizer: { type: "Sequence", normalizers: [replace("``", '"'), replace("''", '"'), ...folded, ...folded] },
    ...words(configFlag(config, "add_prefix_space", true) ? "always" : "never"),
    post_processor: template(`${cls} $A ${sep}`, `${cls} $A ${sep} $B:1 ${sep}:1`, { [cls]: id(cls), [sep]: id(sep) }),
    model: { type: "Unigram", unk_id: 1, vocab: scored(model.pieces), byte_fallback: false },
  };
}

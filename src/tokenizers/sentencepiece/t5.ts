/** T5 and mT5: the model's pieces, then sentinels <extra_id_99> … <extra_id_0>. Reference: transformers 5.3, T5Tokenizer and T5Converter. */
import { template } from "../special-token-template.ts";
import { configCount, contentOf, specialTokens } from "../tokenizer-config.ts";
import type { TokenizerJson } from "../tokenizer-json.ts";
import { type Entry, precompiled, scored, type Source, withOwnTokens, words } from "./pieces.ts";

/** Most sentinels that a config may ask for. */
const mostSentinels = 100_000;

export function t5Json(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, { eos_token: "</s>", unk_token: "<unk>", pad_token: "<pad>" });
  const count = configCount(config, "extra_ids", { otherwise: 100, most: mostSentinels });
  const sentinels = Array.from({ length: count }, (_, i) => `<extra_id_${count - 1 - i}>`);
  const vocab = [...scored(model.pieces), ...sentinels.map((token): Entry => [token, 0])];
  const more = sentinels.map((content) => ({ content, special: true }));
  const { added, id } = withOwnTokens(source, special, { vocab, more });
  const eos = contentOf(special, "eos_token");
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: precompiled(model),
    ...words("always"),
    post_processor: template(`$A ${eos}`, `$A ${eos} $B ${eos}`, { [eos]: id(eos) }),
    model: { type: "Unigram", unk_id: model.unknownId, vocab, byte_fallback: false },
  };
}

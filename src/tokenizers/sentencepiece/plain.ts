/** A model of no known class, as SentencePiece itself reads it. Reference: transformers' `SpmConverter`; differs by what Rust's charsmap does. */
import { beginAndEnd } from "../special-token-template.ts";
import { specialTokens } from "../tokenizer-config.ts";
import type { TokenizerJson } from "../tokenizer-json.ts";
import { bpe, metaspace, precompiled, replaceAll, scored, type Source, spaces, withOwnTokens } from "./pieces.ts";

export function plainJson(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, {
    bos_token: model.beginPiece,
    eos_token: model.endPiece,
    unk_token: model.unknownPiece,
  });
  const { added, id } = withOwnTokens(source, special);
  const strip = { type: "Strip", strip_left: false, strip_right: true };
  const normalizers = [precompiled(model), strip, replaceAll(" {2,}", metaspace)].filter((part) => part !== null);
  const space = spaces(model.addDummyPrefix ? "always" : "never");
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

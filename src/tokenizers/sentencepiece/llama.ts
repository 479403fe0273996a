/** Llama and Gemma: BPE over the whole text, bytes for characters without a piece. Reference: transformers 5.3, LlamaTokenizer and GemmaTokenizer. */
import { beginAndEnd } from "../special-token-template.ts";
import { configFlag, contentOf, specialTokens } from "../tokenizer-config.ts";
import type { Part, TokenizerJson } from "../tokenizer-json.ts";
import { bpe, metaspace, replace, type Source, spaces, withOwnTokens } from "./pieces.ts";

const bytesToText: readonly Part[] = [replace(metaspace, " "), { type: "ByteFallback" }, { type: "Fuse" }];

/** "legacy" puts a space before each part between added tokens. */
export function llamaJson(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, {
    bos_token: model.beginPiece,
    eos_token: model.endPiece,
    unk_token: model.unknownPiece,
  });
  const { added, id } = withOwnTokens(source, special);
  const addPrefixSpace = configFlag(config, "add_prefix_space", true);
  const scheme = !addPrefixSpace ? "never" : configFlag(config, "legacy", false) ? "always" : "first";
  const strip: Part[] = addPrefixSpace ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : [];
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: spaces(scheme, false),
    post_processor: beginAndEnd(config, special, id),
    decoder: { type: "Sequence", decoders: [...bytesToText, ...strip] },
    model: { ...bpe(model.pieces), unk_token: null, byte_fallback: true },
  };
}

/** No space before a text. */
export function gemmaJson(source: Source): TokenizerJson {
  const { model, config } = source;
  const special = specialTokens(config, {
    bos_token: "<bos>",
    eos_token: "<eos>",
    unk_token: "<unk>",
    pad_token: "<pad>",
    mask_token: "<mask>",
  });
  const { added, id } = withOwnTokens(source, special);
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: replace(" ", metaspace),
    pre_tokenizer: { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false },
    post_processor: beginAndEnd(config, special, id),
    decoder: { type: "Sequence", decoders: [...bytesToText] },
    model: { ...bpe(model.pieces), unk_token: contentOf(special, "unk_token"), byte_fallback: true },
  };
}

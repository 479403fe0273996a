/** A SentencePiece model to a tokenizer.json, by the class that its model has in transformers; `sentencepiece/` has one file a style. */
import { SemspaceError } from "../errors.ts";
import type { SentencePieceModel } from "../formats/sentencepiece.ts";
import { albertJson } from "./sentencepiece/albert.ts";
import { debertaV2Json } from "./sentencepiece/deberta-v2.ts";
import { camembertJson, xlmRobertaJson } from "./sentencepiece/fairseq.ts";
import { gemmaJson, llamaJson } from "./sentencepiece/llama.ts";
import type { Source } from "./sentencepiece/pieces.ts";
import { plainJson } from "./sentencepiece/plain.ts";
import { t5Json } from "./sentencepiece/t5.ts";
import { tokenizerClass, type TokenizerConfig } from "./tokenizer-config.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

type Style = (source: Source) => TokenizerJson;

const unigramStyles: Readonly<Record<string, Style>> = {
  XLMRoberta: xlmRobertaJson,
  Camembert: camembertJson,
  T5: t5Json,
  Albert: albertJson,
  DebertaV2: debertaV2Json,
};
const bpeStyles: Readonly<Record<string, Style>> = {
  Llama: llamaJson,
  CodeLlama: llamaJson,
  Mistral: llamaJson,
  Gemma: gemmaJson,
};
/** Whose file a name usually is. */
const unigramFiles: Readonly<Record<string, Style>> = {
  "sentencepiece.bpe.model": xlmRobertaJson,
  "spiece.model": t5Json,
};

/**
 * The style is the config's class; without one, the file's usual name ("sentencepiece.bpe.model" is XLM-R's, "spiece.model"
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
  return styleOf(model, config, file)({ model, config });
}

function styleOf(model: SentencePieceModel, config: TokenizerConfig, file: string): Style {
  const isUnigram = model.algorithm === "unigram";
  const named = tokenizerClass(config);
  const styles = isUnigram ? unigramStyles : bpeStyles;
  if (named !== undefined) return Object.hasOwn(styles, named) ? styles[named] : plainJson;
  if (isUnigram) return Object.hasOwn(unigramFiles, file) ? unigramFiles[file] : plainJson;
  return model.byteFallback ? llamaJson : plainJson;
}

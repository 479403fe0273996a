/** The parts around a trained model: what is done to a text before it, which special tokens there are, and how tokens become text again. */
import { byteAlphabet } from "../byte-characters.ts";
import type { Part } from "../tokenizer-json.ts";

/** WordPiece as BERT has it, byte-level BPE as GPT-2, BPE and Unigram as SentencePiece. */
export type TrainableModel = "wordpiece" | "byte-level-bpe" | "bpe" | "unigram";

export const trainableModels: readonly TrainableModel[] = ["wordpiece", "byte-level-bpe", "bpe", "unigram"];

export interface TokenizerRecipe {
  normalizer: Part | null;
  preTokenizer: Part | null;
  decoder: Part | null;
  specialTokens: readonly string[];
  unknownToken: string | null;
  /** Special tokens before and after a text, and between two; each stands only where it is among the special tokens. */
  begin: string | null;
  end: string | null;
  vocabularySize: number;
  minFrequency: number;
  alphabetLimit: number | undefined;
  initialAlphabet: readonly string[];
  prefix: string;
}

/** The recipe of a model, as the Python package's ready tokenizers have it. `lowercase` is WordPiece's alone by default. */
export function tokenizerRecipe(model: TrainableModel, lowercase: boolean = model === "wordpiece"): TokenizerRecipe {
  if (model === "wordpiece") return wordPiece(lowercase);
  return model === "byte-level-bpe" ? byteLevelBpe(lowercase) : sentencePiece(model, lowercase);
}

function wordPiece(lowercase: boolean): TokenizerRecipe {
  return {
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    preTokenizer: { type: "BertPreTokenizer" },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    specialTokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    unknownToken: "[UNK]",
    begin: "[CLS]",
    end: "[SEP]",
    vocabularySize: 30_000,
    minFrequency: 2,
    alphabetLimit: 1000,
    initialAlphabet: [],
    prefix: "##",
  };
}

function byteLevelBpe(lowercase: boolean): TokenizerRecipe {
  const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    normalizer: lowercase ? { type: "Lowercase" } : null,
    preTokenizer: bytes,
    decoder: bytes,
    specialTokens: ["<|endoftext|>"],
    unknownToken: null,
    begin: null,
    end: null,
    vocabularySize: 30_000,
    minFrequency: 2,
    alphabetLimit: undefined,
    initialAlphabet: byteAlphabet(),
    prefix: "",
  };
}

function sentencePiece(model: "bpe" | "unigram", lowercase: boolean): TokenizerRecipe {
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
  const spaces = { type: "Replace", pattern: { Regex: " {2,}" }, content: " " };
  return {
    normalizer: {
      type: "Sequence",
      normalizers: [{ type: "Nmt" }, { type: "NFKC" }, ...(lowercase ? [{ type: "Lowercase" }] : []), spaces],
    },
    preTokenizer: metaspace,
    decoder: metaspace,
    specialTokens: ["<pad>", "<unk>", "<s>", "</s>", "<mask>"],
    unknownToken: "<unk>",
    begin: "<s>",
    end: "</s>",
    vocabularySize: model === "bpe" ? 30_000 : 8000,
    minFrequency: 2,
    alphabetLimit: model === "bpe" ? 1000 : undefined,
    initialAlphabet: [],
    prefix: "",
  };
}

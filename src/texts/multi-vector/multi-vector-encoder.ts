/**
 * Multi-vector encoder (ColBERT): a text becomes one vector a token, and two texts are compared token by token with MaxSim.
 * Khattab and Zaharia 2020, https://arxiv.org/abs/2004.12832. Reference: sentence-transformers 6.2, `MultiVectorEncoder`; folders of PyLate
 * and of Stanford's ColBERT are read as it reads them.
 */
import { type ModelSource, openFolder } from "../../hub/folder.ts";
import { wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { specialToken } from "../../tokenizers/index.ts";
import { defaultBatchTokens } from "../embedder.ts";
import { loadTransformerModule, type TransformerModuleOptions } from "../modules/transformer.ts";
import { markedBatches, type Marking, withMarkers } from "./marked-texts.ts";
import { maxSimilarities } from "./max-sim.ts";
import { loadMultiVectorModules, type MultiVectorModules } from "./multi-vector-modules.ts";

export interface EncodeMultiVectorOptions {
  /** Text put in front of every text, in place of the model's own marker. */
  readonly prompt?: string;
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number;
}

/** A multi-vector encoder: `loadMultiVectorEncoder` gives one. */
export interface MultiVectorEncoder {
  /** Where the model came from, for messages. */
  readonly name: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** A matrix a query, one row a token that counts. */
  encodeQuery(texts: readonly string[], options?: EncodeMultiVectorOptions): Promise<Matrix[]>;
  /** A matrix a document, one row a token that counts. */
  encodeDocument(texts: readonly string[], options?: EncodeMultiVectorOptions): Promise<Matrix[]>;
  /** MaxSim of every query with every document, [queries, documents], by the model's own measure. */
  similarity(queries: readonly Matrix[], documents: readonly Matrix[]): Matrix;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a multi-vector encoder. Throws `unsupported` for a folder that is none, and for modules that are not known.
 *
 * @example
 * const model = await loadMultiVectorEncoder("models/answerai-colbert-small-v1");
 * const queries = await model.encodeQuery(["What is the capital of France?"]);
 * const documents = await model.encodeDocument(["Paris is the capital of France.", "Berlin is the capital of Germany."]);
 * model.similarity(queries, documents).data; // Float32Array(2), the first larger
 */
export async function loadMultiVectorEncoder(
  source: ModelSource,
  options: TransformerModuleOptions = {},
): Promise<MultiVectorEncoder> {
  const folder = await openFolder(source);
  const parts = await loadMultiVectorModules(folder);
  const { settings, modules } = parts;
  const { transformer, tokenizer, maxLength } = await loadTransformerModule(parts.transformer, options);
  const marking: Marking = {
    tokenizer: settings.registersMarkers ? withMarkers(tokenizer, settings.prompts) : tokenizer,
    settings,
    maxLength,
    mask: await specialToken(parts.transformer, tokenizer, "mask_token"),
    padTokenId: transformer.config?.padTokenId ?? 0,
  };
  const encode = async (task: "query" | "document", texts: readonly string[], call: EncodeMultiVectorOptions = {}) => {
    const results: Matrix[] = Array.from({ length: texts.length });
    const batchTokens = wholeNumber("batchTokens", call.batchTokens ?? defaultBatchTokens, 1);
    const prompt = call.prompt ?? settings.prompts[task];
    for (const { positions, tokens, counts } of markedBatches(marking, { task, prompt, texts, batchTokens })) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
      const { data, rows, columns } = await transformer.run(tokens);
      const states = new Matrix(data, rows * columns, transformer.dimensions);
      const vectors = projected(modules, states, { rows, columns, mask: tokens.attentionMask });
      for (const [row, position] of positions.entries())
        results[position] = chosen(vectors, row * columns, counts[row]);
    }
    return results;
  };
  return {
    name: folder.name,
    dimensions: modules.reduce((size, module) => module.dimensions(size), transformer.dimensions),
    encodeQuery: (texts, call) => encode("query", texts, call),
    encodeDocument: (texts, call) => encode("document", texts, call),
    similarity: (queries, documents) => maxSimilarities(queries, documents, { mean: settings.isMean }),
    dispose: () => transformer.dispose(),
  };
}

function projected(
  modules: MultiVectorModules["modules"],
  states: Matrix,
  rectangle: { rows: number; columns: number; mask: Int32Array },
): Matrix {
  return modules.reduce((vectors, module) => module.apply(vectors, { ...rectangle, promptLength: 0 }), states);
}

/** The rows `first + i` of `vectors` for each i of `columns`. */
function chosen(vectors: Matrix, first: number, columns: readonly number[]): Matrix {
  const result = Matrix.zeros(columns.length, vectors.columns);
  for (const [i, column] of columns.entries()) result.row(i).set(vectors.row(first + column));
  return result;
}

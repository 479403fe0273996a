/**
 * A language model that learns: it says of hidden tokens what they were (BERT), or of every token what follows (GPT), and the loss is the cross entropy
 * of that. The output layer is the table of token vectors itself, so that both ends of the model move the same vectors.
 */
import type { Tokenizer } from "../../tokenizers/index.ts";
import type { SessionTensor } from "../../transformers/session.ts";
import { crossEntropy, labelFeeds, lossOutput } from "../gradient/cross-entropy.ts";
import { LossSession } from "../gradient/loss-session.ts";
import type { Weight } from "../gradient/trainable.ts";
import type { Gradient, Parameter } from "../parameters.ts";
import { drawModel } from "./draw.ts";
import { headedClass } from "./head-names.ts";
import type { TransformerStart } from "./learner-options.ts";
import { readsTypes, saveJson, saveTokenizer, saveWeights } from "./save-weights.ts";
import { startTransformer } from "./start.ts";
import { drawTokenLogits, positionFeed } from "./token-logits.ts";
import { parametersOf } from "./trained-weights.ts";
import type { WeightSource } from "./weight-source.ts";

/** Rows of tokens without padding, and what is asked about them. */
export interface LanguageModelBatch {
  /** [rows, columns]. */
  readonly ids: Int32Array;
  readonly rows: number;
  readonly columns: number;
  /** Tokens that are asked for, as row · columns + column. */
  readonly positions: Int32Array;
  /** The right answers. */
  readonly labels: Int32Array;
}

export interface LanguageModel {
  readonly tokenizer: Tokenizer;
  /** Whether it says what follows, rather than what is hidden. */
  readonly causal: boolean;
  /** Longest row, in tokens. */
  readonly maxPositions: number;
  readonly parameters: readonly Parameter[];
  /** Its table of token vectors, [vocabulary, size]; it follows the training. */
  readonly tokenVectors: Weight;
  /** The mean cross entropy of the answers, and the gradients of all parameters, which are valid until the next call. */
  learn(batch: LanguageModelBatch): Promise<{ loss: number; gradients: Gradient[] }>;
  /** Writes config.json, model.safetensors and the tokenizer: a folder that transformers loads, and the tasks here. */
  save(folder: string): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Opens a language model for {@link trainLanguageModel}: one that has learnt before, or one of random vectors.
 *
 * @example
 * const tokenizer = await trainTokenizer("corpus.txt", { model: "wordpiece", vocabularySize: 8000 });
 * const config = { model_type: "bert", hidden_size: 256, num_hidden_layers: 4, num_attention_heads: 4, max_position_embeddings: 128 };
 * const model = await languageModel({ config, tokenizer, seed: 1 });
 */
export async function languageModel(options: TransformerStart): Promise<LanguageModel> {
  const { source, tokenizer, json } = await startTransformer(options);
  const { graph, weights } = await drawModel(source, drawTokenLogits);
  const trainable = { graph, weights, trained: new Set(weights.keys()) };
  const session = await LossSession.open(trainable, crossEntropy("logits"), options);
  return new TrainedLanguageModel({ source, tokenizer, json, weights, session });
}

interface Parts {
  source: WeightSource;
  tokenizer: Tokenizer;
  json: Readonly<Record<string, unknown>>;
  weights: ReadonlyMap<string, Weight>;
  session: LossSession;
}

class TrainedLanguageModel implements LanguageModel {
  readonly tokenizer: Tokenizer;
  readonly causal: boolean;
  readonly maxPositions: number;
  readonly parameters: readonly Parameter[];
  readonly tokenVectors: Weight;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    const { architecture, config } = parts.source;
    this.#parts = parts;
    this.tokenizer = parts.tokenizer;
    this.causal = architecture.causal ?? false;
    this.maxPositions = architecture.maxPositions(config);
    this.parameters = parametersOf(parts.weights);
    this.tokenVectors = parts.weights.get(architecture.wordEmbeddings)!;
  }

  async learn({
    ids,
    rows,
    columns,
    positions,
    labels,
  }: LanguageModelBatch): Promise<{ loss: number; gradients: Gradient[] }> {
    const { session } = this.#parts;
    const feeds: Record<string, SessionTensor> = {
      input_ids: { type: "int32", data: ids, shape: [rows, columns] },
      attention_mask: { type: "int32", data: new Int32Array(ids.length).fill(1), shape: [rows, columns] },
      ...positionFeed(positions),
      ...labelFeeds(labels),
    };
    if (session.reads("token_type_ids")) {
      feeds["token_type_ids"] = { type: "int32", data: new Int32Array(ids.length), shape: [rows, columns] };
    }
    const { outputs, gradients } = await session.run(feeds, [lossOutput]);
    return { loss: (outputs[lossOutput].data as Float32Array)[0], gradients };
  }

  async save(folder: string): Promise<void> {
    const { source, weights, json, tokenizer } = this.#parts;
    const name = headedClass(source.config.modelType, this.causal ? "CausalLM" : "MaskedLM");
    await saveJson(folder, "config.json", { ...json, ...(name ? { architectures: [name] } : {}), dtype: "float32" });
    await saveTokenizer(folder, tokenizer, { maxLength: this.maxPositions, types: readsTypes(weights) });
    await saveWeights(folder, weights, (tensor) => source.nameOf(tensor));
  }

  dispose(): Promise<void> {
    return this.#parts.session.dispose();
  }
}

/** What models with a head have in common when they learn: a new head beside a known encoder, the loss in the graph, and the folder that comes out. */
import { SemspaceError, shown } from "../../errors.ts";
import { openFolder } from "../../hub/folder.ts";
import type { Head } from "../../transformers/heads/head.ts";
import { logitsOutput } from "../../transformers/heads/head-graph.ts";
import { lossOutput } from "../gradient/cross-entropy.ts";
import { type LossInGraph, LossSession } from "../gradient/loss-session.ts";
import type { Weight } from "../gradient/trainable.ts";
import type { Gradient, Parameter } from "../parameters.ts";
import { drawModel, type DrawnModel } from "./draw.ts";
import { headedClass, headedName, isHeadTensor } from "./head-names.ts";
import type { TransformerStart } from "./learner-options.ts";
import { initialValues } from "./random-weights.ts";
import { companions, copyFiles, saveConfig, saveTensors } from "./save-embedder.ts";
import { readsTypes, saveTokenizer } from "./save-weights.ts";
import { type Started, startTransformer } from "./start.ts";
import type { StepLearner } from "./step-training.ts";
import { batchFeeds } from "./token-batches.ts";
import { trainedPart, type TrainedPartOptions } from "./trained-part.ts";
import { parametersOf } from "./trained-weights.ts";
import type { WeightSource } from "./weight-source.ts";
import type { SessionTensor } from "../../transformers/session.ts";
import type { TokenBatch } from "../../transformers/index.ts";

/** A model with a head that learns from examples of its own kind: {@link trainHead}. */
export interface HeadLearner<Example> extends StepLearner<readonly Example[]> {
  /** The names of the labels, in the order of the logits. */
  readonly labels: readonly string[];
  /** What the head says of a batch, [rows, labels]: a row an example for texts, a row a token for words. */
  logits(examples: readonly Example[]): Promise<Float32Array>;
  /** Writes a folder that transformers loads, and the tasks here. */
  save(folder: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface HeadLearnerOptions extends TransformerStart, TrainedPartOptions {
  /** The names of the labels. Default: those of the model. */
  readonly labels?: readonly string[] | undefined;
}

/** What tells one kind of head from another. */
export interface HeadKind<Example> {
  readonly head: Head;
  readonly loss: (labels: number) => LossInGraph;
  readonly className: "SequenceClassification" | "TokenClassification";
  readonly batch: (examples: readonly Example[], started: Started, labels: readonly string[]) => HeadBatch;
}

export interface HeadBatch {
  readonly tokens: TokenBatch;
  /** The loss's own inputs. */
  readonly answers: Record<string, SessionTensor>;
}

export async function openHeadLearner<Example>(
  options: HeadLearnerOptions,
  kind: HeadKind<Example>,
): Promise<HeadLearner<Example>> {
  const started = withLabels(await startTransformer(options, openFolder), options.labels);
  const { source } = started;
  const labels = Object.values(started.json["id2label"] as Record<string, string>);
  const drawn = await drawModel(withNewHead(source, options.seed ?? 42), (encoder) => {
    const { value, shape } = kind.head(encoder.g, encoder);
    encoder.g.output(logitsOutput, value, shape);
  });
  const parameters = parametersOf(drawn.weights, trainedPart(drawn.weights.keys(), source.config, options));
  const trainable = { ...drawn, trained: new Set(parameters.map(({ name }) => name)) };
  const session = await LossSession.open(trainable, kind.loss(labels.length), options);
  return new OpenedHeadLearner({ started, labels, drawn, parameters, session, kind });
}

interface Parts<Example> {
  started: Started;
  labels: readonly string[];
  drawn: DrawnModel;
  parameters: readonly Parameter[];
  session: LossSession;
  kind: HeadKind<Example>;
}

class OpenedHeadLearner<Example> implements HeadLearner<Example> {
  readonly labels: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly #parts: Parts<Example>;

  constructor(parts: Parts<Example>) {
    this.#parts = parts;
    this.labels = parts.labels;
    this.parameters = parts.parameters;
  }

  async learn(examples: readonly Example[]): Promise<{ loss: number; gradients: Gradient[] }> {
    const { outputs, gradients } = await this.#parts.session.run(this.#feeds(examples), [lossOutput]);
    return { loss: (outputs[lossOutput].data as Float32Array)[0], gradients };
  }

  async logits(examples: readonly Example[]): Promise<Float32Array> {
    const outputs = await this.#parts.session.look(this.#feeds(examples), [logitsOutput]);
    return outputs[logitsOutput].data as Float32Array;
  }

  async save(folder: string): Promise<void> {
    const { started, drawn, kind } = this.#parts;
    const { modelType } = started.source.config;
    if (started.folder) await copyFiles(started.folder, folder, companions);
    else
      await saveTokenizer(folder, started.tokenizer, {
        maxLength: started.maxLength,
        types: readsTypes(drawn.weights),
      });
    const name = headedClass(modelType, kind.className);
    await saveConfig(folder, started, name ? { architectures: [name] } : {});
    await saveTensors(folder, drawn.weights, headed(started.source, drawn.weights));
  }

  dispose(): Promise<void> {
    return this.#parts.session.dispose();
  }

  #feeds(examples: readonly Example[]): Record<string, SessionTensor> {
    const { kind, started, labels, drawn } = this.#parts;
    const { tokens, answers } = kind.batch(examples, started, labels);
    return { ...batchFeeds(tokens, drawn.graph), ...answers };
  }
}

/** The source under the names that a model with a head has; other heads of the checkpoint stay behind. */
function headed(
  source: WeightSource,
  weights: ReadonlyMap<string, Weight>,
): { source: WeightSource; nameOf: (name: string) => string } {
  const { modelType } = source.config;
  const { anchor } = source.architecture;
  const isBare = source.nameOf(anchor) === anchor;
  const nameOf = (name: string) => (isBare || !source.has(name) ? headedName(modelType, name) : source.nameOf(name));
  const rest = async () => {
    const others = Object.entries(await source.rest(weights.keys())).filter(([name]) => !isHeadTensor(name));
    return Object.fromEntries(others.map(([name, tensor]) => [isBare ? headedName(modelType, name) : name, tensor]));
  };
  return { source: { ...source, rest }, nameOf };
}

/** Tensors of the head that the checkpoint does not have, or has for other labels, begin at random. */
function withNewHead(source: WeightSource, seed: number): WeightSource {
  return {
    ...source,
    async read(name, shape) {
      const begin = () => initialValues(source.config, { name, shape, seed });
      const isHead = isHeadTensor(name) || name.startsWith("pooler.");
      if (!isHead) return source.read(name, shape);
      if (!source.has(name)) return begin();
      return source.read(name, shape).catch((error: unknown) => {
        if (error instanceof SemspaceError && error.code === "mismatch" && isHeadTensor(name)) return begin();
        throw error;
      });
    },
  };
}

function withLabels(started: Started, labels: readonly string[] | undefined): Started {
  const { source, json } = started;
  const known = json["id2label"];
  if (labels === undefined && typeof known === "object" && known !== null) return started;
  if (!labels || labels.length === 0 || new Set(labels).size !== labels.length) {
    throw new SemspaceError("invalid-argument", `labels must name every label once, got ${shown(labels)}.`);
  }
  const named = {
    ...json,
    num_labels: labels.length,
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
  const config = { ...source.config, json: { ...source.config.json, ...named } };
  return { ...started, json: named, source: { ...source, config } };
}

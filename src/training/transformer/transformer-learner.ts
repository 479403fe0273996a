/**
 * A transformer that learns vectors of texts, for {@link train}: the whole of a sentence-transformers folder, pooling and what follows it included, is one
 * graph; its reverse pass is differentiate.ts's. Texts are computed without dropout, so that a training gives the same vectors as long as the seed is the same.
 */
import { SemspaceError } from "../../errors.ts";
import { type ModelFolder } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import { planBatches } from "../../texts/batches.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { createEmbedder } from "../../texts/encode.ts";
import type { EmbedJob } from "../../texts/text-body.ts";
import { readModules } from "../../texts/load-modules.ts";
import { type ModelSettings, plainSettings, readSettings } from "../../texts/settings.ts";
import { UpstreamSession } from "../gradient/upstream-session.ts";
import type { Weight } from "../gradient/trainable.ts";
import type { Learner } from "../learner.ts";
import type { Gradient, Parameter } from "../parameters.ts";
import { type DrawnModel, drawModel } from "./draw.ts";
import type { TransformerLearnerOptions } from "./learner-options.ts";
import { addLora } from "./lora.ts";
import { saveEmbedder } from "./save-embedder.ts";
import { type Started, startTransformer } from "./start.ts";
import { drawTextLayers, plainLayers, readTextLayers, type TextLayers, vectorOutput } from "./text-modules.ts";
import { lengthGroups } from "./length-groups.ts";
import { batchFeeds, flatIds, paddedBatch } from "./token-batches.ts";
import { trainedPart } from "./trained-part.ts";
import { parametersOf } from "./trained-weights.ts";
import { withTensors } from "./weight-source.ts";

/**
 * Opens a transformer for training: a folder that `loadEmbedder` opens, or one of random weights from a config. Throws `unsupported` for a module or an operator
 * that cannot learn.
 *
 * @example
 * const learner = await transformerLearner({ model: "models/all-MiniLM-L6-v2", lastLayers: 2 });
 * await train({ learner, data: await loadDataset("pairs.jsonl"), loss: losses.multipleNegativesRanking() });
 * await learner.save("my-model"); // sentence-transformers loads it
 */
export async function transformerLearner(options: TransformerLearnerOptions): Promise<Learner> {
  let whole: ModelFolder | undefined;
  const started = await startTransformer(options, async (folder) => {
    whole = folder;
    return transformerFolder(folder);
  });
  const layers: TextLayers = whole
    ? await readTextLayers(whole, options.pooling ?? "mean")
    : plainLayers(options.pooling ?? "mean");
  const source = withTensors(started.source, layers.tensors);
  let dimensions = 0;
  const drawn = await drawModel(source, (encoder) => {
    dimensions = drawTextLayers(encoder, layers);
  });
  const part = learningPart(drawn, started, options);
  const trainable = { ...part.model, trained: new Set(part.parameters.map(({ name }) => name)) };
  const session = await UpstreamSession.open(trainable, vectorOutput, options);
  const settings = whole ? await readSettings(whole) : plainSettings;
  const parts = { started, layers, whole, settings, session, ...part };
  return new TransformerLearner(parts, dimensions);
}

/** Where the transformer of a folder with modules lies. */
async function transformerFolder(folder: ModelFolder): Promise<ModelFolder> {
  if ((await folder.size("modules.json")) === undefined) return folder;
  const [first] = await readModules(folder);
  if (first.type === "Transformer") return first.folder;
  throw new SemspaceError(
    "unsupported",
    `${folder.name} is a static model. Train it with staticLearner(), which needs no ONNX Runtime.`,
  );
}

interface LearningPart {
  model: DrawnModel;
  parameters: readonly Parameter[];
  /** The weights as they are to be saved. */
  weights: () => ReadonlyMap<string, Weight>;
}

function learningPart(drawn: DrawnModel, { source }: Started, options: TransformerLearnerOptions): LearningPart {
  const { lora } = options;
  if (lora === undefined || lora === false) {
    const learns = trainedPart(drawn.weights.keys(), source.config, options);
    const parameters = parametersOf(drawn.weights, learns);
    if (parameters.length === 0) {
      throw new SemspaceError("invalid-argument", "Nothing of the model would learn. Use a larger lastLayers.");
    }
    return { model: drawn, parameters, weights: () => drawn.weights };
  }
  if (options.lastLayers !== undefined) {
    const message =
      "lora and lastLayers exclude each other: with adapters no weight of the layers itself learns. Give adapters to some layers by lora.targets.";
    throw new SemspaceError("invalid-argument", message);
  }
  const { model, trained, merged } = addLora(drawn, lora === true ? {} : lora);
  return { model, parameters: parametersOf(model.weights, (name) => trained.has(name)), weights: merged };
}

interface Parts extends LearningPart {
  started: Started;
  layers: TextLayers;
  /** The model's folder, with its modules. */
  whole: ModelFolder | undefined;
  settings: ModelSettings;
  session: UpstreamSession;
}

class TransformerLearner implements Learner {
  readonly name: string;
  readonly dimensions: number;
  readonly parameters: readonly Parameter[];
  readonly #parts: Parts;
  /** The rows of the last batch by the parts in which they were computed. */
  #rows: readonly Int32Array[] = [];
  #disposed = false;

  constructor(parts: Parts, dimensions: number) {
    this.#parts = parts;
    this.name = parts.whole?.name ?? `a new ${parts.started.source.config.modelType}`;
    this.dimensions = dimensions;
    this.parameters = parts.parameters;
  }

  async encode(texts: readonly string[]): Promise<Matrix> {
    if (this.#disposed) throw new SemspaceError("disposed", "This learner was disposed of. Open it again.");
    const { started, session, model } = this.#parts;
    const { tokenizer, maxLength, source } = started;
    const ids = flatIds(tokenizer, texts, maxLength);
    this.#rows = lengthGroups(Int32Array.from(texts, (_, i) => ids.starts[i + 1] - ids.starts[i]));
    const sizes = { padId: source.config.padTokenId, most: maxLength };
    const parts = await session.forward(
      this.#rows.map((rows) => batchFeeds(paddedBatch(ids, rows, sizes), model.graph)),
    );
    const vectors = Matrix.zeros(texts.length, this.dimensions);
    for (const [part, rows] of this.#rows.entries()) {
      const data = parts[part].data as Float32Array;
      for (const [i, row] of rows.entries())
        vectors.row(row).set(data.subarray(i * this.dimensions, (i + 1) * this.dimensions));
    }
    return vectors;
  }

  backward(upstream: Matrix): Promise<Gradient[]> {
    const parts = this.#rows.map((rows) => {
      const data = new Float32Array(rows.length * this.dimensions);
      for (const [i, row] of rows.entries()) data.set(upstream.row(row), i * this.dimensions);
      return { type: "float32", data, shape: [rows.length, this.dimensions] };
    });
    return this.#parts.session.backward(parts);
  }

  embedder(): Embedder {
    const { started, settings } = this.#parts;
    const body = {
      name: this.name,
      dimensions: this.dimensions,
      maxLength: started.maxLength,
      embed: async (texts: readonly string[], output: Float32Array, job: EmbedJob) => {
        const { starts } = flatIds(started.tokenizer, texts, started.maxLength);
        const lengths = Int32Array.from(texts, (_, i) => starts[i + 1] - starts[i]);
        for (const positions of planBatches(lengths, job.batchTokens)) {
          // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
          const vectors = await this.encode(Array.from(positions, (position) => texts[position]));
          for (const [row, position] of positions.entries()) output.set(vectors.row(row), position * this.dimensions);
          // oxlint-disable-next-line no-await-in-loop
          await job.advance(positions.length);
        }
      },
      // The learner keeps the session.
      dispose: () => Promise.resolve(),
    };
    return createEmbedder(body, settings);
  }

  save(folder: string): Promise<void> {
    const { started, layers, whole, weights } = this.#parts;
    return saveEmbedder(folder, { started, layers, whole, weights: weights(), dimensions: this.dimensions });
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#parts.session.dispose();
  }
}

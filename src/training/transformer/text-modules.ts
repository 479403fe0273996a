/** What follows the transformer in a sentence-transformers folder, drawn into the graph so that it learns too: pooling, Dense, Normalize. */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import { type ModuleEntry, readModules } from "../../texts/load-modules.ts";
import { loadPooling, type PoolingMode } from "../../texts/modules/pooling.ts";
import { readWeights } from "../../texts/modules/weights.ts";
import type { Activation } from "../../transformers/config.ts";
import { meanOverTokens } from "../../transformers/encoder-graph.ts";
import type { GraphBuilder, Value } from "../../transformers/graph.ts";
import { firstToken } from "../../transformers/heads/head.ts";
import { activate } from "../../transformers/layers.ts";
import type { DrawnEncoder } from "./draw.ts";

export const vectorOutput = "sentence_embedding";

/** One module after the transformer. */
interface TextLayer {
  readonly dimensions: (input: number) => number;
  readonly draw: (encoder: DrawnEncoder, vectors: Value | undefined) => Value;
}

export interface TextLayers {
  readonly layers: readonly TextLayer[];
  /** The pooling, where no modules.json says it. */
  readonly pooling?: PoolingMode;
  /** The tensors of Dense modules, by the names under which the graph asks for them. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** Where each of them lies: the folder below the model's and the name in its file. */
  readonly places: ReadonlyMap<string, { readonly path: string; readonly name: string }>;
}

/** The poolings that have a derivative worth having; others are refused by name. */
const poolings = ["mean", "cls", "max", "mean_sqrt_len_tokens", "lasttoken"] as const;

/** The layers of a folder; one without modules.json has the pooling alone. Throws `unsupported` for a module that cannot learn. */
export async function readTextLayers(folder: ModelFolder, usual: PoolingMode): Promise<TextLayers> {
  const layers: TextLayer[] = [];
  const tensors = new Map<string, Float32Array>();
  const places = new Map<string, { path: string; name: string }>();
  if ((await folder.size("modules.json")) === undefined) return plainLayers(usual);
  const [, ...entries] = await readModules(folder);
  const listed = await readJson<{ path: string }[]>(folder, "modules.json");
  for (const [i, entry] of entries.entries()) {
    if (entry.type === "Dense") {
      const path = listed[i + 1].path;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { layer, weights } = await denseLayer(entry, path);
      for (const [name, value] of Object.entries(weights)) {
        tensors.set(`${path}/${name}`, value);
        places.set(`${path}/${name}`, { path, name });
      }
      layers.push(layer);
      // oxlint-disable-next-line no-await-in-loop
    } else layers.push(await plainLayer(entry));
  }
  return { layers, tensors, places };
}

/** The layers of a transformer that no modules.json describes. Throws `invalid-argument` for a pooling that cannot learn. */
export function plainLayers(mode: PoolingMode): TextLayers {
  oneOf("pooling", mode, poolings);
  return { layers: [poolingLayer([mode])], pooling: mode, tensors: new Map(), places: new Map() };
}

/** Draws them and declares the output, [rows, dimensions]; gives its dimensions. */
export function drawTextLayers(encoder: DrawnEncoder, { layers }: TextLayers): number {
  let vectors: Value | undefined;
  let dimensions = encoder.config.hiddenSize;
  for (const layer of layers) {
    vectors = layer.draw(encoder, vectors);
    dimensions = layer.dimensions(dimensions);
  }
  encoder.g.output(vectorOutput, vectors ?? meanOf(encoder), ["rows", dimensions]);
  return dimensions;
}

async function plainLayer({ type, folder }: ModuleEntry): Promise<TextLayer> {
  if (type === "Normalize") return normalizeLayer;
  if (type !== "Pooling") {
    const message = `The module ${type} in ${folder.name} cannot learn here. Those that can: Pooling, Dense, Normalize.`;
    throw new SemspaceError("unsupported", message);
  }
  const { modes, includePrompt } = await loadPooling(folder);
  const odd = modes.find((mode) => !poolings.some((known) => known === mode));
  if (odd !== undefined || !includePrompt) {
    const what = odd === undefined ? "leaves the prompt out" : `pools by ${odd}`;
    throw new SemspaceError(
      "unsupported",
      `${folder.name} ${what}, which cannot learn here. Known: ${poolings.join(", ")}.`,
    );
  }
  return poolingLayer(modes);
}

function poolingLayer(modes: readonly PoolingMode[]): TextLayer {
  return {
    dimensions: (input) => input * modes.length,
    draw(encoder) {
      const parts = modes.map((mode) => pooled(encoder, mode));
      return parts.length === 1 ? parts[0] : encoder.g.concat(parts, 1);
    },
  };
}

function pooled(encoder: DrawnEncoder, mode: PoolingMode): Value {
  const { g, states, attentionMask } = encoder;
  const mask = g.unsqueeze(g.cast(attentionMask, "float32"), [2]);
  switch (mode) {
    case "cls":
      return firstToken(g, encoder);
    case "max": {
      const hidden = g.add(states.hidden, g.mul(g.sub(g.scalar(1), mask), g.scalar(-1e30)));
      return g.squeeze(g.reduceMax(hidden, [1]), [1]);
    }
    case "lasttoken": {
      // Padding stands at the end, so that the last token is the one with the highest count.
      const counted = g.cumulativeSum(g.cast(attentionMask, "int32"), 1);
      const most = g.reduceMax(g.mul(counted, attentionMask), [1]);
      const isLast = g.mul(g.cast(g.equal(counted, most), "int32"), attentionMask);
      const chosen = g.mul(states.hidden, g.unsqueeze(g.cast(isLast, "float32"), [2]));
      return g.squeeze(g.reduceSum(chosen, [1]), [1]);
    }
    case "mean_sqrt_len_tokens": {
      const count = g.max(g.reduceSum(g.cast(attentionMask, "float32"), [1]), g.scalar(1e-9));
      return g.mul(meanOf(encoder), g.sqrt(count));
    }
    case "mean":
    case "weightedmean":
      return meanOf(encoder);
  }
}

function meanOf({ g, states, attentionMask }: DrawnEncoder): Value {
  return meanOverTokens(g, states.hidden, attentionMask);
}

const normalizeLayer: TextLayer = {
  dimensions: (input) => input,
  draw({ g, ...encoder }, vectors = meanOf({ g, ...encoder })) {
    const squares = g.reduceSum(g.mul(vectors, vectors), [1]);
    return g.div(vectors, g.max(g.sqrt(squares), g.scalar(1e-12)));
  },
};

interface DenseFile {
  in_features: number;
  out_features: number;
  bias?: boolean;
  activation_function?: string;
  use_residual?: boolean;
}

/** What torch calls the activations. */
const activations: Readonly<Record<string, Activation | undefined>> = {
  Identity: undefined,
  Tanh: "tanh",
  ReLU: "relu",
  SiLU: "silu",
  GELU: "gelu",
};

async function denseLayer(
  { folder }: ModuleEntry,
  path: string,
): Promise<{ layer: TextLayer; weights: Record<string, Float32Array> }> {
  const file = await readJson<DenseFile>(folder, "config.json");
  const inputs = wholeNumber(`in_features in ${folder.name}`, file.in_features, 1);
  const outputs = wholeNumber(`out_features in ${folder.name}`, file.out_features, 1);
  const named = (file.activation_function ?? "Tanh").split(".").at(-1)!;
  if (!Object.hasOwn(activations, named) || file.use_residual === true) {
    const what = file.use_residual === true ? "a residual connection" : `the activation ${named}`;
    const message = `${folder.name} has ${what}, which cannot learn here. Activations can be: ${Object.keys(activations).join(", ")}.`;
    throw new SemspaceError("unsupported", message);
  }
  const bias = file.bias ?? true;
  const weights = await readWeights(folder, {
    "linear.weight": [outputs, inputs],
    ...(bias && { "linear.bias": [outputs] }),
  });
  const draw = (g: GraphBuilder, vectors: Value) => {
    const weight = g.weight(`${path}/linear.weight`, [outputs, inputs]);
    const wide = g.gemm(vectors, weight, bias ? g.weight(`${path}/linear.bias`, [outputs]) : undefined);
    const activation = activations[named];
    return activation ? activate(g, wide, activation) : wide;
  };
  return {
    layer: { dimensions: () => outputs, draw: (encoder, vectors = meanOf(encoder)) => draw(encoder.g, vectors) },
    weights,
  };
}

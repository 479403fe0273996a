/** Token vectors and attention of a transformer: texts in windows, windows in batches by length, vectors back in the order of the texts. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { ModelFolder } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadWithTokenizer } from "../../texts/modules/transformer.ts";
import { loadTransformer, padded, type TokenBatch, type Transformer } from "../../transformers/index.ts";
import { encodingBatches } from "../encoding-batches.ts";
import { textWindows, type Window } from "./text-windows.ts";
import type { ContextualOptions, TokenReader, TokenStates } from "./token-reader.ts";

/** Throws `unsupported` when the folder has a ready ONNX file that does not give the layers that are asked for. */
export async function openTransformerReader(folder: ModelFolder, options: ContextualOptions): Promise<TokenReader> {
  const { layers = [], attentions = [], maxLength: given, onWarning, ...session } = options;
  for (const layer of layers) wholeNumber("layers", layer);
  for (const layer of attentions) wholeNumber("attentions", layer);
  const outputs = { states: ["hidden"] as const, layers: [...new Set(layers)], attentions: [...new Set(attentions)] };
  const load = async (): Promise<Transformer> => {
    const transformer = await loadTransformer(folder, { ...session, outputs });
    const missing = [...layers.map(stateName), ...attentions.map(mapName)].find(
      (name) => !transformer.outputs.includes(name),
    );
    if (missing === undefined) return transformer;
    await transformer.dispose();
    throw new SemspaceError(
      "unsupported",
      `${folder.name} has a ready ONNX file, which gives ${transformer.outputs.join(", ")} and not ${missing}. Only weights as published (model.safetensors) give every layer; with this folder leave layers and attentions out.`,
    );
  };
  const {
    model: transformer,
    tokenizer,
    maxLength,
  } = await loadWithTokenizer(folder, load, { maxLength: given, onWarning });
  const padTokenId = transformer.config?.padTokenId ?? 0;
  return {
    name: folder.name,
    kind: "transformer",
    dimensions: transformer.dimensions,
    async read(texts, layer, batchTokens) {
      const run = statesOf(transformer, layer === undefined ? undefined : declared("layers", layer, layers));
      const owners = texts.map((text) => textWindows(tokenizer, text, maxLength));
      const windows = owners.flat();
      const { dimensions } = transformer;
      const vectors = await windowVectors(windows, { run, dimensions, batchTokens, padTokenId });
      let next = 0;
      return owners.map((own) => joined(own, vectors.slice(next, (next += own.length)), dimensions));
    },
    async attend(text, layer) {
      const name = mapName(declared("attentions", layer, attentions));
      const [{ encoding }, ...more] = textWindows(tokenizer, text, maxLength);
      if (more.length > 0)
        throw new SemspaceError(
          "invalid-argument",
          `Attention is within ${maxLength} tokens, the text has more. Give a shorter text.`,
        );
      const batch = { ...padded([encoding], padTokenId), typeIds: undefined };
      return { encoding, attention: (await transformer.fetch(batch, [name]))[name] };
    },
    dispose: () => transformer.dispose(),
  };
}

const stateName = (layer: number): string => `hidden_states.${layer}`;
const mapName = (layer: number): string => `attentions.${layer}`;

interface WindowReading {
  readonly run: (batch: TokenBatch) => Promise<Float32Array>;
  readonly dimensions: number;
  readonly batchTokens: number;
  readonly padTokenId: number;
}

/** For each window the vectors of its stretch that counts, [to - from, dimensions]. */
async function windowVectors(
  windows: readonly Window[],
  { run, dimensions, batchTokens, padTokenId }: WindowReading,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = Array.from({ length: windows.length });
  const encodings = windows.map(({ encoding }) => encoding);
  for (const { positions, batch } of encodingBatches(encodings, { batchTokens, padTokenId, readsTypes: false })) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
    const data = await run(batch);
    for (const [row, position] of positions.entries()) {
      const { from, to } = windows[position];
      const start = row * batch.columns;
      vectors[position] = data.slice((start + from) * dimensions, (start + to) * dimensions);
    }
  }
  return vectors;
}

function statesOf(transformer: Transformer, layer: number | undefined): (batch: TokenBatch) => Promise<Float32Array> {
  if (layer === undefined) return async (batch) => (await transformer.run(batch)).data;
  const name = stateName(layer);
  return async (batch) => (await transformer.fetch(batch, [name]))[name].data;
}

/** `layer`, when it is one that the model was loaded with. */
function declared(what: "layers" | "attentions", layer: number, all: readonly number[]): number {
  if (all.includes(layer)) return layer;
  throw new SemspaceError(
    "invalid-argument",
    `Layer ${layer} was not asked for when the model was loaded; ${what}: ${all.join(", ") || "none"}. Load it with ${what}: [${layer}].`,
  );
}

function joined(windows: readonly Window[], vectors: readonly Float32Array[], dimensions: number): TokenStates {
  const of = <Value>(list: (window: Window) => readonly Value[]): Value[] =>
    windows.flatMap((window) => list(window).slice(window.from, window.to));
  const data = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of vectors) {
    data.set(part, at);
    at += part.length;
  }
  return {
    tokens: of(({ encoding }) => encoding.tokens),
    ids: Int32Array.from(of(({ encoding }) => encoding.ids)),
    offsets: Int32Array.from(of(({ encoding }) => encoding.offsets).flat()),
    wordIds: of(({ encoding }) => encoding.wordIds),
    vectors: new Matrix(data, data.length / dimensions, dimensions),
  };
}

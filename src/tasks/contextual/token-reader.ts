/** Texts to one vector a token: from a transformer, where it depends on the text around, or from a static model, where it does not. */
import { SemspaceError } from "../../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, openShippedModel } from "../../hub/folder.ts";
import type { Matrix } from "../../matrix/index.ts";
import { readModules } from "../../texts/load-modules.ts";
import { loadStaticModel, staticReading } from "../../texts/static/index.ts";
import type { Encoding } from "../../tokenizers/index.ts";
import type { FetchedTensor, SessionOptions } from "../../transformers/index.ts";
import { openTransformerReader } from "./transformer-reader.ts";

/** What can be asked for later, and where and in what numbers a transformer runs. */
export interface ContextualOptions extends SessionOptions {
  /** Layers whose hidden states can be asked for besides the last: 0 are the embeddings, N the states after block N. Default none. */
  readonly layers?: readonly number[] | undefined;
  /** Layers whose attention can be asked for, from 0. These are computed without fused operators. Default none. */
  readonly attentions?: readonly number[] | undefined;
  /** Most tokens of a window, special tokens included, in place of what the folder says; longer texts are read in several. */
  readonly maxLength?: number | undefined;
  /** Hears of a tokenizer that does not seem to belong to the model. Default: a process warning in Node, the console in a browser. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The tokens of a text, and what comes of each. */
export interface TokenStates {
  readonly tokens: readonly string[];
  readonly ids: Int32Array;
  /** Token i is `text.slice(offsets[2 * i], offsets[2 * i + 1])`. */
  readonly offsets: Int32Array;
  /** The tokenizer's word of each token, null for special tokens. */
  readonly wordIds: readonly (number | null)[];
  /** [tokens, dimensions] */
  readonly vectors: Matrix;
}

export interface TokenReader {
  readonly name: string;
  readonly kind: "transformer" | "static";
  readonly dimensions: number;
  /** Hidden states of `layer`, or the last ones. */
  read(texts: readonly string[], layer: number | undefined, batchTokens: number): Promise<TokenStates[]>;
  /** Attention of a layer over one text, [1, heads, tokens, tokens]. */
  attend(text: string, layer: number): Promise<{ encoding: Encoding; attention: FetchedTensor }>;
  dispose(): Promise<void>;
}

/** Opens whichever the folder holds; without a source the model that the package ships, which is static. */
export async function openTokenReader(
  source: ModelSource | undefined,
  options: ContextualOptions,
): Promise<TokenReader> {
  const folder = source === undefined ? openShippedModel() : await openFolder(source);
  if ((await staticReading(folder)) !== undefined) return openStaticReader(folder, options);
  const isBare = (await folder.size("modules.json")) === undefined;
  return openTransformerReader(isBare ? folder : (await readModules(folder))[0].folder, options);
}

async function openStaticReader(
  folder: ModelFolder,
  { layers = [], attentions = [] }: ContextualOptions,
): Promise<TokenReader> {
  if (layers.length + attentions.length > 0) throw noLayers(folder.name, layers[0] ?? attentions[0]);
  const model = await loadStaticModel(folder);
  return {
    name: folder.name,
    kind: "static",
    dimensions: model.dimensions,
    async read(texts, layer) {
      if (layer !== undefined) throw noLayers(folder.name, layer);
      return texts.map((text): TokenStates => {
        const encoding = model.tokenizer.encode(text, { addSpecialTokens: false });
        const ids = Int32Array.from(encoding.ids);
        const { tokens, wordIds } = encoding;
        return {
          tokens,
          ids,
          wordIds,
          offsets: Int32Array.from(encoding.offsets.flat()),
          vectors: model.tokenVectors(ids),
        };
      });
    },
    attend: (_, layer) => Promise.reject(noLayers(folder.name, layer)),
    dispose: () => model.dispose(),
  };
}

function noLayers(name: string, layer: number): SemspaceError {
  return new SemspaceError(
    "unsupported",
    `${name} is a static model: a token has one vector, there is no layer ${layer}. Use a transformer.`,
  );
}

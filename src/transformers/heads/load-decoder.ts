/**
 * From a model's folder to a causal language model that remembers: the keys and values of tokens it has seen are kept, so that each
 * further token costs one column of work and not all columns again.
 */
import { SemspaceError } from "../../errors.ts";
import { type ModelSource, openFolder, readJson } from "../../hub/folder.ts";
import { readArchitecture } from "../architectures/index.ts";
import type { TransformerConfig } from "../config.ts";
import { openGraph, type TransformerOptions } from "../load.ts";
import type { Session, SessionOptions } from "../session.ts";
import { checkBatch, float32Of, type TokenBatch } from "../transformer.ts";
import { decoderGraph } from "./decoder-graph.ts";
import { logitsOutput } from "./head-graph.ts";
import { KeyValueCache } from "./key-value-cache.ts";

/** A causal language model. */
export interface Decoder {
  readonly config: TransformerConfig;
  /** Most tokens of a text, its continuation included. */
  readonly maxPositions: number;
  /** Starts texts that go side by side. */
  start(): DecoderRun;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/** Texts that go side by side, with what they have said so far. */
export interface DecoderRun {
  /**
   * Takes the next columns of each row and gives the logits of what follows the last, [rows, vocabulary]. Padding stands at the
   * start of a row, in the first call. Throws `mismatch` for other rows than before, and beyond the model's positions.
   */
  next(batch: TokenBatch): Promise<Float32Array>;
}

/** Throws `unsupported` for an encoder, which sees what comes after a token. */
export async function loadDecoder(
  source: ModelSource,
  options: SessionOptions & Pick<TransformerOptions, "fuse"> = {},
): Promise<Decoder> {
  const folder = await openFolder(source);
  const json = await readJson<Record<string, unknown>>(folder, "config.json");
  const { architecture, config } = readArchitecture(json, `config.json in ${folder.name}`);
  if (!architecture.causal) {
    throw new SemspaceError(
      "unsupported",
      `${config.source}: model_type "${config.modelType}" is an encoder, which cannot continue a text. A causal language model is needed.`,
    );
  }
  const { session } = await openGraph(folder, decoderGraph, options);
  const maxPositions = architecture.maxPositions(config);
  let disposed = false;
  return {
    config,
    maxPositions,
    start() {
      let cache: KeyValueCache | undefined;
      return {
        async next(batch) {
          if (disposed) throw new SemspaceError("disposed", "This language model was disposed of. Load it again.");
          checkBatch(batch, { maxPositions: undefined, vocabularySize: config.vocabularySize });
          cache ??= new KeyValueCache(config, batch.rows);
          return step(session, cache, { batch, maxPositions });
        },
      };
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.dispose();
    },
  };
}

async function step(
  session: Session,
  cache: KeyValueCache,
  { batch, maxPositions }: { batch: TokenBatch; maxPositions: number },
): Promise<Float32Array> {
  const { ids, attentionMask, rows, columns } = batch;
  if (rows !== cache.rows) {
    throw new SemspaceError(
      "mismatch",
      `These are ${rows} texts, ${cache.rows} were begun. Start a new run for others.`,
    );
  }
  const mask = cache.maskWith(attentionMask);
  const longest = longestRow(mask, rows);
  if (longest > maxPositions) {
    throw new SemspaceError(
      "mismatch",
      `A text and its continuation have ${longest} tokens, the model has positions for ${maxPositions}. Shorten the text.`,
    );
  }
  const feeds = {
    ...cache.past,
    input_ids: { type: "int32", data: ids, shape: [rows, columns] },
    attention_mask: { type: "int32", data: mask, shape: [rows, mask.length / rows] },
  };
  const names = session.outputs.map(({ name }) => name);
  const outputs = await session.run(feeds, names);
  cache.add(outputs, attentionMask);
  return float32Of(outputs[logitsOutput], logitsOutput);
}

/** Tokens of the longest text. */
function longestRow(mask: Int32Array, rows: number): number {
  const columns = mask.length / rows;
  let most = 0;
  for (let row = 0; row < rows; row += 1) {
    most = Math.max(
      most,
      mask.subarray(row * columns, (row + 1) * columns).reduce((sum, one) => sum + one, 0),
    );
  }
  return most;
}

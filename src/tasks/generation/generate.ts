/**
 * Generation: texts go on token by token, side by side, each until it ends, a stop text stands in it, or it has its length.
 * Reference: transformers 5.3, `generation/utils.py` (`_sample`, and greedy decoding at temperature 0).
 */
import type { Encoding } from "../../tokenizers/index.ts";
import { type Decoder, padded } from "../../transformers/index.ts";
import { candidates, type Candidates, draw, penalise, type SamplingOptions } from "./next-token.ts";

/** How a text came to its end: at the model's own end, at a stop text, or at the length that was allowed. */
export type Finish = "end" | "stop" | "length";

/** A token as it comes. */
export interface StepToken {
  /** Which of the texts. */
  readonly row: number;
  readonly id: number;
  /** Its probability among what could be drawn; 1 at temperature 0. */
  readonly probability: number;
}

export interface Generation {
  readonly decoder: Decoder;
  /** The texts so far. */
  readonly prompts: readonly Encoding[];
  readonly sampling: Required<SamplingOptions>;
  /** Tokens that end a text. */
  readonly endIds: ReadonlySet<number>;
  readonly maxNewTokens: number;
  readonly padTokenId: number;
  /** One generator of random numbers a text, so that a text does not depend on its neighbours. */
  readonly random: readonly (() => number)[];
  readonly signal?: AbortSignal | undefined;
}

/** Gives the tokens of all texts, step by step; a text for which `isStopped` holds, or that has ended, gives no more. */
export async function* generateTokens(
  { decoder, prompts, sampling, endIds, maxNewTokens, padTokenId, random, signal }: Generation,
  isStopped: (row: number) => boolean,
): AsyncGenerator<StepToken> {
  const cache = decoder.start();
  const seen = prompts.map(({ ids }) => new Set(ids));
  const going = prompts.map(() => true);
  const vocabulary = decoder.config.vocabularySize;
  let batch = padded(prompts, padTokenId, "left");
  for (let step = 0; step < maxNewTokens; step += 1) {
    signal?.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- a token depends on the one before
    const logits = await cache.next(batch);
    const ids = new Int32Array(prompts.length).fill(padTokenId);
    for (let row = 0; row < prompts.length; row += 1) {
      if (!going[row]) continue;
      const own = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
      penalise(own, seen[row], sampling.repetitionPenalty);
      const choice = candidates(own, sampling);
      const id = draw(choice, random[row]());
      ids[row] = id;
      seen[row].add(id);
      yield { row, id, probability: probabilityOf(choice, id) };
      if (endIds.has(id) || isStopped(row)) going[row] = false;
    }
    if (!going.includes(true)) return;
    batch = { ids, attentionMask: new Int32Array(prompts.length).fill(1), rows: prompts.length, columns: 1 };
  }
}

function probabilityOf({ ids, probabilities }: Candidates, id: number): number {
  return probabilities[ids.indexOf(id)];
}

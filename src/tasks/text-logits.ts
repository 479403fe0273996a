/** The logits of a classifier for texts or pairs, in their order. */
import { Matrix } from "../matrix/index.ts";
import type { Encoding } from "../tokenizers/index.ts";
import { encodingBatches } from "./encoding-batches.ts";
import type { TaskModel } from "./task-model.ts";

/** One text, or two that the model reads together. */
export type TextOrPair = string | readonly [first: string, second: string];

/** [texts, labels]. A pair that is too long loses tokens of its longer text first. */
export async function textLogits(
  { tokenizer, model, maxLength, shape }: TaskModel,
  texts: readonly TextOrPair[],
  batchTokens: number,
): Promise<Matrix> {
  const truncation = maxLength === undefined ? undefined : { maxLength };
  const encodings: Encoding[] = tokenizer.encodeBatch(texts, { truncation });
  let logits: Matrix | undefined;
  for (const { positions, batch } of encodingBatches(encodings, { batchTokens, ...shape })) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
    const { data, width } = await model.run(batch);
    logits ??= Matrix.zeros(texts.length, width);
    for (const [row, position] of positions.entries())
      logits.row(position).set(data.subarray(row * width, (row + 1) * width));
  }
  return logits ?? Matrix.zeros(0, 0);
}

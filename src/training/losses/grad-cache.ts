/**
 * GradCache (Gao et al. 2021): a batch larger than the memory. All texts are encoded in small groups, the loss is taken of the whole batch, and
 * each group is encoded once more for its own part of the gradients. Reference: sentence-transformers 6.2 `CachedMultipleNegativesRankingLoss`,
 * which is MultipleNegativesRanking under this. Differs: it wraps the learner, so that every loss of whole batches can be had so; learners
 * have no dropout, so that the second pass sees what the first saw without a kept random state.
 */
import { wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { GradientSum } from "../gradients.ts";
import type { Learner } from "../learner.ts";

/**
 * The learner, which encodes `size` texts at a time (default 32); the gradients are those of the whole batch up to the order of sums.
 *
 * @example
 * await train({ learner: gradCache(learner, { size: 32 }), batchSize: 1024, loss: losses.multipleNegativesRanking(), data });
 */
export function gradCache(learner: Learner, { size = 32 }: { size?: number } = {}): Learner {
  wholeNumber("size", size, 1);
  let last: readonly string[] = [];
  return {
    name: learner.name,
    dimensions: learner.dimensions,
    parameters: learner.parameters,
    async encode(texts) {
      last = texts;
      const vectors = Matrix.zeros(texts.length, learner.dimensions);
      for (let from = 0; from < texts.length; from += size) {
        // oxlint-disable-next-line no-await-in-loop -- one group at a time is the point
        const group = await learner.encode(texts.slice(from, from + size));
        vectors.data.set(group.data, from * learner.dimensions);
      }
      return vectors;
    },
    async backward(upstream) {
      const sum = new GradientSum(learner.parameters);
      const width = learner.dimensions;
      for (let from = 0; from < last.length; from += size) {
        const texts = last.slice(from, from + size);
        // oxlint-disable-next-line no-await-in-loop
        await learner.encode(texts);
        const part = upstream.data.slice(from * width, (from + texts.length) * width);
        // oxlint-disable-next-line no-await-in-loop
        sum.add(await learner.backward(new Matrix(part, texts.length, width)));
      }
      return sum.take();
    },
    embedder: () => learner.embedder(),
    save: (folder) => learner.save(folder),
    ...(learner.optimizer && { optimizer: (settings) => learner.optimizer!(settings) }),
    dispose: () => learner.dispose(),
  };
}

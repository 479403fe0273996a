/** The body of an embedder on a static model. */
import type { TextBody } from "./encode.ts";
import type { StaticModel } from "./static/index.ts";

/** Texts between two looks at the clock: long enough to keep the kernels busy, short enough to abort soon. */
const groupSize = 2048;

export function createStaticBody(model: StaticModel): TextBody {
  const { name, dimensions, maxLength } = model;
  return {
    name,
    dimensions,
    maxLength,
    async embed(texts, output, job) {
      for (let start = 0; start < texts.length; start += groupSize) {
        const group = texts.slice(start, start + groupSize);
        model.encodeInto(group, output.subarray(start * dimensions, (start + group.length) * dimensions));
        // oxlint-disable-next-line no-await-in-loop -- one group after the other
        await job.advance(group.length);
      }
    },
    dispose: () => model.dispose(),
  };
}

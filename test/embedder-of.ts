/** An embedder that knows the vectors of a few texts, for tests of what is built on embedders. */
import { createEmbedder, type Embedder, plainSettings } from "../src/texts/index.ts";

/** All vectors must have the same length; a text that is not in the table is an error. */
export function embedderOf(vectors: Record<string, readonly number[]>): Embedder {
  const dimensions = Object.values(vectors)[0].length;
  return createEmbedder(
    {
      name: "table",
      dimensions,
      maxLength: undefined,
      embed: async (texts, output, job) => {
        for (const [i, text] of texts.entries()) {
          if (!(text in vectors)) throw new Error(`The table has no vector for ${JSON.stringify(text)}.`);
          output.set(vectors[text], i * dimensions);
        }
        await job.advance(texts.length);
      },
      dispose: async () => {},
    },
    plainSettings,
  );
}

/** `semspace words convert`: word vectors in another format. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { limitOption, openWordVectors } from "../word-neighbors.ts";

const formats = ["word2vec-text", "word2vec-binary", "glove", "fasttext-vec", "gensim", "npy", "semspace"] as const;

export const command: Command = defineCommand({
  name: "words convert",
  summary: "Writes word vectors in another format.",
  positionals: "FILE OUTPUT",
  description:
    "By the ending of OUTPUT: .txt is word2vec's text, .bin its binary file, .vec fastText's, .glove GloVe's, .kv gensim's, .npy numpy's with a\nfile of words beside it, .safetensors our own; with .gz behind it, packed.",
  options: {
    format: { type: "string", value: "NAME", choices: formats, describe: "Instead of the ending's" },
    int8: { type: "flag", describe: "One byte a number; .safetensors keeps it" },
    subspaces: {
      type: "whole",
      value: "N",
      least: 1,
      describe: "Product-quantised: N bytes a vector; .safetensors keeps it",
    },
    limit: limitOption,
  },
  examples: [["semspace words convert glove.6B.50d.txt glove.bin", "a file that word2vec and gensim read"]],
  async run({ options, positionals: [file, output, ...more], terminal }) {
    if (file === undefined || output === undefined || more.length > 0) {
      throw new UsageError("Two files are needed: semspace words convert FILE OUTPUT.");
    }
    const { saveWordVectors } = await import("../../words/index.ts");
    const { format } = options;
    const vectors = await openWordVectors(file, options.limit);
    if (options.int8 && options.subspaces !== undefined) throw new UsageError("Either --int8 or --subspaces.");
    const smaller = options.int8 || options.subspaces !== undefined;
    const stored = smaller ? vectors.quantized({ subspaces: options.subspaces }) : vectors;
    const names = await saveWordVectors(stored, output, { format });
    const { size, dimensions } = vectors;
    if (options.json) await terminal.write(`${JSON.stringify({ output, words: size, dimensions, files: names })}\n`);
    else terminal.message(`${size} words of ${dimensions} dimensions written to ${names.join(" and ")}`);
  },
});

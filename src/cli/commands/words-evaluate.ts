/** `semspace words evaluate`: analogies and similarity sets. */
import { readFile } from "node:fs/promises";
import { SemspaceError } from "../../errors.ts";
import type { AnalogyConvention, AnalogyScore } from "../../evaluation/index.ts";
import type { WordVectors } from "../../words/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { printable, type Terminal } from "../terminal.ts";
import { limitOption, openWordVectors } from "../word-neighbors.ts";

const conventions = ["gensim", "compute-accuracy", "glove", "hyperwords", "web"] as const;

export const command: Command = defineCommand({
  name: "words evaluate",
  summary: "Measures word vectors by analogies and by similarities that people gave.",
  positionals: "FILE",
  description:
    "Published numbers differ by convention more than by model: which words are known, what an unknown one costs, whether vectors are scaled.\nThe default is gensim's. docs/words.md lists them.",
  options: {
    analogies: {
      type: "strings",
      value: "FILE",
      describe: 'Questions of four words a line below ": SECTION" lines; may be repeated',
    },
    similarity: {
      type: "strings",
      value: "FILE",
      describe: "Two words and a score a line, between tabs; may be repeated",
    },
    convention: {
      type: "string",
      value: "NAME",
      choices: conventions,
      describe: "Rules of the analogies",
      default: "gensim",
    },
    method: {
      type: "string",
      value: "NAME",
      choices: ["add", "mul"] as const,
      describe: "3CosAdd or 3CosMul",
      default: "add",
    },
    restrict: {
      type: "whole",
      value: "N",
      least: 1,
      describe: "Know only the first N words; default: the convention's",
    },
    limit: limitOption,
  },
  examples: [
    ["semspace words evaluate vectors.bin --analogies questions-words.txt", "a line a section, and totals"],
    [
      "semspace words evaluate vectors.bin --similarity wordsim353.tsv --similarity simlex999.txt --json",
      "an object a file",
    ],
  ],
  async run({ options, positionals: [file, ...more], terminal }) {
    const { analogies, similarity, json } = options;
    if (file === undefined || more.length > 0) throw new UsageError("One file of word vectors is needed.");
    if (analogies.length + similarity.length === 0)
      throw new UsageError("Give --analogies FILE or --similarity FILE, or both.");
    const vectors = await openWordVectors(file, options.limit);
    const { convention = "gensim", method = "add", restrict } = options;
    for (const path of analogies) {
      await evaluateOne(path, { vectors, convention, method, restrict, json, terminal });
    }
    for (const path of similarity) await correlateOne(path, { vectors, restrict, json, terminal });
  },
});

interface Job {
  vectors: WordVectors;
  restrict: number | undefined;
  json: boolean;
  terminal: Terminal;
}

async function evaluateOne(
  path: string,
  {
    vectors,
    convention,
    method,
    restrict,
    json,
    terminal,
  }: Job & { convention: AnalogyConvention; method: "add" | "mul" },
): Promise<void> {
  const { evaluateAnalogies, readAnalogies } = await import("../../evaluation/index.ts");
  const result = evaluateAnalogies(vectors, readAnalogies(await text(path)), { convention, method, restrict });
  if (json) return terminal.write(`${JSON.stringify({ file: path, convention, method, ...result })}\n`);
  const { bold } = terminal.style;
  await terminal.write(`${bold(printable(path))}  ${convention}, ${method === "add" ? "3CosAdd" : "3CosMul"}\n`);
  for (const { name, ...score } of result.sections) await terminal.write(row(name, score));
  await terminal.write(row("semantic", result.semantic) + row("syntactic", result.syntactic) + row("total", result));
}

function row(name: string, { correct, questions, unknown, accuracy }: AnalogyScore): string {
  const share = questions > 0 ? `${(100 * accuracy).toFixed(2)} %` : "–";
  const note = unknown > 0 ? `, ${unknown} with an unknown word` : "";
  return `  ${printable(name).padEnd(28)} ${share.padStart(8)}  ${correct} of ${questions}${note}\n`;
}

async function correlateOne(path: string, { vectors, restrict, json, terminal }: Job): Promise<void> {
  const { evaluateWordSimilarity, readWordPairs } = await import("../../evaluation/index.ts");
  const result = evaluateWordSimilarity(vectors, readWordPairs(await text(path)), { restrict });
  if (json) return terminal.write(`${JSON.stringify({ file: path, ...result })}\n`);
  const { spearman, pearson, pairs, unknown } = result;
  const note = unknown > 0 ? `, ${unknown} with an unknown word` : "";
  const numbers = `Spearman ${spearman.toFixed(4)}, Pearson ${pearson.toFixed(4)}, ${pairs} pairs${note}`;
  await terminal.write(`${terminal.style.bold(printable(path))}  ${numbers}\n`);
}

async function text(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${path} (${cause.code}).`, { cause });
  });
}

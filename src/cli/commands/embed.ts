/** `semspace embed`: a text a line → a vector a row, in input order, with memory for one batch. */
import { readFile } from "node:fs/promises";
import { SemspaceError } from "../../errors.ts";
import { readNpy } from "../../formats/npy.ts";
import { Matrix, type Precision, precisions } from "../../matrix/index.ts";
import { defaultBatchTokens, type Embedder, type EncodeOptions } from "../../texts/embedder.ts";
import { UsageError, type Values } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { isStatic, modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { quantizedWriter } from "../quantized-writer.ts";
import { openSink } from "../sink.ts";
import { keepHeapSmall } from "../small-heap.ts";
import { textBatches } from "../texts-of-lines.ts";
import { vectorFormats, vectorWriter, type VectorFormat } from "../vector-writer.ts";

const optionTable = {
  model: modelOption,
  dtype: dtypeOption,
  format: { type: "string", choices: vectorFormats, default: "jsonl", describe: "Output" },
  output: {
    type: "string",
    short: "o",
    value: "FILE",
    describe: "Write to a file, which is complete or not there (default: standard output)",
  },
  jsonl: {
    type: "flag",
    describe: 'Every input is JSONL with a "text" key, whatever its name (default: those named .jsonl)',
  },
  normalize: { type: "flag", describe: "Scale every vector to length 1" },
  precision: { type: "string", choices: precisions, default: "float32", describe: "How numbers are stored" },
  ranges: {
    type: "string",
    value: "FILE",
    describe:
      "For int8 and uint8: npy file of [2, dimensions], smallest and largest values (default: those of the whole input)",
  },
  "truncate-dim": { type: "whole", value: "N", least: 1, describe: "Keep only the first N dimensions" },
  "prompt-name": { type: "string", value: "NAME", describe: "Put this prompt of the model in front of every text" },
  "batch-tokens": {
    type: "whole",
    value: "N",
    least: 1,
    default: defaultBatchTokens,
    describe: "Most tokens that go through a transformer at once",
  },
  threads: {
    type: "whole",
    value: "N",
    least: 1,
    describe: "Cores to use (default: 1 for a static model, all for a transformer)",
  },
} as const;

export const command: Command = defineCommand({
  name: "embed",
  summary: "Turns lines of text into vectors, in input order.",
  positionals: "[FILE…|-]",
  description: [
    "Reads standard input when no FILE is given. A line ends at \\n only (one \\r before it is taken off); an empty line is a text too.",
    'jsonl: {"index": 0, "vector": […]} a line. npy: one numpy array. f32: little-endian float32 values, row after row.',
    "Streams: 1 GB of text needs less than 300 MB of memory with the shipped model.",
  ].join("\n"),
  options: optionTable,
  examples: [
    ["semspace embed sentences.txt > vectors.jsonl", "a JSON object a line"],
    [
      "semspace embed corpus.jsonl --format npy --output vectors.npy",
      'the "text" of each line into an array for numpy',
    ],
    ["cat sentences.txt | semspace embed --format npy -o codes.npy --precision ubinary", "one bit a dimension"],
  ],
  async run({ options, positionals, terminal }) {
    const { format = "jsonl", precision = "float32", output } = options;
    checkUsage({ format, precision, output, ranges: options.ranges });
    keepHeapSmall();
    const sources = positionals.length > 0 ? positionals : ["-"];
    if (sources.includes("-") && process.stdin.isTTY)
      terminal.message("Reading texts from the terminal, one a line; Ctrl-D ends.");
    const ranges = options.ranges === undefined ? undefined : await readRanges(options.ranges);
    // Each thread of a static model has a heap of its own: only with one does the memory stay where the promise is.
    const threads = options.threads ?? ((await isStatic(options.model)) ? 1 : undefined);
    const embedder = await modelEmbedder(options.model, { threads, dtype: options.dtype });
    const dimensions = await rowLength(embedder, options);
    const columns = precision === "binary" || precision === "ubinary" ? Math.ceil(dimensions / 8) : dimensions;
    const sink = await openSink(output, format === "npy", terminal);
    const writer = await quantizedWriter(vectorWriter(sink, { format, precision, columns }), precision, ranges);
    const progress = await openProgress();
    let done = 0;
    try {
      for await (const texts of textBatches(sources, options)) {
        await writer.write(await embedder.encode(texts, encodeOptions(options)));
        done += texts.length;
        progress.update("texts embedded", done, 0);
      }
      await writer.end();
    } catch (error) {
      await writer.discard();
      throw error;
    } finally {
      progress.stop();
      await embedder.dispose();
    }
    if (output !== undefined) terminal.message(`${done} vectors of ${dimensions} dimensions in ${output}`);
  },
});

/** Dimensions of the vectors that will come. Throws {@link UsageError} for more than the model has. */
async function rowLength(embedder: Embedder, options: Values<typeof optionTable>): Promise<number> {
  const { columns } = await embedder.encode([], encodeOptions(options));
  const asked = options["truncate-dim"];
  if (asked === undefined || asked <= columns) return columns;
  await embedder.dispose();
  throw new UsageError(`--truncate-dim ${asked} is more than the ${columns} dimensions of ${embedder.name}.`);
}

function encodeOptions(options: Values<typeof optionTable>): Omit<EncodeOptions, "output" | "precision"> {
  return {
    ...(options.normalize && { normalize: true }),
    ...(options["truncate-dim"] && { truncateDim: options["truncate-dim"] }),
    ...(options["prompt-name"] !== undefined && { promptName: options["prompt-name"] }),
    ...(options["batch-tokens"] && { batchTokens: options["batch-tokens"] }),
  };
}

interface Usage {
  format: VectorFormat;
  precision: Precision;
  output: string | undefined;
  ranges: string | undefined;
}

function checkUsage({ format, precision, output, ranges }: Usage): void {
  if (format === "f32" && precision !== "float32")
    throw new UsageError(`--format f32 holds float32 only, not ${precision}. Use --format npy.`);
  if (format !== "jsonl" && output === undefined && process.stdout.isTTY)
    throw new UsageError(`--format ${format} is not for a terminal. Use --output FILE.`);
  if (ranges !== undefined && precision !== "int8" && precision !== "uint8")
    throw new UsageError(`--ranges is for --precision int8 and uint8, not ${precision}.`);
}

async function readRanges(path: string): Promise<Matrix> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${path} (${cause.code}).`, { cause });
  });
  const { shape, data } = readNpy(bytes, path);
  if (shape.length !== 2 || shape[0] !== 2)
    throw new SemspaceError("mismatch", `${path} is of shape (${shape.join(", ")}); ranges are (2, dimensions).`);
  const ranges = new Matrix(Float32Array.from(data as Float32Array), 2, shape[1]);
  const [least, most] = [ranges.row(0), ranges.row(1)];
  const wrong = least.findIndex((value, i) => !Number.isFinite(most[i] - value) || value > most[i]);
  if (wrong !== -1)
    throw new SemspaceError(
      "invalid-file",
      `${path} says that dimension ${wrong} goes from ${least[wrong]} to ${most[wrong]}. Row 0 must hold the smallest values, row 1 the largest, all finite.`,
    );
  return ranges;
}

/** `semspace index build`: the documents of a folder → passages → vectors in an index on disk. */
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { passageUnits } from "../../documents/index.ts";
import { SemspaceError } from "../../errors.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { FileTable, readFileTable } from "../indexing/file-table.ts";
import { defaultMaxTokens } from "../indexing/open-documents.ts";
import { updateDocuments } from "../indexing/update-documents.ts";
import { modelFolder, modelOption } from "../model-option.ts";

const options = {
  output: { type: "string", short: "o", value: "INDEX", describe: "The folder of the index, which is made" },
  model: modelOption,
  dtype: dtypeOption,
  unit: { type: "string", choices: passageUnits, default: "passage", describe: "What is one entry" },
  "max-tokens": {
    type: "whole",
    value: "N",
    least: 8,
    default: 200,
    describe: "Longest passage, in the model's own tokens (less where the model reads less)",
  },
  overlap: { type: "whole", value: "N", default: 0, describe: "Most tokens that a passage repeats of the one before" },
  include: { type: "strings", value: "GLOB", describe: "Only files that match, as in .gitignore; may be repeated" },
  exclude: { type: "strings", value: "GLOB", describe: "No files and folders that match; may be repeated" },
} as const;

export const command: Command = defineCommand({
  name: "index build",
  summary: "Makes an index of a folder's documents: text, Markdown, HTML, PDF, DOCX, CSV, JSONL, Parquet, source code.",
  positionals: "FOLDER --output INDEX",
  description: [
    "Which files are read is as for semspace search. Ctrl-C stops and leaves an index that can be searched; semspace index update goes on",
    "from there. The index keeps its settings: an update needs no options.",
  ].join("\n"),
  options,
  examples: [
    ["semspace index build docs --output docs.index", "with the model that the package ships"],
    [
      "semspace index build papers -o papers.index --model ./all-MiniLM-L6-v2 --include '*.pdf' --overlap 30",
      "PDF only",
    ],
  ],
  async run({ options, positionals: [folder, ...rest], terminal }) {
    if (folder === undefined || rest.length > 0)
      throw new UsageError("One folder is needed: semspace index build FOLDER --output INDEX.");
    if (options.output === undefined) throw new UsageError("--output INDEX is needed: the folder of the index.");
    const { output, overlap = 0, unit = "passage", include, exclude, dtype } = options;
    if (!(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new SemspaceError("missing-file", `No folder ${folder}.`);
    if ((await stat(output).catch(() => undefined))?.isDirectory() === false)
      throw new SemspaceError("invalid-argument", `${output} is a file. Name a new folder: --output INDEX.`);
    if (await readFileTable(output)) {
      const message = `${output} holds an index already. Bring it up to date: semspace index update ${output}. Or remove it first.`;
      throw new SemspaceError("invalid-argument", message);
    }
    const most = await defaultMaxTokens(await modelFolder(options.model));
    const maxTokens = Math.min(options["max-tokens"] ?? most, options["max-tokens"] ? Infinity : most);
    if (overlap > 0 && overlap * 2 >= maxTokens)
      throw new UsageError(`--overlap must be less than half of --max-tokens (${maxTokens}), got ${overlap}.`);
    const model = await placeOf(options.model);
    const settings = { folder: await realpath(folder), model, dtype, unit, maxTokens, overlap, include, exclude };
    return updateDocuments(output, new FileTable(output, settings), { json: options.json, terminal });
  },
});

/** A path is kept absolute, a name as it is. */
async function placeOf(model: string | undefined): Promise<string | undefined> {
  if (model === undefined) return undefined;
  return (await stat(model).catch(() => undefined)) ? resolve(model) : model;
}

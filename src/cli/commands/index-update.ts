/** `semspace index update`: only what has changed in the folder is read and embedded again. */
import { realpath, stat } from "node:fs/promises";
import { SemspaceError } from "../../errors.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { tableOf } from "../indexing/open-documents.ts";
import { updateDocuments } from "../indexing/update-documents.ts";
import { modelOption } from "../model-option.ts";

const options = {
  folder: { type: "string", value: "FOLDER", describe: "Where the documents lie now, if they were moved" },
  model: { ...modelOption, describe: "Where the index's model lies now, if it was moved" },
} as const;

export const command: Command = defineCommand({
  name: "index update",
  summary: "Brings an index up to its folder: new, changed and removed files.",
  positionals: "INDEX",
  description:
    "Size and time of a file tell whether it may have changed, the hash of its content whether it has. Other settings need a new index.",
  options,
  examples: [["semspace index update docs.index", "reads and embeds what has changed"]],
  async run({ options, positionals: [path, ...rest], terminal }) {
    if (path === undefined || rest.length > 0)
      throw new UsageError("One index is needed: semspace index update INDEX.");
    const table = await tableOf(path);
    const folder = options.folder ?? table.settings.folder;
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
      const remedy = options.folder === undefined ? " Name its new place: --folder FOLDER." : "";
      throw new SemspaceError("missing-file", `The folder ${folder} of the index ${path} is not there.${remedy}`);
    }
    table.settings = {
      ...table.settings,
      folder: await realpath(folder),
      ...(options.model !== undefined && { model: options.model }),
    };
    return updateDocuments(path, table, { json: options.json, terminal });
  },
});

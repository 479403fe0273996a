/** `semspace index info`: what an index holds, without opening its model. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { tableOf } from "../indexing/open-documents.ts";

export const command: Command = defineCommand({
  name: "index info",
  summary: "Says what an index holds.",
  positionals: "INDEX",
  options: {},
  examples: [["semspace index info docs.index --json", "for programs"]],
  async run({ options, positionals: [path, ...rest], terminal }) {
    if (path === undefined || rest.length > 0) throw new UsageError("One index is needed: semspace index info INDEX.");
    const { settings, files } = await tableOf(path);
    const { openIndex } = await import("../../search/search-index.ts");
    const index = await openIndex(path);
    const passages = await index.count();
    const { dimensions } = index.store;
    await index.close();
    const { folder, model, unit, maxTokens, overlap } = settings;
    const bytes = await sizeOf(path);
    if (options.json) {
      const facts = {
        index: path,
        folder,
        model: model ?? null,
        dimensions,
        files: files.size,
        passages,
        unit,
        maxTokens,
        overlap,
        bytes,
      };
      await terminal.write(`${JSON.stringify(facts)}\n`);
      return;
    }
    const rows = [
      ["folder", folder],
      ["model", `${model ?? "the model that the package ships"}, ${dimensions} dimensions`],
      ["files", String(files.size)],
      [
        "passages",
        `${passages} of at most ${maxTokens} tokens${overlap > 0 ? `, ${overlap} repeated` : ""}, by ${unit}`,
      ],
      ["size", `${(bytes / 1e6).toFixed(1)} MB`],
    ];
    await terminal.write(`${rows.map(([name, value]) => `${name.padEnd(9)} ${value}`).join("\n")}\n`);
  },
});

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
  return bytes;
}

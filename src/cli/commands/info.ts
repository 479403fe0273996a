/** `semspace info`: what a model's folder (or a single file) holds, and whether it can be used, found out by using it. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SemspaceError } from "../../errors.ts";
import { readJsonIfPresent, type ModelFolder } from "../../hub/folder.ts";
import type { ModelDescription } from "../../texts/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelFolder } from "../model-option.ts";
import { printable, type Style } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "info",
  summary: "Says what a model's folder holds, and whether it can be used.",
  positionals: "[MODEL]",
  description:
    "MODEL is a folder, a name on the hub, or a file of word vectors, a tokenizer or tensors; without one, the model that the package ships. Exit code 1 when it\ncannot be used.",
  options: {},
  examples: [
    ["semspace info models/all-MiniLM-L6-v2", "architecture, dimensions, longest text, pooling, prompts, files"],
    ["semspace info broken-model --json | jq .problem", "why it cannot be used"],
    ["semspace info glove.6B.50d.txt", "one line: word vectors, how many, how long"],
  ],
  async run({ options, positionals, terminal }) {
    if (positionals.length > 1) throw new UsageError(`One model is needed, got ${positionals.length}.`);
    if (positionals[0] !== undefined && (await isFile(positionals[0]))) {
      const { describeFile, fileLine } = await import("../file-info.ts");
      const file = await describeFile(positionals[0]);
      await terminal.write(
        options.json
          ? `${JSON.stringify(file)}\n`
          : `${terminal.style.bold(file.name)}: ${printable(fileLine(file))}\n`,
      );
      return file.usable ? 0 : 1;
    }
    const folder = await modelFolder(positionals[0]);
    const { describeModel } = await import("../../texts/index.ts");
    const used = await describeModel(folder).catch((error: unknown) => {
      if (error instanceof SemspaceError) return error;
      throw error;
    });
    const report: Report = {
      usable: !(used instanceof Error),
      name: folder.name,
      ...(used instanceof Error ? { problem: used.message } : used),
      ...(await vocabulary(folder)),
      ...(await architecture(folder)),
      files: await files(folder),
    };
    await terminal.write(options.json ? `${JSON.stringify(report)}\n` : forPeople(report, terminal.style));
    return report.usable ? 0 : 1;
  },
});

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

interface Report extends Partial<Omit<ModelDescription, "prompts">> {
  name: string;
  usable: boolean;
  problem?: string;
  prompts?: Readonly<Record<string, string>>;
  architecture?: string;
  layers?: number;
  vocabulary?: number;
  files: readonly { name: string; bytes: number }[];
}

async function architecture(folder: ModelFolder): Promise<Pick<Report, "architecture" | "layers">> {
  const config = await readJsonIfPresent<{ architectures?: string[]; model_type?: string; num_hidden_layers?: number }>(
    folder,
    "config.json",
  ).catch(() => undefined);
  const name = config?.architectures?.[0] ?? config?.model_type;
  return {
    ...(name && { architecture: name }),
    ...(config?.num_hidden_layers && { layers: config.num_hidden_layers }),
  };
}

async function vocabulary(folder: ModelFolder): Promise<Pick<Report, "vocabulary">> {
  const { loadTokenizer } = await import("../../tokenizers/index.ts");
  const { tokenizerFolder } = await import("../model-option.ts");
  const tokenizer = await tokenizerFolder(folder)
    .then(loadTokenizer)
    .catch(() => undefined);
  return tokenizer ? { vocabulary: tokenizer.vocabularySize } : {};
}

/** The files with their sizes, those of subfolders too; what cannot be looked at (a link that leads nowhere) is left out. */
async function files(folder: ModelFolder): Promise<Report["files"]> {
  const root = folder.location("");
  const known =
    root === undefined
      ? ["config.json", "modules.json", "tokenizer.json", "model.safetensors", "config_sentence_transformers.json"]
      : await readdir(root, { recursive: true }).catch(() => []);
  const found: { name: string; bytes: number }[] = [];
  for (const name of known.toSorted()) {
    const size =
      root === undefined
        ? await folder.size(name)
        : await stat(join(root, name)).then(
            (entry) => (entry.isFile() ? entry.size : undefined),
            () => undefined,
          );
    if (size !== undefined && !name.startsWith(".")) found.push({ name, bytes: size });
  }
  return found;
}

function forPeople(report: Report, style: Style): string {
  const { usable, problem, kind, modules, dimensions, maxLength, similarity, prompts = {}, defaultPromptName } = report;
  const verdict = usable ? style.green("can be used") : style.yellow("cannot be used");
  const rows: [string, string | undefined][] = [
    ["kind", kind],
    [
      "architecture",
      report.architecture && `${report.architecture}${report.layers ? `, ${report.layers} layers` : ""}`,
    ],
    ["modules", modules?.join(" → ")],
    ["dimensions", dimensions?.toLocaleString("en")],
    [
      "longest text",
      usable ? (maxLength === undefined ? "no limit" : `${maxLength.toLocaleString("en")} tokens`) : undefined,
    ],
    ["vocabulary", report.vocabulary?.toLocaleString("en")],
    ["similarity", similarity],
    ...Object.entries(prompts).map(([name, prompt]): [string, string] => [
      `prompt ${name}`,
      `${JSON.stringify(prompt)}${name === defaultPromptName ? " (default)" : ""}`,
    ]),
  ];
  const shown = rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
  const sizes = report.files.map(({ name, bytes }): [string, string] => [name, bytes.toLocaleString("en")]);
  const width = Math.max(...shown.map(([name]) => name.length), 12);
  const fileWidth = Math.max(...sizes.map(([name]) => name.length), 0);
  const sizeWidth = Math.max(...sizes.map(([, size]) => size.length), 0);
  return [
    `${style.bold(report.name)} ${verdict}`,
    ...(problem ? [`  ${problem}`] : []),
    ...shown.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${printable(value)}`),
    style.dim("  files"),
    ...sizes.map(([name, size]) => `    ${name.padEnd(fileWidth)}  ${size.padStart(sizeWidth)} bytes`),
    "",
  ].join("\n");
}

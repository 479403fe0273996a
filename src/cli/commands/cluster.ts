/** `semspace cluster`: groups the texts of files, names the groups, and draws them. */
import { linkages } from "../../matrix/index.ts";
import type { Clustering, ClusterOptions } from "../../tasks/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import { clusterPicture, projections } from "../cluster-picture.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { openSink } from "../sink.ts";
import { printable, type Terminal } from "../terminal.ts";
import { textBatches } from "../texts-of-lines.ts";

const methods = ["k-means", "agglomerative", "hdbscan", "communities"] as const;

const optionTable = {
  model: modelOption,
  method: { type: "string", choices: methods, default: "k-means", describe: "How groups are found" },
  clusters: {
    type: "string",
    value: "N|auto",
    default: "auto",
    describe: "How many, for k-means and agglomerative; auto is the number up to 30 with the best silhouette",
  },
  threshold: {
    type: "number",
    value: "COSINE",
    least: -1,
    describe: "Agglomerative: join what is at least this near; communities: nearness to the middle",
  },
  least: { type: "whole", value: "N", least: 1, describe: "Texts of a group, at least, for hdbscan and communities" },
  linkage: { type: "string", choices: linkages, describe: "For agglomerative (default: average)" },
  batch: {
    type: "whole",
    value: "N",
    least: 1,
    describe: "k-means on batches of N texts (default: 1024 beyond 50,000 texts)",
  },
  words: { type: "whole", value: "N", default: 5, describe: "Words that name a group" },
  central: { type: "whole", value: "N", default: 3, describe: "Texts shown of a group, the most central first" },
  seed: { type: "whole", value: "N", default: 1, describe: "The same seed gives the same groups" },
  svg: { type: "string", value: "FILE", describe: "Draw the texts in the plane, a colour a group" },
  projection: { type: "string", choices: projections, default: "umap", describe: "How the plane is found" },
  jsonl: { type: "flag", describe: 'The files are JSONL with a "text" key, whatever their names' },
} as const;

export const command: Command = defineCommand({
  name: "cluster",
  summary: "Groups texts by meaning, and names the groups by their words and central texts.",
  positionals: "FILE…",
  description: "A text a line, or JSONL. The number of groups is found by silhouette when it is not given.",
  options: optionTable,
  examples: [
    ["semspace cluster tickets.txt", "groups, their words and their most central texts"],
    ["semspace cluster tickets.txt --method hdbscan --least 10 --svg tickets.svg", "groups by density, and a picture"],
    [
      "semspace cluster tickets.txt --clusters 12 --json",
      '{"cluster": …, "size": …, "words": …, "central": …} a group, then {"index": …, "cluster": …} a text',
    ],
  ],
  async run({ options, positionals, terminal }) {
    if (positionals.length === 0) throw new UsageError("A file is needed: semspace cluster FILE.");
    const settings = clusterSettings(options);
    const texts: string[] = [];
    for await (const batch of textBatches(positionals, options)) texts.push(...batch);
    const { cluster } = await import("../../tasks/index.ts");
    const embedder = await modelEmbedder(options.model);
    const progress = await openProgress();
    try {
      const found = await cluster(texts, {
        ...{ ...settings, embedder },
        onProgress: ({ done, total }) => progress.update("texts embedded", done, total),
      });
      progress.stop();
      await (options.json ? writeJson(found, terminal) : writeClusters(found, texts, terminal));
      if (options.svg === undefined) return;
      const picture = clusterPicture(found, {
        projection: options.projection ?? "umap",
        seed: options.seed ?? 1,
        onProgress: ({ done, total }) => progress.update("steps of the picture", done, total),
      });
      progress.stop();
      await writeFileTo(options.svg, picture, terminal);
    } finally {
      progress.stop();
      await embedder.dispose();
    }
  },
});

function clusterSettings(given: Values<typeof optionTable>): ClusterOptions {
  const { method, clusters, threshold, least, linkage, batch, words, central, seed } = given;
  if (clusters !== undefined && clusters !== "auto" && !/^[1-9]\d*$/.test(clusters))
    throw new UsageError(`--clusters must be a whole number above 0 or auto, got "${clusters}".`);
  const count = clusters === undefined || clusters === "auto" ? clusters : Number(clusters);
  const settings = {
    ...{ method, clusters: count, threshold, least },
    ...{ linkage, batch, words, central, seed },
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

async function writeClusters(
  { labels, clusters, silhouette }: Clustering,
  texts: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const { style } = terminal;
  const none = labels.filter((label) => label < 0).length;
  const rest = none > 0 ? `, ${none} texts in none` : "";
  const out = [`${texts.length} texts, ${clusters.length} groups${rest}, silhouette ${silhouette.toFixed(2)}`];
  for (const [number, { size, words, central }] of clusters.entries()) {
    out.push(
      `${style.cyan(String(number + 1).padStart(3))}  ${style.bold(printable(words.join(", ")))}  ${style.dim(`${size} texts`)}`,
    );
    for (const i of central) out.push(`       ${printable(shortened(texts[i]))}`);
  }
  await terminal.write(`${out.join("\n")}\n`);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

async function writeJson({ labels, clusters, probabilities, outliers }: Clustering, terminal: Terminal): Promise<void> {
  const lines = clusters.map(({ size, words, central }, i) => JSON.stringify({ cluster: i + 1, size, words, central }));
  for (const [index, label] of labels.entries()) {
    const firmness = probabilities && { probability: probabilities[index], outlier: outliers![index] };
    lines.push(JSON.stringify({ index, cluster: label < 0 ? null : label + 1, ...firmness }));
  }
  if (lines.length > 0) await terminal.write(`${lines.join("\n")}\n`);
}

async function writeFileTo(path: string, content: string, terminal: Terminal): Promise<void> {
  const sink = await openSink(path, false, terminal);
  try {
    await sink.write(content);
    await sink.end();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  terminal.message(`Wrote ${path}.`);
}

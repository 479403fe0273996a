#!/usr/bin/env node
/** `semspace COMMAND …`: finds the command, loads only its code, and turns errors into one line and an exit code. */
import { commonOptions, readArguments, suggestion, UsageError } from "./arguments.ts";
import type { Entry } from "./command.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const commands: Readonly<Record<string, Entry>> = {
  search: { summary: "Find passages of files by meaning and by words", load: () => import("./commands/search.ts") },
  index: {
    summary: "Keep an index of a folder's documents, search it",
    load: () => import("./commands/index-commands.ts"),
  },
  deduplicate: {
    summary: "Remove texts that say nearly the same as one before",
    load: () => import("./commands/deduplicate.ts"),
  },
  embed: { summary: "Turn lines of text into vectors", load: () => import("./commands/embed.ts") },
  similarity: { summary: "Compare one text with others", load: () => import("./commands/similarity.ts") },
  tokenize: { summary: "Show the tokens of a text", load: () => import("./commands/tokenize.ts") },
  tokenizer: { summary: "Learn tokenizers from text", load: () => import("./commands/tokenizer.ts") },
  info: {
    summary: "Say what a model's folder holds, and whether it can be used",
    load: () => import("./commands/info.ts"),
  },
  words: { summary: "Ask, measure, train and convert word vectors", load: () => import("./commands/words.ts") },
  "fill-mask": {
    summary: "Find the words that fit into the gaps of a text",
    load: () => import("./commands/fill-mask.ts"),
  },
  generate: { summary: "Write a text on with a language model", load: () => import("./commands/generate.ts") },
  entities: { summary: "Find names, places, numbers … in texts", load: () => import("./commands/entities.ts") },
  tagger: {
    summary: "Train and use a finder of entities of your own kinds",
    load: () => import("./commands/tagger.ts"),
  },
  context: {
    summary: "Show how lines use a word, grouped by sense",
    load: () => import("./commands/context.ts"),
  },
  classify: {
    summary: "Train and use a classifier of texts on a model's vectors",
    load: () => import("./commands/classify.ts"),
  },
  cluster: {
    summary: "Group texts by meaning, name the groups, draw them",
    load: () => import("./commands/cluster.ts"),
  },
  route: { summary: "Say which of a few commands is meant, or none", load: () => import("./commands/route.ts") },
  rerank: {
    summary: "Put texts into the order in which they answer a query",
    load: () => import("./commands/rerank.ts"),
  },
  summarize: {
    summary: "Give the sentences that stand for a text",
    load: () => import("./commands/summarize.ts"),
  },
  keywords: { summary: "Find the phrases that say what a text is about", load: () => import("./commands/keywords.ts") },
  recommend: {
    summary: "Recommend items from sessions, from their texts, or both",
    load: () => import("./commands/recommend.ts"),
  },
  evaluate: {
    summary: "Measure models on your own data, side by side",
    load: () => import("./commands/evaluate.ts"),
  },
  train: {
    summary: "Train an embedder on pairs, triplets, scores or classes",
    load: () => import("./commands/train.ts"),
  },
  distill: { summary: "Make a small static model from a transformer", load: () => import("./commands/distill.ts") },
};

const terminal = openTerminal();
const args = process.argv.slice(2);
try {
  process.exitCode = await main(args, terminal);
} catch (error) {
  process.exitCode = report(error, terminal);
}

async function main([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === "--version" || name === "-v") {
    await terminal.write(`${await version()}\n`);
    return 0;
  }
  return runCommand([name ?? "", ...rest], { commands, path: [], terminal });
}

interface Level {
  commands: Readonly<Record<string, Entry>>;
  /** The words that led here: ["words"] inside `semspace words`. */
  path: readonly string[];
  terminal: Terminal;
}

/** Runs a command, or one of a group of commands. */
async function runCommand([name, ...rest]: readonly string[], { commands, path, terminal }: Level): Promise<number> {
  if (
    name === "" ||
    name === undefined ||
    name === "--help" ||
    name === "-h" ||
    (name === "help" && rest.length === 0)
  ) {
    const { overview } = await import("./help.ts");
    const rows = Object.entries(commands).map(([key, { summary }]) => [key, summary] as const);
    const text = overview(rows, terminal.style, path);
    if (!name) terminal.message(text);
    else await terminal.write(`${text}\n`);
    return name ? 0 : 2;
  }
  if (name === "help") return runCommand([...rest, "--help"], { commands, path, terminal });
  if (!Object.hasOwn(commands, name)) {
    const names = Object.keys(commands);
    const typed = [...path, name].join(" ");
    throw new UsageError(`Unknown command "${typed}".${suggestion(name, names)} Commands: ${names.join(", ")}.`);
  }
  const loaded = await commands[name].load();
  if ("commands" in loaded) return runCommand(rest, { commands: loaded.commands, path: [...path, name], terminal });
  const { command } = loaded;
  const flags = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (flags.includes("--help") || flags.includes("-h")) {
    const { commandHelp } = await import("./help.ts");
    await terminal.write(`${commandHelp(command, terminal.style)}\n`);
    return 0;
  }
  try {
    const { values, positionals } = readArguments(rest, { ...command.options, ...commonOptions });
    return (await command.run({ options: values, positionals, terminal })) ?? 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} See semspace ${command.name} --help.`, { cause: error });
  }
}

/** One line on stderr; the exit code. */
function report(error: unknown, terminal: Terminal): number {
  const message = error instanceof Error ? error.message : String(error);
  terminal.warn(message.replace(/\s*\n\s*/g, " "));
  if (args.includes("--debug") && error instanceof Error) terminal.message(error.stack ?? "");
  return error instanceof UsageError ? 2 : 1;
}

async function version(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

/** The texts of `semspace --help` and `semspace COMMAND --help`. */
import { commonOptions, type Option, type Options } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { Style } from "./terminal.ts";

/** The list of commands; `path` holds the words before them, for a group such as `semspace words`. */
export function overview(
  commands: readonly (readonly [name: string, summary: string])[],
  style: Style,
  path: readonly string[] = [],
): string {
  const words = ["semspace", ...path].join(" ");
  return [
    ...(path.length > 0 ? [] : [`${style.bold("semspace")}: text goes in, tokens and vectors and meaning come out.`]),
    `${style.bold("Usage")}  ${words} COMMAND …`,
    `${style.bold("Commands")}\n${columns(commands)}`,
    `${words} COMMAND --help says what a command does, with examples.${path.length > 0 ? "" : "\nModels are folders; where none is given, the one that the package ships is used."}`,
  ].join("\n\n");
}

/** What one command does, its options and examples. */
export function commandHelp(command: Command, style: Style): string {
  const rows = (options: Options) =>
    Object.entries(options).map(([name, option]) => [optionName(name, option), optionText(option)] as const);
  const examples = command.examples.map(([line, does]) => `  ${style.bold(line)}\n      ${does}`).join("\n");
  return [
    command.summary,
    `${style.bold("Usage")}  semspace ${command.name} ${command.positionals} [options]`,
    ...(command.description ? [command.description] : []),
    `${style.bold("Options")}\n${columns([...rows(command.options), ...rows(commonOptions)])}`,
    `${style.bold("Examples")}\n${examples}`,
  ].join("\n\n");
}

function optionName(name: string, { short, value, type }: Option): string {
  return `${short ? `-${short}, ` : ""}--${name}${type === "flag" ? "" : ` ${value ?? "VALUE"}`}`;
}

function optionText({ describe, choices, default: preset }: Option): string {
  return `${describe}${choices ? `: ${choices.join(", ")}` : ""}${preset === undefined ? "" : ` (default ${preset})`}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join("\n");
}

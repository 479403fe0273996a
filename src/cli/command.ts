/** What a command of the command line is: its words for people (help), its options, and what it does. */
import type { commonOptions, Options, Values } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

export interface Command<O extends Options = Options> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Positional arguments as the usage line shows them, e.g. "QUERY PATH…". */
  readonly positionals: string;
  /** Paragraphs below the usage line. */
  readonly description?: string;
  readonly options: O;
  /** A command line and what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** Does the work; gives the exit code when it is not 0. */
  run(invocation: Invocation<O>): Promise<number | void>;
}

export interface Invocation<O extends Options = Options> {
  readonly options: Values<O & typeof commonOptions>;
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
}

/** A command, or a group of commands (`semspace words …`), in a list of commands; its code is loaded when it is asked for. */
export interface Entry {
  readonly summary: string;
  load(): Promise<{ command: Command } | { commands: Readonly<Record<string, Entry>> }>;
}

/** Gives a command its types. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}

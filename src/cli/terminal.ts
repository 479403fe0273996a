/**
 * The three streams of a command: data on stdout with back-pressure, messages on stderr, colours on a terminal only.
 * A reader that closes the pipe (`semspace … | head`) ends the program quietly; a full disk with a line and exit code 1.
 */
import { once } from "node:events";

export type Style = Readonly<
  Record<"bold" | "dim" | "cyan" | "green" | "yellow" | "highlight", (text: string) => string>
>;

export interface Terminal {
  /** Colours for stdout; they do nothing when it is no terminal or NO_COLOR is set. */
  readonly style: Style;
  /** Columns of the terminal, undefined where stdout is none. */
  readonly columns: number | undefined;
  /** Writes data; resolves when stdout can take more. */
  write(data: string | Uint8Array): Promise<void>;
  /** A line for people on stderr. */
  message(text: string): void;
  /** A line that says what was skipped or is not as expected; does not end the command. */
  warn(text: string): void;
}

export function openTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // oxlint-disable-next-line unicorn/no-process-exit -- nobody reads what would follow
      if (error.code === "EPIPE") process.exit(0);
      if (stream === stdout) stderr.write(`semspace: Cannot write standard output (${error.code}).\n`);
      // oxlint-disable-next-line unicorn/no-process-exit -- what would follow has nowhere to go
      process.exit(1);
    });
  }
  return {
    style: styleOf(stdout),
    columns: stdout.isTTY ? stdout.columns : undefined,
    async write(data) {
      if (!stdout.write(data)) await once(stdout, "drain");
    },
    message: (text) => void stderr.write(`${text}\n`),
    warn: (text) => void stderr.write(`semspace: ${text}\n`),
  };
}

/** Colours as this stream shows them: NO_COLOR, FORCE_COLOR and TERM=dumb are honoured as Node does. */
export function styleOf(stream: NodeJS.WriteStream): Style {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const coloured = !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY && stream.hasColors());
  const paint = (open: number, close: number) => (text: string) =>
    coloured ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    cyan: paint(36, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    highlight: (text) => (coloured ? `\u001B[1;33m${text}\u001B[22;39m` : text),
  };
}

/** Text from a file cannot steer the terminal: control characters become visible signs. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, (character) =>
    character === "\r" ? "" : "\uFFFD",
  );
}

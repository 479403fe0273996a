/** What commands about one text read: a file in any of the document formats, or standard input. */
import { UsageError } from "./arguments.ts";

/** The text of the one file that is named; "-" is standard input. Throws {@link UsageError} for none or several. */
export async function readOneText(command: string, files: readonly string[]): Promise<string> {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0)
    throw new UsageError(`One file is needed, or -: semspace ${command} FILE.`);
  if (file === "-") {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString("utf8");
  }
  const { readDocument } = await import("../documents/index.ts");
  return (await readDocument(file)).text;
}

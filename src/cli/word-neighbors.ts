/** What the commands about word vectors share: the option that limits reading, the file, and neighbours as lines. */
import type { Neighbor, WordVectors } from "../words/index.ts";
import type { Option } from "./arguments.ts";
import { printable, type Terminal } from "./terminal.ts";

/** Words beyond these are not read: large files hold the frequent words first. */
export const limitOption: Option & { type: "whole" } = {
  type: "whole",
  value: "N",
  least: 1,
  describe: "Read only the first N words of the file",
};

export async function openWordVectors(path: string, limit: number | undefined): Promise<WordVectors> {
  const { loadWordVectors } = await import("../words/index.ts");
  return loadWordVectors(path, { limit });
}

/** A word and its similarity a line, or `word` and `similarity` as JSON. */
export async function writeNeighbors(neighbors: readonly Neighbor[], terminal: Terminal, json: boolean): Promise<void> {
  const { green } = terminal.style;
  for (const { word, similarity } of neighbors) {
    const line = json
      ? JSON.stringify({ word, similarity })
      : `${green(similarity.toFixed(4).padStart(7))}  ${printable(word)}`;
    await terminal.write(`${line}\n`);
  }
}

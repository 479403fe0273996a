/** Sentences with a label a token, as CoNLL's shared tasks keep them: a token a line, its label in the last column, a blank line between sentences. */
import { SemspaceError, shown } from "../../errors.ts";
import { isLabel, toBio } from "./bio.ts";

export interface TaggedTokens {
  tokens: readonly string[];
  /** One a token: "O", "B-NAME", "I-NAME"; also IOB1, BIOES and BILOU. */
  labels: readonly string[];
}

/**
 * Reads columns between tabs or spaces; `-DOCSTART-` and comments (lines from # on before a sentence that end in no label) are left out.
 * Labels are given in BIO. Throws `invalid-file` with the line's number.
 */
export function readConll(content: string): TaggedTokens[] {
  const sentences: TaggedTokens[] = [];
  let tokens: string[] = [];
  let labels: string[] = [];
  let first = 1;
  const finish = (line: number): void => {
    if (tokens.length > 0) sentences.push({ tokens, labels: toBio(labels, `The sentence from line ${first}`) });
    tokens = [];
    labels = [];
    first = line + 1;
  };
  for (const [i, line] of content
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const fields = line.includes("\t") ? line.trim().split("\t") : line.trim().split(/ +/);
    if (line.trim() === "" || fields[0] === "-DOCSTART-") {
      finish(i + 1);
      continue;
    }
    if (tokens.length === 0 && fields[0].startsWith("#") && !isLabel(fields[fields.length - 1])) continue;
    if (fields.length < 2) {
      const message = `Line ${i + 1} must hold a token and its label between spaces or a tab, got ${shown(line)}.`;
      throw new SemspaceError("invalid-file", message);
    }
    tokens.push(fields[0]);
    labels.push(fields[fields.length - 1].trim());
  }
  finish(0);
  return sentences;
}

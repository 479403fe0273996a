/** Readers of BEIR's files: `corpus.jsonl` and `queries.jsonl` with `_id`, `title` and `text`. Judgements are read by `readQrels`. */
import { SemspaceError, shown } from "../errors.ts";
import type { Identified } from "./retrieval.ts";

/** Texts with their ids; a title stands before the text with a space between, as BEIR and MTEB put it. Throws `invalid-file` with the line's number. */
export function readBeirTexts(content: string, file = "The file"): Identified[] {
  const texts: Identified[] = [];
  const seen = new Set<string>();
  for (const [i, line] of content.split("\n").entries()) {
    if (line.trim() === "") continue;
    const wrong = (what: string) => new SemspaceError("invalid-file", `Line ${i + 1} of ${file} ${what}`);
    let value: { _id?: unknown; id?: unknown; title?: unknown; text?: unknown } | null;
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      throw wrong(`must be a JSON object with "_id" and "text", got ${shown(line)}.`);
    }
    const id = value?._id ?? value?.id;
    if ((typeof id !== "string" && typeof id !== "number") || typeof value?.text !== "string")
      throw wrong(`must be a JSON object with "_id" and "text", got ${shown(line)}.`);
    if (seen.has(String(id))) throw wrong(`has the id ${shown(id)} of an earlier line. Ids must differ.`);
    seen.add(String(id));
    const title = typeof value.title === "string" ? value.title : "";
    texts.push({ id: String(id), text: `${title} ${value.text}`.trim() });
  }
  if (texts.length === 0) throw new SemspaceError("invalid-file", `${file} has no texts.`);
  return texts;
}

/** Query id → ids of its candidates, from lines `query-id document-id` with or without a head line. Throws `invalid-file` with the line's number. */
export function readCandidates(content: string, file = "The file"): Map<string, string[]> {
  const candidates = new Map<string, string[]>();
  for (const [i, line] of content.split("\n").entries()) {
    const fields = line.trim().split(/\s+/);
    if (fields[0] === "" || (i === 0 && fields[0] === "query-id")) continue;
    if (fields.length < 2) {
      const message = `Line ${i + 1} of ${file} must be "query-id document-id", got ${shown(line)}.`;
      throw new SemspaceError("invalid-file", message);
    }
    candidates.set(fields[0], [...(candidates.get(fields[0]) ?? []), fields[1]]);
  }
  return candidates;
}

/**
 * Readers of TREC's plain formats: judgements (qrels), documents and topics in SGML-like files. Such a file is no XML:
 * it has many root elements, and topics often leave their fields unclosed. Text in, values out.
 */
import { SemspaceError, shown } from "../errors.ts";
import type { Identified } from "./retrieval.ts";

/**
 * Judgements, one a line: `topic iteration document grade` (TREC), or `topic document grade` with a head line (BEIR).
 * Gives topic → document → grade; a repeated judgement keeps its last grade. Throws `invalid-file` with the line's number.
 */
export function readQrels(text: string): Map<string, Map<string, number>> {
  const relevance = new Map<string, Map<string, number>>();
  for (const [i, line] of text.split("\n").entries()) {
    const fields = line.trim().split(/\s+/);
    if (fields[0] === "" || (i === 0 && fields[0] === "query-id")) continue;
    const grade = Number(fields[fields.length - 1]);
    if ((fields.length !== 3 && fields.length !== 4) || !Number.isInteger(grade)) {
      throw new SemspaceError(
        "invalid-file",
        `Line ${i + 1} is no judgement: expected "topic iteration document grade" with a whole number as grade, got ${shown(line)}.`,
      );
    }
    const topic = fields[0];
    if (!relevance.has(topic)) relevance.set(topic, new Map());
    relevance.get(topic)!.set(fields[fields.length - 2], grade);
  }
  return relevance;
}

/** The `<doc>` elements of a file: `<docno>` and `<text>`; a title that is apart from the text is not added to it. */
export function readTrecDocuments(file: string): Identified[] {
  return elements(file, "doc").map((element, i) => ({
    id: required(element, "docno", `Document ${i + 1}`),
    text: field(element, "text") ?? "",
  }));
}

/** The `<top>` elements of a file: `<num>` (a leading "Number:" dropped) and `<title>`, which is the query. */
export function readTrecTopics(file: string): Identified[] {
  return elements(file, "top").map((element, i) => ({
    id: required(element, "num", `Topic ${i + 1}`).replace(/^Number:\s*/, ""),
    text: required(element, "title", `Topic ${i + 1}`),
  }));
}

function elements(file: string, tag: string): string[] {
  const found = Array.from(file.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "gi")), (match) => match[1]);
  if (found.length > 0) return found;
  throw new SemspaceError("invalid-file", `There is no <${tag}> element in the file. Is it in TREC's format?`);
}

/** A field ends at its closing tag, or where it has none, at the next tag that stands at the start of a line. */
function field(element: string, tag: string): string | undefined {
  const start = new RegExp(`<${tag}>`, "i").exec(element);
  if (!start) return undefined;
  const rest = element.slice(start.index + start[0].length);
  const end = rest.search(new RegExp(`</${tag}>`, "i"));
  const value = end === -1 ? rest.split(/\n\s*<\w+>/, 1)[0] : rest.slice(0, end);
  return withoutEntities(value).trim();
}

function required(element: string, tag: string, what: string): string {
  const value = field(element, tag);
  if (value) return value;
  throw new SemspaceError("invalid-file", `${what} has no <${tag}>.`);
}

function withoutEntities(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => characters[name]);
}

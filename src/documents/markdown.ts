/**
 * Markdown → blocks: headings (`#` and underlined), fenced code, paragraphs and lists; the text stays as it is.
 * A line scanner after CommonMark 0.31, not a parser: it finds where to cut, so emphasis, links and nesting do not matter.
 */
import { blocksBetweenBlankLines, lastNonSpace, lineMap, type Block, type Document } from "./document.ts";

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;

/** Reads Markdown; YAML front matter is one block of code. */
export function readMarkdown(text: string, file: string): Document {
  const lines = lineMap(text);
  const blocks: Block[] = [];
  const lineEnd = (i: number) => (i + 1 < lines.offsets.length ? lines.offsets[i + 1] - 1 : text.length);
  const line = (i: number) =>
    text.slice(lines.offsets[i], lastNonSpace(text, lines.offsets[i], Math.min(lineEnd(i), lines.offsets[i] + 1000)));
  let from = 0; // first line that no block holds yet
  const flush = (to: number) => {
    if (to > from)
      blocks.push(...blocksBetweenBlankLines(text, { start: lines.offsets[from], end: lineEnd(to - 1) }, "paragraph"));
  };
  const push = (block: { first: number; last: number; kind: "heading" | "code"; level?: number }) => {
    flush(block.first);
    const start = lines.offsets[block.first];
    const { kind, level } = block;
    blocks.push({ start, end: lastNonSpace(text, start, lineEnd(block.last)), kind, ...(level && { level }) });
    from = block.last + 1;
  };
  for (let i = 0; i < lines.offsets.length; i += 1) {
    const content = line(i);
    const heading = HEADING.exec(content);
    const fence = FENCE.exec(content)?.[1] ?? (i === 0 && content === "---" ? content : undefined);
    const underline = UNDERLINE.exec(content)?.[1];
    if (heading) push({ first: i, last: i, kind: "heading", level: heading[1].length });
    else if (fence) {
      const last = closingLine(fence, i, { line, count: lines.offsets.length });
      // A document that opens with a thematic break has no closing line: then it is no front matter.
      if (fence === "---" && last === lines.offsets.length - 1 && line(last) !== "---") continue;
      push({ first: i, last, kind: "code" });
      i = last;
    } else if (underline && i > from && isHeadingText(line(i - 1)) && (i - 1 === from || line(i - 2) === "")) {
      push({ first: i - 1, last: i, kind: "heading", level: underline[0] === "=" ? 1 : 2 });
    }
  }
  flush(lines.offsets.length);
  return { file, kind: "markdown", text, blocks, lines };
}

function closingLine(
  fence: string,
  opened: number,
  { line, count }: { line: (i: number) => string; count: number },
): number {
  for (let i = opened + 1; i < count; i += 1) {
    const content = line(i).trimStart();
    if (content.length >= fence.length && content.startsWith(fence) && content.replaceAll(fence[0], "") === "")
      return i;
  }
  return count - 1;
}

/** An underline below a list item, a table or a quotation is no heading. */
function isHeadingText(content: string): boolean {
  return content.trim() !== "" && !/^\s*([-*+>|]|\d+[.)])/.test(content);
}

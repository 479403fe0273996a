import { expect, test } from "vitest";
import { lineAt, type Document } from "./document.ts";
import { documentKind, parseDocument } from "./read-document.ts";

/** Each block as [line, kind, text]. */
const blocks = (document: Document) =>
  document.blocks.map(({ start, end, kind }) => [
    lineAt(document.lines, start),
    kind,
    document.text.slice(start, end).trim(),
  ]);
const parse = (text: string, file: string) => blocks(parseDocument(text, { file }));
const bytes = (...values: number[]) => new Uint8Array(values);

test("plain text has a block for each paragraph", () => {
  expect(parse("one\ntwo\n\n \n  three  \r\n\r\nfour", "a.txt")).toEqual([
    [1, "paragraph", "one\ntwo"],
    [5, "paragraph", "three"],
    [7, "paragraph", "four"],
  ]);
});

test("Markdown has headings of both kinds, fenced code and paragraphs", () => {
  const text = "---\ntitle: x\n---\n# One\ntext\n\nTwo\n---\n- item\n---\n~~~js\n# no heading\n\ncode\n~~~\n#hashtag\n";
  expect(parse(text, "a.md")).toEqual([
    [1, "code", "---\ntitle: x\n---"],
    [4, "heading", "# One"],
    [5, "paragraph", "text"],
    [7, "heading", "Two\n---"],
    [9, "paragraph", "- item\n---"],
    [11, "code", "~~~js\n# no heading\n\ncode\n~~~"],
    [16, "paragraph", "#hashtag"],
  ]);
});

test("Markdown that opens with a thematic break or leaves a fence open is read to its end", () => {
  expect(parse("---\ntext", "a.md")).toEqual([[1, "paragraph", "---\ntext"]]);
  expect(parse("```\ncode\n\nmore", "a.md")).toEqual([[1, "code", "```\ncode\n\nmore"]]);
});

test("HTML is read as people see it, with the lines of its source", () => {
  const text = `<!doctype html>
<head><title>Page &amp; title</title><style>p { color: red }</style></head>
<body><script>var a = "<p>no</p>";</script>
<h1>Big <em>news</em></h1>
<p>First
   line,<br>second line.
<p>Fish &lt; chips<!-- no --> caf&eacute;</p>
<pre>
  code  here
</pre><table><tr><td>a</td><td>b</td></tr></table>
<ul><li>one<li>two</ul>`;
  expect(parse(text, "a.html")).toEqual([
    [2, "heading", "Page & title"],
    [4, "heading", "Big news"],
    [5, "paragraph", "First line,"],
    [6, "paragraph", "second line."],
    [7, "paragraph", "Fish < chips café"],
    [9, "code", "code  here"],
    [10, "paragraph", "a b"],
    [11, "paragraph", "one"],
    [11, "paragraph", "two"],
  ]);
});

test("a later line of an HTML paragraph has its own number", () => {
  const document = parseDocument("<p>one\ntwo\nthree</p>", { file: "a.html" });
  expect(document.text.trim()).toBe("one two three");
  expect([0, 4, 8].map((offset) => lineAt(document.lines, offset))).toEqual([1, 2, 3]);
});

test("broken HTML is read as far as it goes", () => {
  expect(parse("<p>open <b>bold <i>and </p> never </script> closed <", "a.html").map((block) => block[2])).toEqual([
    "open bold and",
    "never closed <",
  ]);
});

test("HTML with many thousands of open tags is read in a time that grows with its length only", () => {
  const start = performance.now();
  const deep = `${"<div>\n".repeat(200_000)}<p>deep <pre>a\n b</pre>${"</div>".repeat(200_000)}<p>after`;
  expect(parse(deep, "a.html")).toEqual([
    [200_001, "paragraph", "deep"],
    [200_001, "code", "a\n b"],
    [200_002, "paragraph", "after"],
  ]);
  expect(parse("<b>one <i>two ".repeat(100_000), "a.html")).toHaveLength(390);
  expect(performance.now() - start).toBeLessThan(8000);
});

test("a row of CSV is a record with the names of its columns and the line that it starts on", () => {
  expect(parse('name,note\nAda,"first\nprogrammer"\n\nAlan, \n', "a.csv")).toEqual([
    [2, "record", "name: Ada\nnote: first\nprogrammer"],
    [5, "record", "name: Alan"],
  ]);
  expect(parse("1;2\n3;4", "a.csv")).toEqual([
    [1, "record", "1\n2"],
    [2, "record", "3\n4"],
  ]);
  expect(parse('id\ttext\n7\t"quoted ""here"""', "a.tsv")).toEqual([[2, "record", 'id: 7\ntext: quoted "here"']]);
});

test("CSV with a quotation mark left open is read to its end", () => {
  expect(parse('a,b\n1,"open\n2,3', "a.csv")).toEqual([[2, "record", "a: 1\nb: open\n2,3"]]);
});

test("a line of JSONL is its text, its strings, or itself", () => {
  const text = '{"title":"T","text":"hello"}\n\n{"id":1,"name":"Ada","tags":["x","y"]}\r\nnot json\n{"cut": \n42\n';
  expect(parse(text, "a.jsonl")).toEqual([
    [1, "record", "T\nhello"],
    [3, "record", "name: Ada\ntags: x\ntags: y"],
    [4, "record", "not json"],
    [5, "record", '{"cut":'],
    [6, "record", "42"],
  ]);
});

test("the ending names the kind, and what is not known is text", () => {
  expect(
    ["a.MD", "b.htm", "c.tsv", "d.ndjson", "e.rs", "f.rst", "Makefile", "x.constructor"].map(documentKind),
  ).toEqual([...["markdown", "html", "csv", "jsonl", "code", "text", "text", "text"]]);
});

test("byte order marks, UTF-16 and old 8-bit text are decoded", () => {
  const read = (source: Uint8Array) => parseDocument(source, { file: "a.txt" }).text;
  expect(read(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe("a");
  expect(read(bytes(0xff, 0xfe, 0xe9, 0x00, 0x0a, 0x00))).toBe("é\n");
  expect(read(bytes(0xfe, 0xff, 0x00, 0xe9))).toBe("é");
  expect(read(bytes(0x63, 0x61, 0x66, 0xe9, 0x21))).toBe("café!");
});

test("binary bytes are refused with the reason", () => {
  expect(() => parseDocument(bytes(0x89, 0x50, 0x4e, 0x47, 0, 1), { file: "a.png" })).toThrow(
    "a.png is not text: byte 4 is NUL.",
  );
  expect(() => parseDocument(bytes(1, 2, 3, 0x61, 0x62), { file: "b" })).toThrow(
    "b is not text: 3 of its first 5 bytes are control characters.",
  );
});

test("a document above the size limit and an unknown kind are refused", () => {
  expect(() => parseDocument("abcdef", { file: "a.txt", maxBytes: 5 })).toThrow(
    "a.txt has 6 bytes, more than the 5 that are read.",
  );
  expect(() => parseDocument("a", { kind: "xls" as "text" })).toThrow(
    'Unknown kind of document "xls". Use one of: text, markdown',
  );
});

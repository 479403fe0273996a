import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { SemspaceError } from "../errors.ts";
import { lineAt, type Document } from "./document.ts";
import { passages } from "./passages.ts";
import { parseDocument, readDocument } from "./read-document.ts";

const golden = (name: string): string => join(import.meta.dirname, "../../test/golden/documents", name);
/** Each block as [line, kind, text]. */
const blocks = (document: Document) =>
  document.blocks.map(({ start, end, kind, level }) => [
    lineAt(document.lines, start),
    kind + (level ?? ""),
    document.text.slice(start, end),
  ]);
const random = (seed: number) => {
  let state = seed;
  return (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
};

test("a PDF has headings by the size of its type, paragraphs by its gaps, and pages", async () => {
  const document = await readDocument(golden("bridges.pdf"));
  expect(blocks(document)).toEqual([
    [1, "heading1", "On bridges"],
    [2, "paragraph", "A bridge carries a road over a river,\nso that people need no boat. It rests on\npiers."],
    [5, "paragraph", "The second paragraph speaks of stone\nand of cafés."],
    [7, "heading2", "Steel"],
    [8, "paragraph", "Steel is strong in tension."],
    [9, "paragraph", "It rusts, and must be painted."],
  ]);
  expect(passages(document).map(({ page, line, heading }) => [page, line, heading])).toEqual([
    [1, 1, undefined],
    [1, 7, "On bridges"],
  ]);
  expect(document.pages).toEqual({ offsets: [0, document.text.indexOf("It rusts")], numbers: [1, 2] });
});

test("a PDF is known by its first bytes, whatever its name", async () => {
  const bytes = new Uint8Array(readFileSync(golden("bridges.pdf")));
  expect(await readDocument(bytes, { file: "upload" })).toMatchObject({ file: "upload", kind: "pdf" });
  expect(bytes.length).toBeGreaterThan(0); // still the caller's
});

test("a PDF that is empty, cut short or encrypted is refused with the reason", async () => {
  const bytes = new Uint8Array(readFileSync(golden("bridges.pdf")));
  await expect(readDocument(new Uint8Array(), { file: "a.pdf" })).rejects.toThrow("a.pdf is no PDF that can be read");
  await expect(readDocument(bytes.slice(0, 200), { file: "a.pdf" })).rejects.toThrow(
    "a.pdf is no PDF that can be read",
  );
  await expect(readDocument(golden("encrypted.pdf"))).rejects.toThrow("is encrypted. Save it without a password.");
});

test("a DOCX has headings by style, paragraphs, rows of tables, and nothing that was deleted", async () => {
  const document = await readDocument(golden("bridges.docx"));
  expect(blocks(document)).toEqual([
    [1, "heading1", "On bridges"],
    [2, "heading2", "Stone"],
    [3, "paragraph", "An arch stands by its own weight."],
    [5, "paragraph", "Cafés & <inns>\tstand beside it."],
    [6, "heading3", "Steel"],
    [8, "paragraph", "Bridge\tSpan"],
    [10, "paragraph", "Forth\t521 m"],
    [11, "paragraph", "Painted often."],
  ]);
});

const docx = (parts: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])));

test("a DOCX's text boxes, foreign main part and footnotes are read once", async () => {
  const bytes = docx({
    "_rels/.rels":
      '<Relationships><Relationship Type="x/officeDocument" Target="/word/document2.xml"/></Relationships>',
    "word/document2.xml": `<w:document><w:body><w:p><w:r><w:t>Out</w:t></w:r><mc:AlternateContent><mc:Choice><w:p><w:t>Box</w:t></w:p></mc:Choice>
      <mc:Fallback><w:p><w:t>Box</w:t></w:p></mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>`,
    "word/footnotes.xml":
      '<w:footnotes><w:footnote w:type="separator"><w:p><w:t>--</w:t></w:p></w:footnote><w:footnote><w:p><w:t>A note.</w:t></w:p></w:footnote></w:footnotes>',
  });
  const document = await readDocument(bytes, { file: "a.docx" });
  expect(document.blocks.map(({ start, end }) => document.text.slice(start, end))).toEqual(["Out", "Box", "A note."]);
});

test("a DOCX that is none, too deep or too large is refused with the reason", async () => {
  const read = (bytes: Uint8Array) => readDocument(bytes, { file: "a.docx" });
  await expect(read(new Uint8Array())).rejects.toThrow("a.docx is no DOCX that can be read");
  await expect(read(strToU8("no zip"))).rejects.toThrow("a.docx is no DOCX that can be read");
  await expect(read(docx({ "readme.txt": "x" }))).rejects.toThrow("its archive has no word/document.xml");
  await expect(read(docx({ "word/document.xml": "<a>".repeat(600) }))).rejects.toThrow("nests XML more than 512 deep");
  const bomb = docx({ "word/document.xml": "<w:p/>" });
  const entry = Buffer.from(bomb.buffer).indexOf("PK\u0001\u0002"); // the directory's record; the unpacked size is 24 bytes on
  new DataView(bomb.buffer).setUint32(bomb.byteOffset + entry + 24, 200 * 2 ** 20, true);
  await expect(read(bomb)).rejects.toThrow("unpacks to more than");
});

test("a row of Parquet is a record, in every codec", async () => {
  for (const codec of ["none", "snappy", "gzip", "zstd", "brotli"]) {
    const document = await readDocument(golden(`${codec}.parquet`));
    expect(blocks(document), codec).toEqual([
      [1, "record", "Stone\nAn arch stands."],
      [2, "record", "No title here."],
      [3, "record", "title: Steel\ntags: new\ntags: strong"],
    ]);
  }
});

test("a Parquet file that is empty or cut short is refused", async () => {
  const bytes = new Uint8Array(readFileSync(golden("zstd.parquet")));
  for (const cut of [new Uint8Array(), bytes.slice(0, 100), bytes.slice(4)])
    await expect(readDocument(cut, { file: "a.parquet" })).rejects.toThrow(
      "a.parquet is no Parquet file that can be read",
    );
});

test("files with bytes changed or cut at random give a document or a named error, and never hang", async () => {
  const next = random(11);
  for (const name of ["bridges.pdf", "bridges.docx", "zstd.parquet", "snappy.parquet"]) {
    const bytes = new Uint8Array(readFileSync(golden(name)));
    for (let round = 0; round < 25; round += 1) {
      const damaged = round % 3 === 0 ? bytes.slice(0, next(bytes.length)) : bytes.slice();
      if (damaged.length === 0) continue;
      for (let i = 0; i < 1 + next(8); i += 1) damaged[next(damaged.length)] = next(256);
      const found = await readDocument(damaged, { file: name }).catch((error: unknown) => error);
      if (found instanceof Error) expect(found).toBeInstanceOf(SemspaceError);
    }
  }
});

test("packed kinds are not parsed at once", () => {
  expect(() => parseDocument(new Uint8Array([1]), { file: "a.pdf" })).toThrow("Use await readDocument(…).");
});

import { expect, test } from "vitest";
import golden from "../../../test/golden/word_vectors.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { concatenated, written } from "../../../test/written-vectors.ts";
import { Matrix } from "../../matrix/index.ts";
import { trainFastText } from "../fasttext/train-fasttext.ts";
import { fastTextBytes } from "../fasttext/write-model.ts";
import { WordVectors } from "../word-vectors.ts";
import { loadWordVectors } from "./load.ts";

const { files } = golden;
const utf8 = new TextEncoder();
const text = (content: string) => utf8.encode(content);

async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** word2vec's binary file with or without line feeds behind the vectors. */
function binary(
  header: string,
  rows: readonly (readonly [string | Uint8Array, readonly number[]])[],
  end = "",
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [text(header)];
  for (const [word, numbers] of rows) {
    pieces.push(typeof word === "string" ? text(word) : word, text(" "));
    pieces.push(new Uint8Array(Float32Array.from(numbers).buffer), text(end));
  }
  return concatenated(pieces);
}

test.each([
  ["word2vec's text", text(files.text)],
  ["word2vec's binary file", bytesOfBase64(files.binary)],
  ["a KeyedVectors pickle", bytesOfBase64(files.plain)],
  [
    "a KeyedVectors pickle with its vectors beside it",
    { "large.kv": bytesOfBase64(files.large), "large.kv.vectors.npy": bytesOfBase64(files.largeVectors) },
  ],
])("%s of gensim is read, bit for bit", async (kind, source) => {
  const vectors = await loadWordVectors(source);
  expect(vectors.words).toEqual(files.words);
  expect(vectors.vectors.data).toEqual(Float32Array.from(files.vectors));
  if (kind.includes("pickle")) expect(Array.from(vectors.counts!)).toEqual(files.counts);
});

test("the vectors inside a whole Word2Vec model of gensim are read", async () => {
  const vectors = await loadWordVectors(bytesOfBase64(files.word2vec));
  expect(vectors.words).toEqual(files.word2vecWords);
  expect(vectors.vectors.data).toEqual(Float32Array.from(files.word2vecVectors));
});

test("gensim's FastText vectors are composed of their n-grams, those of unknown words too", async () => {
  const vectors = await loadWordVectors(bytesOfBase64(files.fasttext));
  expect(vectors.words).toEqual(files.fasttextWords);
  const close = (a: ArrayLike<number>, b: readonly number[]) =>
    expect(Math.max(...b.map((value, i) => Math.abs(value - a[i])))).toBeLessThan(1e-7);
  close(vectors.vectors.data, files.fasttextVectors);
  expect(vectors.indexOf("abcd")).toBe(-1);
  close(vectors.vector("abcd"), files.fasttextUnknown);
});

const sample = new WordVectors(files.words, new Matrix(Float32Array.from(files.vectors), 3, 3), {
  counts: files.counts,
});

test.each(["v.txt", "v.bin", "v.glove", "v.vec", "v.kv", "v.npy", "v.safetensors"])(
  "%s is written and read again, also packed",
  async (name) => {
    const made = written(sample, name);
    const [main, ...others] = Object.entries(made);
    const packed = Object.fromEntries([[main[0], await gzipped(main[1])], ...others]) as Record<string, Uint8Array>;
    for (const source of [made, packed]) {
      const again = await loadWordVectors(source);
      expect(again.words).toEqual(files.words);
      const tolerance = name === "v.vec" ? 1e-4 : 0;
      for (const [i, value] of sample.vectors.data.entries()) {
        expect(Math.abs(again.vectors.data[i] - value)).toBeLessThanOrEqual(Math.abs(value) * tolerance);
      }
      if (name === "v.kv" || name === "v.safetensors") expect(Array.from(again.counts!)).toEqual(files.counts);
    }
  },
);

test("our own file keeps a quantised table, and words with spaces and line breaks", async () => {
  const odd = new WordVectors(["a b", "", "c\nd"], sample.vectors).quantized();
  const again = await loadWordVectors(written(odd, "v.safetensors"));
  expect(again.words).toEqual(["a b", "", "c\nd"]);
  expect(again.table).toEqual(odd.table);
  expect(again.vectors).toEqual(odd.vectors);
});

test("limit reads the first words of every format", async () => {
  for (const name of ["v.txt", "v.bin", "v.glove", "v.vec", "v.kv", "v.npy", "v.safetensors"]) {
    const two = await loadWordVectors(written(sample, name), { limit: 2 });
    expect(two.words, name).toEqual(files.words.slice(0, 2));
    expect(two.vectors.rows).toBe(2);
  }
  await expect(loadWordVectors(text(files.text), { limit: 0 })).rejects.toThrow(/limit must be a whole number/);
});

test("GloVe's text without a first line: tokens with spaces, a bare space, numbers as words, broken space", async () => {
  const lines = ["the 0.1 0.2 0.3", ". . . 1 2 3", "at name@domain.com -1 -2 -3", "7 4 5 6", "  1 1 1", "a\u00A0b 2 2 2", "9 9 7 8 9"]; // oxfmt-ignore
  const vectors = await loadWordVectors(text(`${lines.join("\n")}\n<unk> 0 0 0`));
  expect(vectors.dimensions).toBe(3);
  expect(vectors.words).toEqual(["the", ". . .", "at name@domain.com", "7", " ", "a\u00A0b", "9 9", "<unk>"]);
  expect([...vectors.vector("at name@domain.com")]).toEqual([-1, -2, -3]);
});

test("a first line with numbers, a trailing space, carriage returns, tabs and blank lines are all read", async () => {
  const vectors = await loadWordVectors(text("3 2\r\na 1 2 \r\nb\t3\t4\r\n\r\nc 5  6\r\n\r\n"));
  expect(vectors.words).toEqual(["a", "b", "c"]);
  expect([...vectors.vectors.data]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("numbers are those of Number, whatever their spelling", async () => {
  const numbers = ["0.1", "-0", "+5", ".5", "3.", "1e-05", "-2.5E+3", "123456789012345678901234567890", "0.000000000000000000000000012345", "nan", "-inf", "1.17549435e-38"]; // oxfmt-ignore
  const [row] = [(await loadWordVectors(text(`1 ${numbers.length}\nw ${numbers.join(" ")}\n`))).vector("w")];
  const wanted = numbers.map((spelling) => Math.fround(Number(spelling.replace("inf", "Infinity"))));
  expect([...row]).toEqual(wanted);
});

test.each(["", "\n"])("word2vec's binary file is read whatever stands behind a vector (%j)", async (end) => {
  const numbers = new Float32Array(new Uint8Array([10, 10, 10, 10, 32, 32, 32, 32]).buffer); // line feeds and spaces as numbers
  const bytes = binary("2 2\n", [["a", [...numbers]], ["b", [3, 4]]], end); // oxfmt-ignore
  const vectors = await loadWordVectors(bytes, { format: "word2vec-binary" });
  expect(vectors.words).toEqual(["a", "b"]);
  expect(vectors.vector("a")).toEqual(numbers);
  expect([...vectors.vector("b")]).toEqual([3, 4]);
});

test("a word cut in the middle of a character does not reach the next one", async () => {
  const cut = utf8.encode("ありがとう").subarray(0, 14);
  const bytes = binary("3 1\n", [[cut, [1]], ["ö", [2]], ["z", [3]]]); // oxfmt-ignore
  expect((await loadWordVectors(bytes)).words).toEqual(["ありがと\uFFFD", "ö", "z"]);
  const lines = concatenated([text("3 1\n"), cut, text(" 1\nö 2\nz 3\n")]);
  expect((await loadWordVectors(lines)).words).toEqual(["ありがと\uFFFD", "ö", "z"]);
});

test("words in another encoding are read when that is said", async () => {
  const latin1 = Uint8Array.from("2 1\nK\u00f6nig 1\nna\u00efve 2\n", (character) => character.charCodeAt(0));
  expect((await loadWordVectors(latin1, { encoding: "latin1" })).words).toEqual(["König", "naïve"]);
  const bytes = binary("1 1\n", [[Uint8Array.of(0xea, 0xee, 0xf2), [1]]]); // oxfmt-ignore
  expect((await loadWordVectors(bytes, { encoding: "windows-1251" })).words).toEqual(["кот"]);
  await expect(loadWordVectors(latin1, { encoding: "latin-99" })).rejects.toThrow("encoding latin-99 is not known");
});

test("of a word that comes twice the first row is kept", async () => {
  const vectors = await loadWordVectors(text("4 1\na 1\nb 2\na 3\nc 4\n"));
  expect(vectors.words).toEqual(["a", "b", "c"]);
  expect([...vectors.vectors.data]).toEqual([1, 2, 4]);
});

test("a file with fewer words than it claims was cut short, unless that is allowed; more words are all read", async () => {
  const short = [text("3 5\ndummy 0.069324 0.18155 0.080453 -0.1799 0.032043 \n"), binary("9 2\n", [["a", [1, 2]]])];
  for (const source of short) {
    await expect(loadWordVectors(source)).rejects.toThrow(/claims \d words.*allowShort: true/);
    expect((await loadWordVectors(source, { allowShort: true })).size).toBe(1);
  }
  expect((await loadWordVectors(text("1 1\na 1\nb 2\n"))).size).toBe(2);
  expect((await loadWordVectors(binary("1 1\n", [["a", [1]], ["b", [2]]]))).size).toBe(2); // oxfmt-ignore
});

test("words come out whole whatever the pieces in which a file arrives", async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `wörd${i} ${i} 0.${i} -${i}e-3`);
  const vectors = await loadWordVectors(text(rows.join("\n")));
  expect(vectors.size).toBe(40_000);
  expect([...vectors.vector("wörd39999")]).toEqual([39_999, 0.39999, -39.999].map(Math.fround));
});

test("a model of fastText gives its words, and vectors of words that it never saw", async () => {
  const model = await trainFastText(
    Array.from({ length: 20 }, () => "cats purr dogs bark cats dogs"),
    {
      ...{ dimensions: 3, epochs: 1, minCount: 1, buckets: 100 },
    },
  );
  const bytes = concatenated([...fastTextBytes(model)]);
  const vectors = await loadWordVectors(bytes);
  expect(vectors.words).toContain("cats");
  expect(vectors.vector("catsy").length).toBe(3);
  const two = await loadWordVectors(bytes, { limit: 2 });
  expect(two.words).toEqual(vectors.words.slice(0, 2));
  expect(two.vector(two.words[1])).toEqual(vectors.vector(two.words[1]));
});

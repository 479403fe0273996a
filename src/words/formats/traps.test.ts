/** What goes wrong with files of word vectors in the wild, asked of every reader (reference: word-embeddings.md, sections 2.6 and 5). */
import { expect, test, vi } from "vitest";
import golden from "../../../test/golden/word_vectors.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { concatenated, written } from "../../../test/written-vectors.ts";
import { SemspaceError } from "../../errors.ts";
import { writeNpy } from "../../formats/npy.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { Matrix } from "../../matrix/index.ts";
import { readStream } from "../../platform/browser.ts";
import { trainFastText } from "../fasttext/train-fasttext.ts";
import { fastTextBytes } from "../fasttext/write-model.ts";
import { WordVectors } from "../word-vectors.ts";
import { loadWordVectors, type ReadFormat } from "./load.ts";

const text = (content: string) => new TextEncoder().encode(content);
const { files } = golden;
const sample = new WordVectors(files.words, new Matrix(Float32Array.from(files.vectors), 3, 3));
const lines = Array.from({ length: 20 }, () => "cats purr dogs bark cats dogs");
const fastText = concatenated([
  ...fastTextBytes(await trainFastText(lines, { dimensions: 3, epochs: 1, minCount: 1, buckets: 50 })),
]);

/** A whole file of each reader, and those beside it. */
const readers: [format: ReadFormat, files: Record<string, Uint8Array>][] = [
  ["text", written(sample, "v.txt")],
  ["text", written(sample, "v.glove")],
  ["text", written(sample, "v.vec")],
  ["word2vec-binary", written(sample, "v.bin")],
  ["fasttext", { "v.bin": fastText }],
  ["gensim", written(sample, "v.kv")],
  ["gensim", { v: bytesOfBase64(files.fasttext) }],
  ["npy", written(sample, "v.npy")],
  ["semspace", written(sample, "v.safetensors")],
];

const page = text(
  `<!DOCTYPE html>\n<html><head><title>Not found</title></head>\n<body>${"<p>404 3 2 1</p>\n".repeat(50)}</body></html>\n`,
);
const pointer = text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 123456\n");

/** What stands in the place of a file, by what was there. */
const instead: [what: string, (whole: Uint8Array) => Uint8Array][] = [
  ["an empty file", () => new Uint8Array()],
  ["its first byte", (whole) => whole.subarray(0, 1)],
  ["its first half", (whole) => whole.subarray(0, Math.floor(whole.length / 2) - 1)],
  ["a web page", () => page],
  ["a pointer of Git LFS", () => pointer],
  ["zeros", (whole) => new Uint8Array(whole.length)],
];

test.each(instead)("%s in the place of a file is an error of ours, whichever reader it meets", async (_, change) => {
  for (const [format, all] of readers) {
    const [[name, whole], ...others] = Object.entries(all);
    const changed = Object.fromEntries([[name, change(whole)], ...others]) as Record<string, Uint8Array>;
    const read = loadWordVectors(changed, { format }).then(
      (vectors) => vectors,
      (error: unknown) => error,
    );
    const result = await read;
    // Half of a file without a first line is a file with fewer words.
    if (result instanceof WordVectors) expect(name).toBe("v.glove");
    else expect(result, `${name}: ${String((result as Error).stack)}`).toBeInstanceOf(SemspaceError);
  }
});

test("a web page and a pointer of Git LFS are of no known format, and show what they begin with", async () => {
  await expect(loadWordVectors(page)).rejects.toThrow('it begins with "<!DOCTYPE html>');
  await expect(loadWordVectors(pointer)).rejects.toThrow('it begins with "version https:');
});

test("a server that answers with a web page has no such file", async () => {
  const answers: [body: string, init: ResponseInit, message: RegExp][] = [
    ["<html>", { headers: { "content-type": "text/html; charset=utf-8" } }, /answered with a web page/],
    ["", { status: 404 }, /answered 404/],
  ];
  for (const [body, init, message] of answers) {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, init)));
    const read = (async () => {
      for await (const chunk of readStream("https://example.org/v.bin")) expect(chunk).toBeDefined();
    })();
    await expect(read).rejects.toThrow(message);
    vi.unstubAllGlobals();
  }
});

test("words that come twice, are empty or blank, or hold numbers alone are read by every reader", async () => {
  const odd = ["a", "", "7", "0.5", "-"];
  const rows = new Matrix(Float32Array.from({ length: 10 }, (_, i) => i), 5, 2); // oxfmt-ignore
  for (const name of ["v.bin", "v.glove", "v.kv", "v.npy", "v.safetensors"]) {
    const again = await loadWordVectors(written(new WordVectors(odd, rows), name));
    expect([again.words, [...again.vector("7")]], name).toEqual([odd, [4, 5]]);
    const twice = await loadWordVectors(written(new WordVectors(["a", "b", "a", "c", "d"], rows), name));
    expect([...twice.vector("a")], name).toEqual([0, 1]);
    expect([...twice.vector("c")], name).toEqual([6, 7]);
  }
  const blank = await loadWordVectors(text("4 2\n  1 2\n\u00a0 3 4\n. . 5 6\n\t7 8\n"));
  expect(blank.words).toEqual([" ", "\u00a0", ". .", ""]);
});

test("broken UTF-8 in a word becomes U+FFFD in every format whose words are bytes", async () => {
  const cut = Uint8Array.of(0xe3, 0x81);
  const binary = concatenated([text("2 1\n"), cut, text(" "), new Uint8Array(4), text("ö "), new Uint8Array(4)]);
  const plain = concatenated([cut, text(" 1\nö 2\nz 3\n")]);
  const npy = {
    "a.npy": writeNpy({ shape: [2, 1], data: new Float32Array(2) }),
    "words.txt": concatenated([cut, text("\nö\n")]),
  };
  const own = writeSafetensors({
    vectors: { dtype: "F32", shape: [2, 1], data: new Float32Array(2) },
    words: { dtype: "U8", shape: [4], data: concatenated([cut, text("ö")]) },
    wordEnds: { dtype: "I32", shape: [2], data: Int32Array.of(2, 4) },
  });
  for (const source of [binary, plain, npy, own]) {
    const { words } = await loadWordVectors(source);
    expect(words.slice(0, 2)).toEqual(["\ufffd", "ö"]);
  }
});

test("a byte order mark before the first line, with and without dimensions in it, is no part of a word", async () => {
  expect((await loadWordVectors(text("\ufeff2 2\na 1 2\nb 3 4\n"))).words).toEqual(["a", "b"]);
  expect((await loadWordVectors(text("\ufeffa 1 2\nb 3 4\n"))).words).toEqual(["a", "b"]);
});

test("numbers that are none or infinite are read as they are written", async () => {
  const odd = new WordVectors(["a", "b"], new Matrix(Float32Array.of(Number.NaN, Infinity, -Infinity, 1), 2, 2));
  for (const name of ["v.txt", "v.bin", "v.glove", "v.vec", "v.kv", "v.npy", "v.safetensors"]) {
    expect([...(await loadWordVectors(written(odd, name))).vectors.data], name).toEqual([...odd.vectors.data]);
  }
});

/** Bytes outside the heap; a browser does not tell. */
const held = (): number => (typeof process === "undefined" ? 0 : process.memoryUsage().arrayBuffers);

test("a first line that claims more than the file can hold costs no memory, packed or not", async () => {
  const claim = text("999999999999 65536\n");
  const stream = new Blob([claim]).stream().pipeThrough(new CompressionStream("gzip"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  for (const source of [claim, packed]) {
    for (const format of ["text", "word2vec-binary"] as const) {
      const before = held();
      await expect(loadWordVectors(source, { format })).rejects.toThrow(/claims 999999999999 words|no word vectors/);
      expect(held() - before).toBeLessThan(40 << 20);
    }
  }
});

const own = {
  vectors: { dtype: "F32", shape: [2, 1], data: new Float32Array(2) },
  words: { dtype: "U8", shape: [2], data: text("ab") },
  wordEnds: { dtype: "I32", shape: [2], data: Int32Array.of(1, 2) },
} as const;
const product = {
  ...own,
  pieces: { dtype: "U8", shape: [2, 1], data: new Uint8Array(2) },
  centroids: { dtype: "F32", shape: [2, 256], data: new Float32Array(512) },
  pieceLength: { dtype: "I32", shape: [], data: Int32Array.of(2) },
} as const;

test.each([
  ["a word that ends before it begins", { ...own, wordEnds: { ...own.wordEnds, data: Int32Array.of(2, 1) } }, /word 2 ends at byte 1/],
  ["a word that ends behind the file", { ...own, wordEnds: { ...own.wordEnds, data: Int32Array.of(1, 9) } }, /word 2 ends at byte 9 of 2/],
  ["fewer vectors than words", { ...own, vectors: { dtype: "F32", shape: [1, 1], data: new Float32Array(1) } }, /2 words or n-grams and vectors of the shape 1 x 1/],
  ["vectors of one dimension", { ...own, vectors: { dtype: "F32", shape: [2], data: new Float32Array(2) } }, /of the shape 2/],
  ["a model of other things", { weight: own.vectors }, /No tensor "words".*It has: weight/],
  ["codes without scales", { ...own, codes: { dtype: "I8", shape: [2, 1], data: new Int8Array(2) } }, /No tensor "scales"/],
  ["scales of other rows", { ...own, codes: { dtype: "I8", shape: [2, 1], data: new Int8Array(2) }, scales: { dtype: "F32", shape: [1], data: new Float32Array(1) } }, /1 rows of 1 need 1 codes/],
  ["pieces that do not fill a vector", { ...product, pieceLength: { ...product.pieceLength, data: Int32Array.of(1) } }, /1 pieces of 1 numbers and 512/],
  ["pieces of no length", { ...product, pieceLength: { ...product.pieceLength, data: Int32Array.of(0) } }, /1 pieces of 0 numbers/],
  ["too few lengths", { ...product, lengths: { dtype: "U8", shape: [1], data: new Uint8Array(1) }, lengthCentroids: { dtype: "F32", shape: [256], data: new Float32Array(256) } }, /with a norm each/],
] as const)("our own file with %s is refused", async (_, tensors, message) => {
  await expect(loadWordVectors(writeSafetensors(tensors))).rejects.toThrow(message);
}); // oxfmt-ignore

test.each([
  ["a pickle of something else", [0x80, 4, 0x7d, 0x2e], /pickle without word vectors/],
  ["a class that no model of gensim has", [0x80, 2, 0x63, ...text("os\nsystem\n"), 0x2e], /os\.system/],
  ["a model without attributes", [0x80, 2, 0x63, ...text("gensim.models.keyedvectors\nKeyedVectors\n"), 0x29, 0x81, 0x2e], /holds no model/],
  ["a model without words", [0x80, 2, 0x63, ...text("gensim.models.keyedvectors\nKeyedVectors\n"), 0x29, 0x81, 0x7d, 0x62, 0x2e], /no list of words/],
] as const)("%s in gensim's place is refused", async (_, bytes, message) => {
  await expect(loadWordVectors(Uint8Array.from(bytes))).rejects.toThrow(message);
}); // oxfmt-ignore

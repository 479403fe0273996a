import { expect, test } from "vitest";
import golden from "../../../test/golden/word_vectors.json" with { type: "json" };
import { bytesOfBase64 } from "../../../test/base64.ts";
import { written } from "../../../test/written-vectors.ts";
import { SemspaceError } from "../../errors.ts";
import { writeNpy } from "../../formats/npy.ts";
import { loadWordVectors, type LoadWordVectorsOptions } from "./load.ts";
import type { VectorSource } from "./vector-file.ts";
import { WordVectors } from "../word-vectors.ts";
import { Matrix } from "../../matrix/index.ts";

const { files } = golden;
const text = (content: string) => new TextEncoder().encode(content);

const broken: [what: string, source: VectorSource, message: RegExp, options?: LoadWordVectorsOptions][] = [
  ["an empty file", text(""), /is empty/],
  [
    "a text of other things",
    text("Call me Ishmael.\nSome years ago\n"),
    /no known format; it begins with "Call me Ishmael."/,
  ],
  [
    "a line with too few numbers",
    text("2 3\na 1 2 3\nb 1 2\n"),
    /line 3: a word and 3 numbers are needed, got "b 1 2"/,
  ],
  [
    "a line with a word among the numbers",
    text("a 1 2 3\nb 1 x 3\nc 1 2 3\n"),
    /line 2: a word and 3 numbers are needed/,
  ],
  ["a first line that claims too many dimensions", text("1 99999999\na 1 2\n"), /claims 99999999 dimensions/],
  ["a first line that claims no dimensions", text("1 0\na\n"), /claims 0 dimensions|no binary/],
  ["a line without an end", text(`a 1\n${"x".repeat(17_000_000)}`), /line of more than/],
  ["a binary file without a first line", text("abc"), /no first line|no binary/, { format: "word2vec-binary" }],
  ["a binary file with a wrong first line", text("a b c\n"), /begins with "a b c"/, { format: "word2vec-binary" }],
  [
    "a binary file cut inside a vector",
    bytesOfBase64(files.binary).subarray(0, 40),
    /claims 3 words and ends in the middle of word/,
  ],
  [
    "a binary word without an end",
    text(`2 2\n${"x".repeat(5000)}`),
    /more than 4096 bytes/,
    { format: "word2vec-binary" },
  ],
  [
    "a pickle cut short",
    bytesOfBase64(files.plain).subarray(0, 200),
    /Broken pickle .*a frame of \d+ bytes does not fit/,
  ],
  ["a pickle without its array", { "l.kv": bytesOfBase64(files.large) }, /No l\.kv\.vectors\.npy/],
  [
    "an array of other words",
    { "l.kv": bytesOfBase64(files.large), "l.kv.vectors.npy": writeNpy({ shape: [1, 3], data: new Float32Array(3) }) },
    /3 words and 1 vectors/,
  ],
  [
    "an npy file without words",
    { "a.npy": writeNpy({ shape: [1, 3], data: new Float32Array(3) }) },
    /No words for a\.npy.*a\.words\.txt/,
  ],
  [
    "an npy file with other words",
    { "a.npy": writeNpy({ shape: [1, 3], data: new Float32Array(3) }), "a.words.txt": text("x\ny\n") },
    /has 2 lines, a\.npy has 1 rows/,
  ],
  [
    "an npy file of one dimension",
    { "a.npy": writeNpy({ shape: [3], data: new Float32Array(3) }), "words.txt": text("") },
    /has the shape \(3\)/,
  ],
  ["a gzip file cut short", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 75, 4), /no whole gzip file/],
  ["no file", {}, /No file was given/],
];

test.each(broken)("%s is refused and says why", async (_, source, message, options) => {
  const error: unknown = await (async () => loadWordVectors(source, options))().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SemspaceError);
  expect((error as Error).message).toMatch(message);
});

test("a word that a format cannot hold is refused when it is written", () => {
  const spaced = new WordVectors(["a b"], Matrix.zeros(1, 1));
  expect(() => written(spaced, "v.txt")).toThrow(/"a b" holds a space/);
  expect(() => written(spaced, "v.bin")).toThrow(/"a b" holds a space/);
  expect(() => written(new WordVectors(["a\nb"], Matrix.zeros(1, 1)), "v.npy")).toThrow(/line break/);
  expect(() => written(spaced, "v.doc")).toThrow(/does not say which format/);
});

/** Seeded, so that a failure can be seen again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 16807) % 2147483647) % below;
}

test("whatever is cut off or flipped in a file gives an error of ours or vectors, never a crash, a hang or a large table", async () => {
  const sample = new WordVectors(files.words, new Matrix(Float32Array.from(files.vectors), 3, 3), {
    counts: files.counts,
  });
  const sources = ["v.txt", "v.bin", "v.glove", "v.vec", "v.kv", "v.npy", "v.safetensors"].map((name) =>
    written(sample, name),
  );
  for (const name of ["plain", "word2vec", "fasttext"] as const) sources.push({ v: bytesOfBase64(files[name]) });
  // Our own file in its other forms.
  sources.push(
    written(sample.quantized(), "v.safetensors"),
    written(sample.quantized({ subspaces: 2 }), "v.safetensors"),
  );
  sources.push(written(await loadWordVectors(bytesOfBase64(files.fasttext)), "v.safetensors"));
  const random = randomOf(11);
  let errors = 0;
  for (const [kind, source] of sources.entries()) {
    const [[name, whole], ...others] = Object.entries(source);
    for (let round = 0; round < 150; round += 1) {
      const bytes = whole.slice(0, round % 3 === 0 ? random(whole.length) : whole.length);
      for (let flips = random(4); flips > 0 && bytes.length > 0; flips -= 1)
        bytes[random(bytes.length)] ^= 1 << random(8);
      const changed = Object.fromEntries([[name, bytes], ...others]) as Record<string, Uint8Array>;
      try {
        const vectors = await loadWordVectors(changed, { allowShort: round % 2 === 0 });
        expect(vectors.vectors.data.length).toBe(vectors.size * vectors.dimensions);
        expect(vectors.vectors.data.buffer.byteLength).toBeLessThan(20 * whole.length + 100_000);
      } catch (error) {
        expect(error, `format ${kind}, round ${round}: ${String((error as Error).stack)}`).toBeInstanceOf(
          SemspaceError,
        );
        errors += 1;
      }
    }
  }
  expect(errors).toBeGreaterThan(300);
}, 60_000);

/** The real command line, from the sources, as a process of its own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";
import { readNpy, writeNpy } from "../formats/npy.ts";

test("wrong usage gives exit code 2 and one line, a failure 1", async () => {
  const expected: [args: string[], line: RegExp][] = [
    [["serch", "x"], /^2 semspace: Unknown command "serch"\. Did you mean search\? Commands: .*\n$/],
    [
      ["search", "x", "--tpo", "3"],
      /^2 semspace: Unknown option --tpo\. Did you mean --top\? See semspace search --help\.\n$/,
    ],
    [["search"], /^2 semspace: A query is needed/],
    [["search", "x", ".", "--semantic", "--lexical"], /^2 semspace: --semantic and --lexical exclude each other/],
    [["similarity", "x"], /^2 semspace: Two texts are needed/],
    [["embed", "--format", "f32", "--precision", "int8"], /^2 semspace: --format f32 holds float32 only/],
    [["search", "x", "nowhere"], /^1 semspace: No file or folder nowhere\.\n$/],
    [
      ["search", "x", ".", "--model", "BAAI/bge-m3"],
      /^1 semspace: No folder "BAAI\/bge-m3" here\. There is no model BAAI\/bge-m3 \(main\) in the hub's cache .*\n$/,
    ],
    [["search", "x", ".", "--model", "./none"], /^1 semspace: .*none.*\n$/],
  ];
  const results = await Promise.all(expected.map(([args]) => semspace(args)));
  for (const [i, { code, out, err }] of results.entries()) {
    expect(out).toBe("");
    expect(`${code} ${err}`).toMatch(expected[i][1]);
  }
});

test("help goes to standard output, and what is shown without a command to standard error", async () => {
  const help = await semspace(["embed", "--help"]);
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const part of [
    "Usage  semspace embed [FILE…|-]",
    "--truncate-dim N",
    "jsonl, npy, f32 (default jsonl)",
    "Examples",
  ])
    expect(help.out).toContain(part);
  expect(await semspace(["help", "embed"])).toMatchObject({ code: 0, out: help.out });
  expect(await semspace([])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Commands") as string });
  expect((await semspace(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("a stack is shown with --debug only", async () => {
  expect((await semspace(["search", "x", "nowhere", "--debug"])).err).toMatch(
    /^semspace: No file or folder nowhere\.\nSemspaceError: .*\n +at /,
  );
});

test("embed gives a vector a line in input order, and an empty line has one too", async () => {
  const { code, out } = await semspace(["embed"], { input: "king\n\nqueen\r\nking" });
  expect(code).toBe(0);
  const rows = jsonLines(out) as { index: number; vector: number[] }[];
  expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(rows[0].vector).toEqual(rows[3].vector);
  expect(rows[0].vector.every((value) => Number(value.toPrecision(9)) === value)).toBe(true);
});

test("npy, f32 and JSON lines hold the same vectors", async () => {
  const input = "one\ntwo\nthree\n";
  const [lines, npy, raw] = await Promise.all(
    ["jsonl", "npy", "f32"].map((format) => semspace(["embed", "--format", format, "--truncate-dim", "8"], { input })),
  );
  const rows = jsonLines(lines.out).map((row) => row["vector"] as number[]);
  const { shape, data } = readNpy(npy.bytes);
  expect(shape).toEqual([3, 8]);
  expect([...data]).toEqual(rows.flat().map(Math.fround));
  expect([...new Float32Array(Uint8Array.from(raw.bytes).buffer)]).toEqual([...data]);
});

test("int8 without ranges takes them from the whole input, and with them from the file", async () => {
  const input = "one\ntwo\nthree\nfour\n";
  write(
    "texts.jsonl",
    input
      .trim()
      .split("\n")
      .map((text) => JSON.stringify({ text }))
      .join("\n"),
  );
  const floats = readNpy((await semspace(["embed", "--format", "npy"], { input })).bytes).data as Float32Array;
  const { code } = await semspace([
    "embed",
    "texts.jsonl",
    "--format",
    "npy",
    "--precision",
    "int8",
    "-o",
    "codes.npy",
  ]);
  expect(code).toBe(0);
  const codes = readNpy(readFileSync(join(root, "codes.npy")));
  expect(codes.shape[0]).toBe(4);
  const columns = codes.shape[1];
  for (const column of [0, 5, columns - 1]) {
    const values = [0, 1, 2, 3].map((row) => floats[row * columns + column]);
    const lowest = values.indexOf(Math.min(...values));
    expect(codes.data[lowest * columns + column]).toBe(-128);
  }
  const one = await semspace(["embed", "--precision", "int8"], { input: "alone\n" });
  expect(one).toMatchObject({
    code: 1,
    err: expect.stringContaining("takes its ranges from at least 2 texts, got 1. Pass --ranges FILE.") as string,
  });
});

test("given ranges set the steps of int8, and ranges of other dimensions are refused", async () => {
  const columns = 4;
  const ranges = (width: number) =>
    writeNpy({ shape: [2, width], data: Float32Array.from({ length: 2 * width }, (_, i) => (i < width ? -1 : 1)) });
  write("ranges.npy", ranges(columns));
  write("wide.npy", ranges(columns + 1));
  const embed = (...args: string[]) => semspace(["embed", "--truncate-dim", "4", ...args], { input: "one\n" });
  const [float] = jsonLines((await embed()).out) as { vector: number[] }[];
  const [int8] = jsonLines((await embed("--precision", "int8", "--ranges", "ranges.npy")).out) as {
    vector: number[];
  }[];
  expect(int8.vector).toEqual(float.vector.map((value) => Math.floor((value + 1) / (2 / 255)) - 128));
  expect(await embed("--precision", "int8", "--ranges", "wide.npy")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("2 x 5") as string,
  });
  expect(await embed("--precision", "int8", "--ranges", "none.npy")).toMatchObject({
    code: 1,
    err: "semspace: Cannot read none.npy (ENOENT).\n",
  });
  for (const [name, most] of [
    ["backwards.npy", -2],
    ["nan.npy", Number.NaN],
  ] as const) {
    write(name, writeNpy({ shape: [2, 4], data: Float32Array.of(-1, -1, -1, -1, 1, 1, most, 1) }));
    const { code, err } = await embed("--precision", "int8", "--ranges", name);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining(`dimension 2 goes from -1 to ${most}`) as string,
    });
  }
  expect((await embed("--ranges", "ranges.npy")).code).toBe(2);
});

test("an output file is complete or not there, and leaves nothing beside it", async () => {
  const bad = await semspace(["embed", write("bad.jsonl", '{"text":"a"}\nnot json\n'), "--output", "out/never.jsonl"]);
  expect(bad).toMatchObject({ code: 1, err: expect.stringContaining("Does its folder exist?") as string });
  mkdirSync(join(root, "out"));
  const late = await semspace(["embed", "bad.jsonl", "--output", "out/never.jsonl"]);
  expect(late).toMatchObject({
    code: 1,
    err: 'semspace: Line 2 of bad.jsonl must be a JSON object with a string "text", got not json\n',
  });
  const good = await semspace(["embed", "--output", "out/good.jsonl"], { input: "a\n" });
  expect(good).toMatchObject({
    code: 0,
    out: "",
    err: expect.stringMatching(/^1 vectors of \d+ dimensions in out\/good\.jsonl\n$/) as string,
  });
  expect(readdirSync(join(root, "out"))).toEqual(["good.jsonl"]);
});

test("a reader that closes the pipe ends the program quietly", async () => {
  const { code, err } = await semspace(["embed"], { input: "some text\n".repeat(20_000), closeAfter: 1000 });
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test("Ctrl-C ends embed with 130 and removes the unfinished file", async () => {
  mkdirSync(join(root, "interrupted"));
  const { code } = await semspace(["embed", "--output", "interrupted/x.npy", "--format", "npy"], {
    input: "some text that is long enough to take a while\n".repeat(400_000),
    killAfter: (child) => {
      const timer = setInterval(() => {
        if (readdirSync(join(root, "interrupted")).length === 0) return;
        clearInterval(timer); // a second one would end it before it has tidied up
        child.kill("SIGINT");
      }, 20);
      child.on("close", () => clearInterval(timer));
    },
  });
  expect(code).toBe(130);
  expect(readdirSync(join(root, "interrupted"))).toEqual([]);
});

test("similarity compares the first text with each of the others", async () => {
  const { out } = await semspace(["similarity", "king", "queen", "banana", "--json"]);
  const rows = jsonLines(out);
  expect(rows.map(({ a, b }) => [a, b])).toEqual([
    ["king", "queen"],
    ["king", "banana"],
  ]);
  expect(rows[0]["similarity"]).toBeGreaterThan(rows[1]["similarity"] as number);
  expect((await semspace(["similarity", "king", "king"])).out).toBe("king\n   1.0000  king\n");
});

test("--dtype int8 is for transformers: near to float32, and refused where vectors are looked up", async () => {
  const model = ["-m", join(import.meta.dirname, "../../test/golden/texts/old-schema")];
  const scores = async (...args: string[]) => {
    const { out } = await semspace(["similarity", "hello", "world", "--json", ...model, ...args]);
    return jsonLines(out)[0]["similarity"] as number;
  };
  const [floats, rounded] = [await scores(), await scores("--dtype", "int8")];
  expect(rounded).not.toBe(floats);
  expect(Math.abs(rounded - floats)).toBeLessThan(0.03);
  const { code, err } = await semspace(["similarity", "a", "b", "--dtype", "int8"]);
  expect({ code, err }).toEqual({
    code: 1,
    err: "semspace: (the shipped model) is a static model, of which the vectors are looked up. Leave dtype out.\n",
  });
});

test("tokenize shows ids, tokens and offsets into the text", async () => {
  const { out } = await semspace(["tokenize", "Hello 😀 world", "--json"]);
  const [{ ids, tokens, offsets }] = jsonLines(out) as [
    { ids: number[]; tokens: string[]; offsets: [number, number][] },
  ];
  expect(tokens).toEqual(["hello", "[UNK]", "world"]);
  expect(ids).toHaveLength(3);
  expect(offsets.map(([start, end]) => "Hello 😀 world".slice(start, end))).toEqual(["Hello", "😀", "world"]);
  const table = await semspace(["tokenize", "--file", write("two.txt", "Hello\nworld\n")]);
  expect(table.out).toMatch(
    /^ *id +token +offsets +text\n *\d+ +hello +0-5 +Hello\n *id .*\n *\d+ +world +0-5 +world\n$/,
  );
});

test("info says what a folder holds, and with exit code 1 why it cannot be used", async () => {
  const [shipped] = jsonLines((await semspace(["info", "--json"])).out);
  expect(shipped).toMatchObject({ usable: true, kind: "static", similarity: "cosine" });
  write("broken/config.json", '{"model_type":"frobnicator"}');
  const broken = await semspace(["info", "broken", "--json"]);
  expect(broken.code).toBe(1);
  expect(jsonLines(broken.out)[0]).toMatchObject({
    usable: false,
    problem: expect.any(String) as string,
    files: [{ name: "config.json", bytes: 28 }],
  });
  symlinkSync("nowhere", join(root, "broken", "dangling"));
  expect(await semspace(["info", "broken"])).toMatchObject({
    code: 1,
    out: expect.stringContaining("cannot be used") as string,
    err: "",
  });
});

test("info says of a file what it is and what to do with it, in a line", async () => {
  write("v.glove", "king 1 0 1\nqueen 1 1 1\n");
  write("voc.txt", "the 9\ncat 2\n");
  write("q4.gguf", "GGUF\u0003\0\0\0");
  write("notes.json", "{}");
  const model = join(import.meta.dirname, "../../models/default");
  const expected: [file: string, code: number, line: RegExp][] = [
    ["v.glove", 0, /^v\.glove: word vectors \(text\), 2 words of 3 dimensions\. Ask it: semspace words neighbors/],
    ["voc.txt", 0, /^voc\.txt: vocabulary, 2 words\. Train with it: .*--vocabulary voc\.txt\.$/],
    ["q4.gguf", 1, /^q4\.gguf: GGUF: it is not read\. Use the model's folder/],
    ["notes.json", 1, /^notes\.json: JSON, no tokenizer that can be used: /],
    [`${model}/tokenizer.json`, 0, /: tokenizer \(WordPiece\), 29,525 tokens\./],
    [`${model}/model.safetensors`, 0, /: safetensors, 2 tensors with 7,587,925 numbers\. It is part of a model/],
  ];
  const results = await Promise.all(expected.map(([file]) => semspace(["info", file])));
  for (const [i, { code, out }] of results.entries()) {
    expect(code).toBe(expected[i][1]);
    expect(out.trimEnd()).toMatch(expected[i][2]);
  }
});

test("more dimensions than the model has are refused", async () => {
  const { code, out, err } = await semspace(["embed", "--truncate-dim", "1000"], { input: "king\n" });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^semspace: --truncate-dim 1000 is more than the 256 dimensions of/);
});

test("distill refuses a folder that is not empty, and a model that is static or not there", async () => {
  expect(
    await semspace(["distill", join(import.meta.dirname, "../../models/default"), "--output", "new"]),
  ).toMatchObject({
    code: 1,
    err: expect.stringContaining(
      "is a static model already, one vector a token. Distil a transformer's folder",
    ) as string,
  });
  write("full/file.txt", "x");
  expect(await semspace(["distill", ".", "--output", "full"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("full is not empty (1 files)") as string,
  });
  expect(await semspace(["distill", "./none", "--output", "new"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("none") as string,
  });
  expect(existsSync(join(root, "new"))).toBe(false);
});

const tiny = realModel("bert-tiny-splade");

test.skipIf(!tiny)("distill makes a folder that the other commands open", async () => {
  const words = write("words.txt", "semspace\nembedding\n");
  const made = await semspace([
    "distill",
    tiny!,
    "--output",
    "made/tiny",
    "--pca-dimensions",
    "16",
    "--vocabulary",
    words,
    "--json",
  ]);
  expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: "" });
  const [report] = jsonLines(made.out);
  expect(report).toMatchObject({ output: "made/tiny", dimensions: 16 });
  expect(readdirSync(join(root, "made"))).toEqual(["tiny"]);
  const { out } = await semspace(["tokenize", "semspace", "--model", "made/tiny", "--json"]);
  expect(jsonLines(out)[0]["tokens"]).toEqual(["semspace"]);
  const rows = jsonLines(
    (await semspace(["similarity", "king", "queen", "banana", "--model", "made/tiny", "--json"])).out,
  );
  expect(rows[0]["similarity"]).toBeGreaterThan(rows[1]["similarity"] as number);
});

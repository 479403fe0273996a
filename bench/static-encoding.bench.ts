/**
 * Static encoding against model2vec 0.10, the same folder and the same texts on both sides, cut at 512 tokens on both: 20,000
 * paragraphs of Wikipedia (500 characters on average) and 100,000 short sentences (at most 120); one thread, and all cores
 * against model2vec's best mode. The table is float32, which is what model2vec is fastest with.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { availableThreads } from "../src/platform/node.ts";
import { openFolder } from "../src/hub/folder.ts";
import { loadStaticModel, readStaticParts, saveStaticModel } from "../src/texts/static/index.ts";
import { type BenchRow, clock, interleave, need, Peer, record, sharedData } from "./harness.ts";

const work = join(import.meta.dirname, "work");
const folder = join(work, "static-float32");
const corpus = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
need(corpus, "the Wikipedia corpus");
mkdirSync(work, { recursive: true });
await writeFloat32Model();
const sets = { long: longTexts(20_000), short: shortTexts(100_000) };

const threads = availableThreads();
const one = await loadStaticModel(folder);
const all = await loadStaticModel(folder, { threads });
const output = new Float32Array(100_000 * one.dimensions);
const quiet = { TOKENIZERS_PARALLELISM: "false", RAYON_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
const peers = { one: new Peer("static_encoding.py", [folder], quiet), all: new Peer("static_encoding.py", [folder]) };

const rows: BenchRow[] = [];
for (const [kind, texts] of Object.entries(sets)) {
  const path = join(work, `static-${kind}.json`);
  writeFileSync(path, JSON.stringify(texts));
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const ask = async (mode: "one" | "all"): Promise<number> =>
    (await peers[mode].ask<{ seconds: number }>({ texts: path, mode })).seconds;
  // The first answers read the texts; the threads are started.
  await Promise.all([ask("one"), ask("all"), all.embed(texts, output)]);
  const times = await interleave(
    {
      ours: () => clock(() => one.encodeInto(texts, output)),
      theirs: () => ask("one"),
      oursAll: () => clock(() => all.embed(texts, output)),
      theirsAll: () => ask("all"),
    },
    3,
  );
  const bar = kind === "long" ? 4 : 6;
  const row = (what: string, [ours, theirs]: [number, number]): BenchRow => ({
    what: `${texts.length.toLocaleString("en")} ${kind} texts (${(characters / texts.length).toFixed(0)} characters on average), ${what}`,
    ours: speed(texts.length, characters, ours),
    peer: speed(texts.length, characters, theirs),
    figure: `${(theirs / ours).toFixed(2)} times`,
    bar: `>= ${bar} times`,
    reached: theirs / ours >= bar,
  });
  rows.push(row("one thread", [times.ours.median, times.theirs.median]));
  rows.push(row(`${threads} threads against model2vec's best mode`, [times.oursAll.median, times.theirsAll.median]));
}
record("static-encoding", rows);
await all.dispose();
for (const peer of Object.values(peers)) peer.close();

/** The shipped model with its scales multiplied out, and model2vec's usual limit. */
async function writeFloat32Model(): Promise<void> {
  const parts = await readStaticParts(await openFolder(join(import.meta.dirname, "../models/default")), "model2vec");
  const rows = Float32Array.from(parts.rows, (value, i) => value * parts.weightOf![Math.floor(i / parts.dimensions)]);
  await saveStaticModel({ ...parts, rows, weightOf: undefined, config: { ...parts.config, max_length: 512 } }, folder);
}

/** Lines of the corpus until `take` has enough of them. */
function readUntil(take: (paragraph: string) => boolean): void {
  const text = gunzipSync(readFileSync(corpus), { maxOutputLength: 1 << 30 }).toString("utf8");
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = text.indexOf("\n", start);
    if (take(text.slice(start, end < 0 ? text.length : end))) return;
  }
}

function longTexts(count: number): string[] {
  const found: string[] = [];
  readUntil((paragraph) => {
    if (paragraph.length >= 150) found.push(paragraph);
    return found.length === count;
  });
  return found;
}

function shortTexts(count: number): string[] {
  const found: string[] = [];
  readUntil((paragraph) => {
    found.push(...paragraph.split(/(?<=[.;]) /).filter(({ length }) => length >= 20 && length <= 120));
    return found.length >= count;
  });
  return found.slice(0, count);
}

function speed(texts: number, characters: number, seconds: number): string {
  return `${Math.round(texts / seconds).toLocaleString("en")}/s, ${(characters / seconds / 1e6).toFixed(1)} MB/s`;
}

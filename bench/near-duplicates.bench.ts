/**
 * Near-duplicates of a million short texts (sentences of Wikipedia, a fifth of them lightly edited copies) with the shipped model: the whole
 * job from the file to what is kept; and the pairs of 100,000 of them against exact search by numpy on the same vectors.
 * Run with `-- --job` it is that job, in a process of its own.
 */
import { execFile } from "node:child_process";
import { createReadStream, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { deduplicateStream, type NearDuplicate, nearDuplicates } from "../src/tasks/pairs/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { type BenchRow, Peer, record } from "./harness.ts";
import { nearDuplicateTexts } from "./near-duplicate-texts.ts";

const TEXTS = 1_000_000;
const SAMPLE = 100_000;
const THRESHOLD = 0.95;
const MINUTES = 6;
const CORES = 2;

interface Job {
  seconds: number;
  cpu: number;
  bytes: number;
  kept: number;
}

if (process.argv.includes("--job")) console.log(JSON.stringify(await job()));
else await bench();

/** The whole job. */
async function job(): Promise<Job> {
  const start = performance.now();
  const embedder = await loadEmbedder(undefined, { threads: CORES });
  const lines = createInterface({ input: createReadStream(await nearDuplicateTexts(TEXTS)) });
  let kept = 0;
  for await (const verdicts of deduplicateStream(lines, embedder, { threshold: THRESHOLD }))
    for (const { duplicate } of verdicts) if (!duplicate) kept += 1;
  await embedder.dispose();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  return { seconds: (performance.now() - start) / 1000, cpu, bytes: maxRSS * 1024, kept };
}

async function bench(): Promise<void> {
  await nearDuplicateTexts(TEXTS);
  const [whole, { found, exact }] = await Promise.all([runJob(), pairsOfSample()]);
  const shared = [...found].filter((pair) => exact.has(pair)).length;
  const rows: BenchRow[] = [
    row(`pairs at cosine ${THRESHOLD} of ${SAMPLE} texts: recall`, shared / exact.size, { least: 0.95, found, exact }),
    row(`pairs at cosine ${THRESHOLD} of ${SAMPLE} texts: precision`, shared / found.size, {
      least: 0.99,
      found,
      exact,
    }),
    {
      what: `deduplicate ${TEXTS} texts, the whole job (${whole.kept} kept)`,
      ours: `${(whole.cpu / 60).toFixed(1)} min of the processor, ${(whole.seconds / 60).toFixed(1)} min of the wall`,
      peer: "",
      figure: `${(whole.cpu / 60 / CORES).toFixed(1)} min a core`,
      bar: `<= ${MINUTES} min on ${CORES} cores`,
      reached: whole.cpu / CORES <= MINUTES * 60 || whole.seconds <= MINUTES * 60,
    },
    {
      what: "the same: memory of the process",
      ours: `${(whole.bytes / 1e9).toFixed(2)} GB`,
      peer: "",
      figure: `${(whole.bytes / 1e9).toFixed(2)} GB`,
      bar: "<= 2 GB",
      reached: whole.bytes <= 2e9,
    },
  ];
  record(
    "near-duplicates",
    rows,
    `Load of the machine at the end ${loadavg()[0].toFixed(1)} on ${CORES} cores: other benches ran beside this one.`,
  );
}

async function pairsOfSample(): Promise<{ found: Set<string>; exact: Set<string> }> {
  const texts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(await nearDuplicateTexts(TEXTS)) })) {
    texts.push(line);
    if (texts.length === SAMPLE) break;
  }
  const embedder = await loadEmbedder();
  const found = new Set<string>();
  const add = ({ of, index }: NearDuplicate): unknown => found.add(`${of} ${index}`);
  for await (const pairs of nearDuplicates(texts, embedder, { threshold: THRESHOLD })) pairs.forEach(add);
  const vectors = await embedder.encode(texts);
  const path = join(import.meta.dirname, "work/near-duplicates.f32");
  writeFileSync(path, new Uint8Array(vectors.data.buffer));
  await embedder.dispose();
  const peer = new Peer("exact_pairs.py");
  const request = { path, dimensions: vectors.columns, threshold: THRESHOLD };
  const { pairs } = await peer.ask<{ pairs: [number, number, number][] }>(request);
  peer.close();
  return { found, exact: new Set(pairs.map(([i, j]) => `${i} ${j}`)) };
}

function row(
  what: string,
  share: number,
  { least, found, exact }: { least: number; found: ReadonlySet<string>; exact: ReadonlySet<string> },
): BenchRow {
  const figure = share.toFixed(4);
  return {
    what,
    ours: `${found.size} pairs`,
    peer: `${exact.size} pairs`,
    figure,
    bar: `>= ${least}`,
    reached: share >= least,
  };
}

async function runJob(): Promise<Job> {
  const { execArgv, execPath } = process;
  const script = join(import.meta.dirname, "near-duplicates.bench.ts");
  const { stdout } = await promisify(execFile)(execPath, [...execArgv, script, "--job"]);
  return JSON.parse(stdout) as Job;
}

/** The sides of word2vec.bench.ts: each trains in a whole process, from the text to the vectors' file. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { need, peerPython } from "./harness.ts";

export type Architecture = "skip-gram" | "cbow";
/** `racing` is ours with its threads on one memory, the default; `ours` for skip-gram is the faster `deterministic: true`. */
export type Side = "ours" | "racing" | "gensim" | "word2vec.c";

export interface Run {
  /** Of the whole process. */
  seconds: number;
  printed: string;
  /** The vectors, in word2vec's binary format. */
  output: string;
}

export interface Training {
  corpus: string;
  architecture: Architecture;
  epochs: number;
  seed: number;
  /** Default 2. */
  threads?: number;
  /** Each thread on vectors of its own, which are brought together now and then. */
  deterministic?: boolean;
}

const root = join(import.meta.dirname, "..");
const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });

/** What our process prints. */
export interface OwnFigures {
  words: number;
  tokens: number;
  /** Of the training, without reading and writing. */
  seconds: number;
  peakBytes: number;
}

export function trainOurs({ corpus, threads = 2, ...settings }: Training): Run & { figures: OwnFigures } {
  const mode = settings.deterministic ? "deterministic" : "racing";
  const output = join(work, `word2vec-${mode}-${settings.architecture}-${settings.seed}.bin`);
  const script = join(import.meta.dirname, "train-word2vec.mjs");
  const run = timed(process.execPath, [script, corpus, JSON.stringify({ ...settings, sample: 1e-4, threads }), output]);
  return { ...run, output, figures: JSON.parse(run.printed) as OwnFigures };
}

/** gensim in its fastest mode, `corpus_file`. */
export function trainGensim({ corpus, architecture, epochs, seed, threads = 2 }: Training): Run {
  const output = join(work, `word2vec-gensim-${architecture}-${seed}.bin`);
  const sizes = { vector_size: 100, window: 5, negative: 5, min_count: 5, sample: 1e-4 };
  const settings = { ...sizes, sg: Number(architecture === "skip-gram"), epochs, seed, workers: threads };
  const script = join(import.meta.dirname, "peers/gensim_word2vec.py");
  return { ...timed(peerPython, [script, corpus, JSON.stringify(settings), output]), output };
}

/** word2vec.c has no seed; its threads race. */
export function trainOriginal(program: string, { corpus, architecture, epochs, seed, threads = 2 }: Training): Run {
  const output = join(work, `word2vec-original-${architecture}-${seed}.bin`);
  const settings = {
    ...{ size: 100, window: 5, negative: 5, "min-count": 5, sample: "1e-4", binary: 1 },
    ...{ iter: epochs, threads, cbow: Number(architecture === "cbow") },
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`-${name}`, String(value)]);
  return { ...timed(program, ["-train", corpus, "-output", output, ...flags]), output };
}

/** Users train with the built package: ends the bench when it is not there, or older than its sources. */
export function needBuilt(): void {
  const built = join(root, "dist/words/index.js");
  need(built, "the built package (npm run build)");
  const source = join(root, "src/words");
  const newest = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .reduce((latest, name) => Math.max(latest, statSync(join(source, name)).mtimeMs), 0);
  if (statSync(built).mtimeMs >= newest) return;
  console.error("dist/ is older than src/words: npm run build.");
  process.exit(1);
}

function timed(program: string, args: readonly string[]): Omit<Run, "output"> {
  const start = performance.now();
  const { status, stdout } = spawnSync(program, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed with ${status}.`);
  return { seconds: (performance.now() - start) / 1000, printed: stdout };
}

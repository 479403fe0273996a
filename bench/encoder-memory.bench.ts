/**
 * Memory of a process that streams 100,000 sentences of Wikipedia through MiniLM: its peak beyond the weights (VmHWM of
 * /proc/PID/status, Linux), and whether it grows: the highest resident size of the last fifth of the time against that of the second
 * fifth. The side is the built package, `npm run build` first. SEMSPACE_BENCH_TEXTS: another number of texts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { need, record, sharedData } from "./harness.ts";

const MB = 1_000_000;
const name = "all-MiniLM-L6-v2";
const folder = join(process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models"), name);
const dist = join(import.meta.dirname, "../dist/index.js");
const corpus = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
const count = Number(process.env["SEMSPACE_BENCH_TEXTS"] ?? 100_000);
need(folder, `${name} (npm run models)`);
need(dist, "a build (npm run build)");
need(corpus, "the Wikipedia corpus");
need("/proc/self/status", "Linux");

const { peak, sizes, seconds } = await stream();
const weights = statSync(join(folder, "model.safetensors")).size;
const highest = (from: number, to: number): number =>
  Math.max(...sizes.slice(Math.floor(sizes.length * from), Math.ceil(sizes.length * to)));
const [early, late] = [highest(0.2, 0.4), highest(0.8, 1)];
const beyond = peak - weights;
const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;
record(
  "encoder-memory",
  [
    {
      what: `${name}, ${count} sentences streamed: peak memory beyond the weights`,
      ours: megabytes(peak),
      peer: `${megabytes(weights)} of weights`,
      figure: megabytes(beyond),
      bar: "<= 250 MB",
      reached: beyond <= 250 * MB,
    },
    {
      what: "the same: highest size of the last fifth of the time against the second fifth",
      ours: megabytes(late),
      peer: megabytes(early),
      figure: `${late >= early ? "+" : ""}${megabytes(late - early)}`,
      bar: "flat: <= 5 %",
      reached: late <= 1.05 * early,
    },
  ],
  `${(count / seconds).toFixed(0)} sentences/s.`,
);

/** Streams the sentences in a process of its own and looks at its size four times a second. */
async function stream(): Promise<{ peak: number; sizes: number[]; seconds: number }> {
  const started = performance.now();
  const script = join(import.meta.dirname, "peers/stream-texts.mjs");
  const child = spawn(process.execPath, [script, dist, folder, corpus, String(count)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const sizes: number[] = [];
  const timer = setInterval(() => {
    const status = statusOf(child.pid!);
    if (!status) return;
    peak = Math.max(peak, status.peak);
    sizes.push(status.size);
  }, 250);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`The stream ended with ${code}.`);
  return { peak, sizes, seconds: (performance.now() - started) / 1000 };
}

/** Bytes; undefined once the process has ended. */
function statusOf(pid: number): { peak: number; size: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const bytes = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
    return { peak: bytes("VmHWM"), size: bytes("VmRSS") };
  } catch {
    return undefined;
  }
}

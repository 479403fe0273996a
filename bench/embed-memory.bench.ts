/**
 * Peak memory of `semspace embed` reading text from standard input: 100 MB and 1 GB, made on the fly.
 * The peak is VmHWM of /proc/PID/status, which the kernel keeps for the whole life of a process (Linux).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { need, record } from "./harness.ts";

const MB = 1_000_000;
const main = join(import.meta.dirname, "../dist/cli/main.js");
need(main, "a build (npm run build)");
need("/proc/self/status", "Linux");

const small = await embed(100 * MB);
const large = await embed(1000 * MB);
const more = large.peak - small.peak;
record(
  "embed-memory",
  [
    row("peak memory of embed, 1 GB on standard input", large.peak, "at most 300 MB", large.peak <= 300 * MB),
    row("peak memory of embed, 100 MB on standard input", small.peak, "the same", Math.abs(more) <= 0.1 * large.peak),
  ],
  `Lines of 20 to 400 characters, the shipped model, --format f32 to /dev/null; ${(1000 / large.seconds).toFixed(0)} MB/s. The peaks differ by ${(more / MB).toFixed(0)} MB; up to a tenth counts as the same. What grows until it is full is the tokenizer's table of words it has seen, at most 2 x 262,144.`,
);

function row(what: string, peak: number, bar: string, reached: boolean) {
  return {
    what,
    ours: `${(peak / MB).toFixed(0)} MB`,
    peer: "none",
    figure: `${(peak / MB).toFixed(0)} MB`,
    bar,
    reached,
  };
}

/** Streams that many bytes of text through `semspace embed`; gives the largest resident size in bytes. */
async function embed(bytes: number): Promise<{ peak: number; seconds: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, "embed", "--format", "f32"], { stdio: ["pipe", "ignore", "inherit"] });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentPeak(child.pid!));
  }, 100);
  const ended = once(child, "close");
  for (const chunk of chunks(bytes)) if (!child.stdin.write(chunk)) await once(child.stdin, "drain");
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`semspace embed ended with ${code}.`);
  return { peak, seconds: (performance.now() - started) / 1000 };
}

/** 0 once the process has ended. */
function residentPeak(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Lines of words in pieces of about 1 MB, the same in every run. */
function* chunks(bytes: number): Generator<string> {
  const words =
    "the river of a city was built in many years by people who lived there and wrote about engines music law".split(
      " ",
    );
  let state = 42;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let made = 0; made < bytes;) {
    let chunk = "";
    while (chunk.length < MB && made + chunk.length < bytes) {
      const count = 4 + random(76);
      for (let i = 0; i < count; i += 1)
        chunk += `${words[random(words.length)]}${random(30) === 0 ? random(100_000) : ""} `;
      chunk += "\n";
    }
    made += chunk.length;
    yield chunk;
  }
}

/**
 * Runs our side and a peer in turns on the same machine and reports ratios.
 * A peer is a Python script that loads once, then for each line on stdin does the work once and prints one JSON line.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, homedir, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Python with the pinned peers (`bash bench/setup-peers.sh` makes it). */
export const peerPython: string =
  process.env["SEMSPACE_PEERS"] ?? join(homedir(), ".cache/semspace/peers/venv/bin/python");

/** The data that benches read; never part of the product. */
export const sharedData: string = process.env["SEMSPACE_SHARED_DATA"] ?? join(import.meta.dirname, "../../shared/data");

/** Says why a bench cannot run here, and ends it. */
export function need(path: string, what: string): void {
  if (existsSync(path)) return;
  console.error(`This bench needs ${what}: ${path} is not there.`);
  process.exit(1);
}

/** A Python process (or, for an .mjs script, one of this Node) that answers each request line with one JSON line. */
export class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(script: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
    const program = script.endsWith(".mjs") ? process.execPath : peerPython;
    need(program, "the Python peers (bash bench/setup-peers.sh)");
    this.#process = spawn(program, [join(import.meta.dirname, "peers", script), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Sends one request and waits for its answer. */
  async ask<T = { seconds: number }>(request: string | object = "run"): Promise<T> {
    this.#process.stdin!.write(`${typeof request === "string" ? request : JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("The peer ended before it answered.");
    return JSON.parse(value) as T;
  }

  close(): void {
    this.#process.stdin!.end();
    this.#process.kill();
  }
}

export interface Timing {
  /** Seconds, median of the rounds. */
  median: number;
  /** Largest minus smallest, divided by the median. */
  spread: number;
}

export function timing(seconds: readonly number[]): Timing {
  const sorted = seconds.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, spread: (sorted.at(-1)! - sorted[0]) / median };
}

/** Runs the sides in turns: A B A B …, after one warm-up each. Each side gives the seconds of its own run. */
export async function interleave<K extends string>(
  sides: Record<K, () => Promise<number>>,
  rounds = 5,
): Promise<Record<K, Timing>> {
  const names = Object.keys(sides) as K[];
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const taken = await sides[name]();
      if (round >= 0) seconds[name].push(taken);
    }
  }
  return Object.fromEntries(names.map((name) => [name, timing(seconds[name])])) as Record<K, Timing>;
}

/** Seconds that `work` takes. */
export async function clock(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export interface BenchRow {
  what: string;
  ours: string;
  peer: string;
  /** How many times better than the peer, or the measured figure where the bar is no ratio. */
  figure: string;
  bar: string;
  reached: boolean;
}

/** Prints the rows and keeps them in bench/results/NAME.json, from which `bench/run.ts --table` writes the table of bench/README.md. */
export function record(name: string, rows: readonly BenchRow[], note = ""): void {
  console.table(rows);
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const machine = `${cpus()[0]?.model.trim()} x ${cpus().length}, Node ${process.versions.node}`;
  const result = {
    name,
    date: new Date().toISOString().slice(0, 10),
    machine,
    load: loadavg()[0].toFixed(2),
    note,
    rows,
  };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

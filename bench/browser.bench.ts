/**
 * MiniLM in float32 in Chromium: against transformers.js in the same page, with as many threads and batches of 32 texts; how long the first
 * vector takes, whether the page stays responsive, what memory is left after 100 rounds of load and dispose, and how far the vectors are from Node's.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { loadEmbedder } from "../src/index.ts";
import { launchChromium } from "../test/chromium.ts";
import { isolation, serveFolder } from "../test/static-server.ts";
import { abstracts, sentences } from "./encoder-texts.ts";
import { type BenchRow, interleave, need, record, timing } from "./harness.ts";

/** What browser-page.js puts into the page. */
declare global {
  interface Window {
    bench: {
      load(side: Side): Promise<number>;
      encode(side: Side, texts: readonly string[], how?: string): Promise<number>;
      vectors(side: Side, texts: readonly string[]): Promise<number[][]>;
      timer(texts: readonly string[]): Promise<{ longest: number; ticks: number; seconds: number }>;
      rounds(rounds: number, every: number): Promise<number[]>;
    };
  }
}
type Side = "ours" | "transformersJs";

const root = join(import.meta.dirname, "..");
const models = join(process.env["SEMSPACE_CACHE"] ?? join(homedir(), ".cache/semspace"), "models");
const folder = join(models, "all-MiniLM-L6-v2");
need(folder, "all-MiniLM-L6-v2 (npm run models)");
need(join(root, "bench/work/transformers-js/models/all-MiniLM-L6-v2"), "the peer (npm run bench -- encoder-speed)");
need(join(root, "node_modules/onnxruntime-web"), "onnxruntime-web (npm install)");
const rounds = Number(process.env["SEMSPACE_BENCH_ROUNDS"] ?? 5);
const threads = 2;
if (!existsSync(join(root, "dist"))) throw new Error("npm run build makes dist/.");
execFileSync(process.execPath, [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "scripts/build-browser.ts")]);

const host = await serveFolder(root, { headers: isolation, mounts: { "/models/": `${models}/` } });
const browser = await launchChromium();
try {
  const note = `Chromium ${browser.version()}, WASM with ${threads} threads on both sides.`;
  const rows = await loadRows();
  const page = await openPage();
  rows.push(...(await speedRows(page)), await nearNode(page), await timerRow(page));
  await page.close();
  // The rounds take minutes: what was measured before is kept.
  record("browser", rows, note);
  record("browser", [...rows, await memoryRow()], note);
} finally {
  await browser.close();
  host.close();
}

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`${host.url}/bench/peers/browser-page.html?threads=${threads}`);
  await page.waitForFunction(() => "bench" in window);
  return page;
}

/** A page of its own a time; the first fills the browser's caches. */
async function loadRows(): Promise<BenchRow[]> {
  const load = async (side: Side): Promise<number> => {
    const page = await openPage();
    const seconds = await page.evaluate((one) => window.bench.load(one), side);
    await page.close();
    return seconds;
  };
  const { ours, peer } = await interleave({ ours: () => load("ours"), peer: () => load("transformersJs") }, rounds);
  return [
    {
      what: "from loadEmbedder to the first vector, warm caches",
      ours: `${ours.median.toFixed(2)} s`,
      peer: `${peer.median.toFixed(2)} s`,
      figure: `${ours.median.toFixed(2)} s`,
      bar: "<= 2 s",
      reached: ours.median <= 2,
    },
  ];
}

async function speedRows(page: Page): Promise<BenchRow[]> {
  await page.evaluate(() => window.bench.load("ours"));
  await page.evaluate(() => window.bench.load("transformersJs"));
  const sets = { "128 sentences": sentences().slice(0, 128), "32 abstracts": abstracts().slice(0, 32) };
  const rows: BenchRow[] = [];
  for (const [what, texts] of Object.entries(sets)) {
    const encode = (side: Side, how?: string) => () =>
      page.evaluate(([one, all, way]) => window.bench.encode(one, all, way), [side, texts, how] as const);
    const times = await interleave(
      { ours: encode("ours"), all: encode("ours", "encodeAll"), peer: encode("transformersJs") },
      rounds,
    );
    const rate = (seconds: number): string => `${(texts.length / seconds).toFixed(0)}/s`;
    const row = (how: string, { median, spread }: typeof times.ours, bar: number | undefined): BenchRow => ({
      what: `${what}, ${how}`,
      ours: rate(median),
      peer: rate(times.peer.median),
      figure: `${(times.peer.median / median).toFixed(2)} times (spread ${(100 * Math.max(spread, times.peer.spread)).toFixed(0)} %)`,
      bar: bar === undefined ? "reported" : `>= ${bar} times`,
      reached: bar === undefined || times.peer.median / median >= bar,
    });
    rows.push(row("one call", times.all, 1.3), row("a call for each 32 texts on our side too", times.ours, undefined));
  }
  return rows;
}

async function nearNode(page: Page): Promise<BenchRow> {
  const texts = [...sentences().slice(0, 64), ...abstracts().slice(0, 16)];
  const vectors = await page.evaluate((all) => window.bench.vectors("ours", all), texts);
  const node = await loadEmbedder(folder, { threads });
  const expected = (await node.encode(texts)).data;
  await node.dispose();
  const largest = vectors.flat().reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  return {
    what: "vectors of Chromium against Node's (onnxruntime-node)",
    ours: "",
    peer: "",
    figure: `largest difference ${largest.toExponential(1)}`,
    bar: "<= 1e-4",
    reached: largest <= 1e-4,
  };
}

async function timerRow(page: Page): Promise<BenchRow> {
  const { longest, ticks, seconds } = await page.evaluate(
    (texts) => window.bench.timer(texts),
    abstracts().slice(0, 32),
  );
  return {
    what: "a timer of 16 ms while 32 abstracts are encoded",
    ours: `${ticks} times in ${seconds.toFixed(1)} s`,
    peer: "-",
    figure: `longest wait ${longest.toFixed(0)} ms`,
    bar: "never 100 ms",
    reached: longest < 100,
  };
}

async function memoryRow(): Promise<BenchRow> {
  const page = await openPage();
  const every = 20;
  const bytes = await page.evaluate((step) => window.bench.rounds(100, step), every);
  await page.close();
  const megabytes = bytes.map((one) => one / 1e6);
  const grown = timing(megabytes.slice(-2)).median - timing(megabytes.slice(0, 2)).median;
  return {
    what: "memory of the page and its workers, 100 rounds of load, encode, dispose",
    ours: `${megabytes[0].toFixed(0)} MB after ${every}, ${megabytes.at(-1)!.toFixed(0)} MB after 100`,
    peer: "-",
    figure: `grows by ${grown.toFixed(1)} MB`,
    bar: "<= 10 MB",
    reached: grown <= 10,
  };
}

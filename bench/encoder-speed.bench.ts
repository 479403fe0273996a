/**
 * MiniLM and mpnet in float32 on sentences, long abstracts and a mixture of both: against sentence-transformers (torch, its own number of
 * threads), and against transformers.js and Python's onnxruntime, which run an ONNX file that torch exports to bench/work. All take their
 * turns in one run. SEMSPACE_BENCH_SETS: some of sentences, abstracts, mixed, mpnet; the rows of others stay. SEMSPACE_BENCH_ROUNDS: 5.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { loadEmbedder } from "../src/index.ts";
import { abstracts, mixture, sentences } from "./encoder-texts.ts";
import { type BenchRow, Peer, type Timing, clock, interleave, need, peerPython, record } from "./harness.ts";

interface TextSet {
  model: string;
  what: string;
  texts: () => string[];
  /** How many times the peer's rate is asked for. */
  bars: Readonly<Record<Side, number>>;
}
type Side = keyof typeof sides;

const sides = {
  torch: "sentence-transformers",
  transformersJs: "transformers.js",
  onnxruntime: "Python's onnxruntime",
} as const;
const [small, large] = ["all-MiniLM-L6-v2", "all-mpnet-base-v2"];
const bars = { torch: 1.5, transformersJs: 2, onnxruntime: 1.2 };
const sets: Readonly<Record<string, TextSet>> = {
  sentences: { model: small, what: "sentences", texts: sentences, bars },
  abstracts: { model: small, what: "abstracts", texts: abstracts, bars: { ...bars, torch: 1.15 } },
  mixed: { model: small, what: "texts of mixed lengths", texts: () => mixture(600, 120), bars },
  mpnet: { model: large, what: "texts of mixed lengths", texts: () => mixture(120, 24), bars },
};
const models = process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models");
const rounds = Number(process.env["SEMSPACE_BENCH_ROUNDS"] ?? 5);
const threads = availableParallelism();
const asked = process.env["SEMSPACE_BENCH_SETS"]?.split(",") ?? Object.keys(sets);

const rows: BenchRow[] = [];
for (const name of asked) rows.push(...(await race(sets[name])));
const earlier = earlierRows().filter(({ what }) => !rows.some((row) => row.what === what));
record(
  "encoder-speed",
  [...earlier, ...rows],
  `${rounds} rounds after a warm-up; sets of this call: ${asked.join(", ")}.`,
);

async function race({ model: name, what, texts: textsOf, bars: asks }: TextSet): Promise<BenchRow[]> {
  const folder = join(models, name);
  need(folder, `${name} (npm run models -- ${name})`);
  const [modules, exported] = exportModel(name, folder);
  const model = await loadEmbedder(folder, { threads });
  const texts = textsOf();
  const peers: Record<Side, Peer> = {
    torch: new Peer("st_encode.py", [folder], { HF_HUB_OFFLINE: "1" }),
    transformersJs: new Peer("transformers_js.mjs", [modules, exported, name, String(threads)]),
    onnxruntime: new Peer("ort_sentences.py", [join(exported, name), String(threads)]),
  };
  const ask = (side: Side) => async () => (await peers[side].ask({ texts })).seconds;
  const times = await interleave(
    {
      ours: () => clock(() => model.encode(texts)),
      torch: ask("torch"),
      transformersJs: ask("transformersJs"),
      onnxruntime: ask("onnxruntime"),
    },
    rounds,
  );
  for (const peer of Object.values(peers)) peer.close();
  await model.dispose();
  const kind = `${name}, ${texts.length} ${what}`;
  return (Object.keys(sides) as Side[]).map((side) =>
    row(`${kind}, against ${sides[side]}`, texts.length, { ours: times.ours, peer: times[side], bar: asks[side] }),
  );
}

function row(what: string, texts: number, { ours, peer, bar }: { ours: Timing; peer: Timing; bar: number }): BenchRow {
  const rate = (seconds: number): string => `${(texts / seconds).toFixed(0)}/s`;
  const ratio = peer.median / ours.median;
  const spread = (100 * Math.max(ours.spread, peer.spread)).toFixed(0);
  return {
    what,
    ours: rate(ours.median),
    peer: rate(peer.median),
    figure: `${ratio.toFixed(2)} times (spread ${spread} %)`,
    bar: `>= ${bar} times`,
    reached: ratio >= bar,
  };
}

/** Installs transformers.js and exports a model, once; gives its node_modules and the folder of exported models. */
function exportModel(name: string, folder: string): [modules: string, models: string] {
  const work = join(import.meta.dirname, "work/transformers-js");
  const modules = join(work, "node_modules");
  mkdirSync(work, { recursive: true });
  if (!existsSync(join(modules, "@huggingface/transformers"))) {
    writeFileSync(join(work, "package.json"), '{ "private": true }\n');
    writeFileSync(join(work, ".npmrc"), "onnxruntime-node-install=skip\n");
    const install = ["install", "--no-audit", "--no-fund", "@huggingface/transformers@4.2.0"];
    execFileSync("npm", install, { cwd: work, stdio: "inherit" });
  }
  const target = join(work, "models", name);
  if (!existsSync(join(target, "onnx/model.onnx")) || !existsSync(join(target, "sentence_bert_config.json"))) {
    const script = join(import.meta.dirname, "peers/export_onnx.py");
    execFileSync(peerPython, [script, folder, target], {
      stdio: "inherit",
      env: { ...process.env, HF_HUB_OFFLINE: "1" },
    });
  }
  return [modules, join(work, "models")];
}

function earlierRows(): BenchRow[] {
  const path = join(import.meta.dirname, "results/encoder-speed.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { rows: BenchRow[] }).rows : [];
}

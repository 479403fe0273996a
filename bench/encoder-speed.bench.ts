/**
 * MiniLM in float32 on sentences and on long abstracts: against sentence-transformers (torch, its own number of threads), and against
 * transformers.js, which is installed in bench/work and gets an ONNX file that torch exports there. All take their turns in one run.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { loadEmbedder } from "../src/index.ts";
import { abstracts, sentences } from "./encoder-texts.ts";
import { type BenchRow, Peer, clock, interleave, need, peerPython, record } from "./harness.ts";

const name = "all-MiniLM-L6-v2";
const folder = join(process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models"), name);
need(folder, `${name} (npm run models)`);
const rounds = Number(process.env["SEMSPACE_BENCH_ROUNDS"] ?? 5);
const threads = availableParallelism();
const bars = { sentences: { torch: 1.5, transformersJs: 2 }, abstracts: { torch: 1.15, transformersJs: 2 } };

const model = await loadEmbedder(folder, { threads });
const torch = new Peer("st_encode.py", [folder], { HF_HUB_OFFLINE: "1" });
const transformersJs = startTransformersJs();
const rows: BenchRow[] = [];
for (const [set, texts] of Object.entries({ sentences: sentences(), abstracts: abstracts() })) {
  const times = await interleave(
    {
      ours: () => clock(() => model.encode(texts)),
      torch: async () => (await torch.ask<{ seconds: number }>({ texts })).seconds,
      transformersJs: async () => (await transformersJs.ask<{ seconds: number }>({ texts })).seconds,
    },
    rounds,
  );
  const rate = (seconds: number): string => `${(texts.length / seconds).toFixed(0)}/s`;
  for (const peer of ["torch", "transformersJs"] as const) {
    const ratio = times[peer].median / times.ours.median;
    const bar = bars[set as keyof typeof bars][peer];
    const spread = (100 * Math.max(times.ours.spread, times[peer].spread)).toFixed(0);
    rows.push({
      what: `${name}, ${texts.length} ${set}, against ${peer === "torch" ? "sentence-transformers" : "transformers.js"}`,
      ours: rate(times.ours.median),
      peer: rate(times[peer].median),
      figure: `${ratio.toFixed(2)} times (spread ${spread} %)`,
      bar: `>= ${bar} times`,
      reached: ratio >= bar,
    });
  }
}
torch.close();
transformersJs.close();
await model.dispose();
record("encoder-speed", rows);

/** Installs the peer and exports its model once. */
function startTransformersJs(): Peer {
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
  if (!existsSync(join(target, "onnx/model.onnx"))) {
    const script = join(import.meta.dirname, "peers/export_onnx.py");
    execFileSync(peerPython, [script, folder, target], {
      stdio: "inherit",
      env: { ...process.env, HF_HUB_OFFLINE: "1" },
    });
  }
  return new Peer("transformers_js.mjs", [modules, join(work, "models"), name, String(threads)]);
}

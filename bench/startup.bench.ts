/** `semspace similarity a b` with the shipped model, the whole process, against the same in Python's model2vec. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { clock, interleave, need, peerPython, record } from "./harness.ts";

const root = join(import.meta.dirname, "..");
const main = join(root, "dist/cli/main.js");
need(main, "a build (npm run build)");
need(peerPython, "the Python peers (bash bench/setup-peers.sh)");

const texts = ["How old are you?", "What is your age?"];
const outputs: Record<string, string> = {};
const run = (name: string, command: string, args: readonly string[]) => () =>
  clock(() => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      encoding: "utf8",
      env: { ...process.env, HF_HUB_OFFLINE: "1" },
    });
    if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
    outputs[name] = stdout.trim();
  });

const seconds = await interleave(
  {
    ours: run("ours", process.execPath, [main, "similarity", ...texts, "--json"]),
    python: run("python", peerPython, [
      join(import.meta.dirname, "peers/startup.py"),
      join(root, "models/default"),
      ...texts,
    ]),
  },
  9,
);
const ours = (JSON.parse(outputs["ours"]) as { similarity: number }).similarity;
if (Math.abs(ours - Number(outputs["python"])) > 1e-3)
  throw new Error(`The two sides differ: ${ours} and ${outputs["python"]}.`);

const ratio = seconds.ours.median / seconds.python.median;
record("startup", [
  {
    what: 'semspace similarity "a" "b", whole process',
    ours: `${(seconds.ours.median * 1000).toFixed(0)} ms ± ${(seconds.ours.spread * 50).toFixed(0)} %`,
    peer: `model2vec 0.10: ${(seconds.python.median * 1000).toFixed(0)} ms ± ${(seconds.python.spread * 50).toFixed(0)} %`,
    figure: `${ratio.toFixed(2)} of its time`,
    bar: "at most 0.33",
    reached: ratio <= 1 / 3,
  },
]);

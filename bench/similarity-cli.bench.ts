/** `semspace similarity "a" "b"` with the shipped model, as a whole process, against the same in Python with model2vec. Needs `npm run build`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { clock, interleave, need, peerPython, record } from "./harness.ts";

const root = join(import.meta.dirname, "..");
const cli = join(root, "dist/cli/main.js");
need(cli, "the built command line (npm run build)");
need(peerPython, "the Python peers (bash bench/setup-peers.sh)");
const texts = ["a man is playing a guitar", "someone plays guitar"];
const script = join(import.meta.dirname, "peers/model2vec_similarity.py");
const environment = { ...process.env, HF_HUB_OFFLINE: "1" };

const ours = (): string =>
  execFileSync(process.execPath, [cli, "similarity", ...texts, "--json"], { encoding: "utf8" });
const theirs = (): string =>
  execFileSync(peerPython, [script, join(root, "models/default"), ...texts], { encoding: "utf8", env: environment });
const difference = Math.abs((JSON.parse(ours()) as { similarity: number }).similarity - Number(theirs()));
if (!(difference < 1e-4)) throw new Error(`The two similarities differ by ${difference}.`);

const times = await interleave({ ours: () => clock(ours), model2vec: () => clock(theirs) }, 7);
const share = times.ours.median / times.model2vec.median;
record("similarity-cli", [
  {
    what: 'semspace similarity "a" "b", whole process',
    ours: `${times.ours.median.toFixed(2)} s`,
    peer: `${times.model2vec.median.toFixed(2)} s (Python, model2vec 0.10)`,
    figure: `${share.toFixed(2)} of its time`,
    bar: "<= 0.33",
    reached: share <= 1 / 3,
  },
]);

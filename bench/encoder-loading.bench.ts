/** From the start of a process to MiniLM's first vector, against sentence-transformers. Needs `npm run build` and `npm run models`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder } from "../src/platform/node.ts";
import { clock, interleave, need, peerPython, record } from "./harness.ts";

const built = join(import.meta.dirname, "../dist/index.js");
need(built, "the built package (npm run build)");
need(peerPython, "the Python peers (bash bench/setup-peers.sh)");
const model = join(cacheFolder()!, "models/all-MiniLM-L6-v2");
need(model, "MiniLM (npm run models -- all-MiniLM-L6-v2)");

const text = "a man is playing a guitar";
const ourScript = `const { loadEmbedder } = await import(${JSON.stringify(pathToFileURL(built).href)});
const embedder = await loadEmbedder(${JSON.stringify(model)});
console.log((await embedder.encode(${JSON.stringify(text)}))[0]);`;
const theirScript = `from sentence_transformers import SentenceTransformer
print(SentenceTransformer(${JSON.stringify(model)}, device="cpu").encode(${JSON.stringify(text)})[0])`;
const environment = { ...process.env, HF_HUB_OFFLINE: "1" };

const ours = (): string =>
  execFileSync(process.execPath, ["--input-type=module", "-e", ourScript], { encoding: "utf8" });
const theirs = (): string =>
  execFileSync(peerPython, ["-c", theirScript], {
    encoding: "utf8",
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
const difference = Math.abs(Number(ours()) - Number(theirs()));
if (!(difference < 1e-5)) throw new Error(`The two vectors differ by ${difference}.`);

const times = await interleave({ ours: () => clock(ours), theirs: () => clock(theirs) }, 5);
const share = times.ours.median / times.theirs.median;
record("encoder-loading", [
  {
    what: "MiniLM from the start of the process to the first vector",
    ours: `${times.ours.median.toFixed(2)} s`,
    peer: `${times.theirs.median.toFixed(2)} s (sentence-transformers)`,
    figure: `${share.toFixed(3)} of its time`,
    bar: "<= 0.125",
    reached: share <= 1 / 8,
  },
]);

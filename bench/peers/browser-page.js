// The page of browser.bench.ts: `window.bench` loads either side and lets it encode.
import { loadEmbedder } from "../../dist/browser.js";

const name = "all-MiniLM-L6-v2";
const threads = Number(new URLSearchParams(location.search).get("threads") ?? 1);
const batches = (texts) =>
  Array.from({ length: Math.ceil(texts.length / 32) }, (_, i) => texts.slice(i * 32, i * 32 + 32));

async function loadOurs() {
  const embedder = await loadEmbedder(new URL(`/models/${name}/`, location.href), { threads });
  return {
    async encode(texts) {
      const vectors = [];
      for (const batch of batches(texts)) vectors.push((await embedder.encode(batch)).data);
      return vectors;
    },
    /** All texts in one call: sorted by length, in batches of so many tokens. */
    encodeAll: (texts) => embedder.encode(texts),
    dispose: () => embedder.dispose(),
  };
}

async function loadTransformersJs() {
  const modules = "/bench/work/transformers-js/node_modules";
  const { env, pipeline } = await import(`${modules}/@huggingface/transformers/dist/transformers.web.js`);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.localModelPath = "/bench/work/transformers-js/models/";
  env.backends.onnx.wasm.wasmPaths = `${modules}/onnxruntime-web/dist/`;
  env.backends.onnx.wasm.numThreads = threads;
  const extract = await pipeline("feature-extraction", name, { dtype: "fp32", device: "wasm" });
  return {
    async encode(texts) {
      const vectors = [];
      for (const batch of batches(texts))
        vectors.push((await extract(batch, { pooling: "mean", normalize: true })).data);
      return vectors;
    },
    dispose: () => extract.dispose(),
  };
}

const loads = { ours: loadOurs, transformersJs: loadTransformersJs };
const loaded = {};

async function clock(work) {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

window.bench = {
  /** Seconds from nothing to the first vector. */
  async load(side) {
    const { seconds } = await clock(async () => {
      loaded[side] = await loads[side]();
      await loaded[side].encode(["Hello world"]);
    });
    return seconds;
  },
  async encode(side, texts, how = "encode") {
    const { seconds } = await clock(() => loaded[side][how](texts));
    return seconds;
  },
  async vectors(side, texts) {
    return (await loaded[side].encode(texts)).flatMap((vectors) => Array.from(vectors));
  },
  /** The longest time, in milliseconds, that a timer of 16 ms had to wait while texts were encoded, and how often it ran. */
  async timer(texts) {
    let longest = 0;
    let ticks = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      ticks += 1;
      last = now;
    }, 16);
    const { seconds } = await clock(() => loaded.ours.encodeAll(texts));
    clearInterval(timer);
    return { longest, ticks, seconds };
  },
  /** Bytes of the page and its workers after each of `rounds` rounds of load, encode, dispose. */
  async rounds(rounds, every) {
    const bytes = [];
    for (let round = 1; round <= rounds; round += 1) {
      const model = await loads.ours();
      await model.encode(["Hello world"]);
      await model.dispose();
      if (round % every === 0) bytes.push((await performance.measureUserAgentSpecificMemory()).bytes);
    }
    return bytes;
  },
};

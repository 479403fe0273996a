/**
 * Exact top-10 of 1 M unit vectors of 256 dimensions (Gaussian, the hardest for quantisation: neighbours are hardly nearer than strangers),
 * one query and 64 at once, against numpy and faiss's flat index on the same cores.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TableOptions, VectorTable } from "../src/search/vectors/vector-table.ts";
import { type BenchRow, clock, interleave, Peer, record, type Timing } from "./harness.ts";

const COLUMNS = 256;
const QUERIES = 64;
const K = 10;

const folder = mkdtempSync(join(tmpdir(), "semspace-exact-"));
const files = { rows: join(folder, "rows"), queries: join(folder, "queries") };
const peer = new Peer("exact_search.py");
const { threads } = await peer.ask<{ threads: number }>(files);
const queries = vectorsOf(readFileSync(files.queries));
const tables = {
  float32: filled({}),
  plain: filled({ codes: false }),
  int8: filled({ dtype: "int8" }),
  binary: filled({ dtype: "binary" }),
};
rmSync(folder, { recursive: true });

interface Answer {
  seconds: number;
  found: number[][];
}

const rows: BenchRow[] = [];
for (const count of [1, QUERIES]) {
  const asked = queries.slice(0, count);
  const ours = (table: keyof typeof tables) => () => clock(() => tables[table].search(asked, { k: K }));
  const theirs = (by: string) => async () => (await peer.ask<Answer>({ by, queries: count })).seconds;
  const times = await interleave(
    {
      float32: ours("float32"),
      plain: ours("plain"),
      int8: ours("int8"),
      binary: ours("binary"),
      numpy: theirs("numpy"),
      faiss: theirs("faiss"),
    },
    count === 1 ? 9 : 5,
  );
  const what = count === 1 ? "1 query" : `${count} queries`;
  const compare = (name: string, [a, b]: [Timing, Timing], bar: number | undefined): void => {
    const ratio = b.median / a.median;
    rows.push({
      what: `${what}: ${name}`,
      ours: `${(1000 * a.median).toFixed(1)} ms`,
      peer: `${(1000 * b.median).toFixed(1)} ms`,
      figure: `${ratio.toFixed(2)} times`,
      bar: bar === undefined ? "none" : `>= ${bar} times`,
      reached: bar === undefined || ratio >= bar,
    });
  };
  compare("float32 against numpy", [times.float32, times.numpy], count === 1 ? 2 : 1.3);
  compare("float32 against faiss flat", [times.float32, times.faiss], count === 1 ? 2 : 1.5);
  compare("int8 against our float32 without its codes", [times.int8, times.plain], count === 1 ? 2 : 1.6);
  compare("int8 against our float32 with its codes", [times.int8, times.float32], undefined);
  compare("float32 without its codes against numpy", [times.plain, times.numpy], undefined);
  compare("binary with rescoring against our float32 without its codes", [times.binary, times.plain], undefined);
}

const exact = (await peer.ask<Answer>({ by: "numpy", queries: QUERIES })).found;
for (const [name, bar] of [
  ["float32", 1],
  ["int8", 0.98],
  ["binary", undefined],
] as const) {
  const found = await tables[name].search(queries, { k: K });
  const hits = found.map((one, i) => [...one.rows].filter((row) => exact[i].includes(row)).length / K);
  const recall = hits.reduce((sum, value) => sum + value, 0) / hits.length;
  rows.push({
    what: `recall@${K} of ${name}, 64 queries`,
    ours: recall.toFixed(4),
    peer: "numpy, exact",
    figure: recall.toFixed(4),
    bar: bar === undefined ? "none" : `>= ${bar}`,
    reached: bar === undefined || recall >= bar,
  });
}
peer.close();
for (const table of Object.values(tables)) await table.close();
record(
  "exact-search",
  rows,
  `1,000,000 x ${COLUMNS}, k = ${K}; both sides with all cores (faiss: ${threads} threads). Float32 is by default found by int8 codes beside it and is then nearly as fast as int8, so int8's bars are held against the float32 scan itself (\`codes: false\`); the rows beside them show the default.`,
);

function vectorsOf(bytes: Buffer): Float32Array[] {
  const width = COLUMNS * 4;
  return Array.from(
    { length: bytes.length / width },
    (_, i) => new Float32Array(bytes.buffer.slice(bytes.byteOffset + i * width, bytes.byteOffset + (i + 1) * width)),
  );
}

function filled(options: TableOptions): VectorTable {
  const table = new VectorTable(COLUMNS, options);
  const bytes = readFileSync(files.rows);
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  for (let at = 0; at < all.length; at += COLUMNS) table.append(all.subarray(at, at + COLUMNS));
  return table;
}

/**
 * The graph of neighbours over 200,000 word vectors (GloVe, 50 dimensions, the most frequent words; queries are the next 1,000 words)
 * against hnswlib with the same M and efConstruction, one thread each, one query at a time; CPU time, for the machine is shared.
 * HNSW_ROWS=20000 is a quick look. Both sides take the smallest width of search that reaches the recall.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { VectorGraph } from "../src/search/graph/vector-graph.ts";
import { VectorTable } from "../src/search/vectors/vector-table.ts";
import { type BenchRow, interleave, need, Peer, record } from "./harness.ts";

const ROWS = Number(process.env["HNSW_ROWS"] ?? 200_000);
const QUERIES = 1000;
const COLUMNS = 50;
const K = 10;
const RECALL = 0.95;
const WIDTHS = [50, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500, 700, 1000];

const source = join(homedir(), ".cache/semspace/models/glove-6b-50d/vectors.npy");
need(source, "GloVe (npm run models -- glove-6b-50d)");
const bytes = readFileSync(source).subarray(128, 128 + (ROWS + QUERIES) * COLUMNS * 4);
const folder = mkdtempSync(join(tmpdir(), "semspace-hnsw-"));
writeFileSync(join(folder, "vectors"), bytes);
const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const vector = (i: number): Float32Array => all.slice(i * COLUMNS, (i + 1) * COLUMNS);

const table = new VectorTable(COLUMNS, {});
for (let i = 0; i < ROWS; i += 1) table.append(vector(i));
const queries = Array.from({ length: QUERIES }, (_, i) => vector(ROWS + i));
const exact = (await table.search(queries, { k: K })).map(({ rows }) => Array.from(rows));

const peer = new Peer("hnswlib_search.py", [join(folder, "vectors"), `${ROWS}`, `${COLUMNS}`, `${QUERIES}`]);
const { build } = await peer.ask<{ build: number }>({ ef: 10 });
rmSync(folder, { recursive: true });

const graph = new VectorGraph(table);
const before = process.cpuUsage().user;
await graph.addRows(ROWS);
const built = (process.cpuUsage().user - before) / 1e6;

interface Answer {
  seconds: number;
  found: number[][];
}
const ours = (width: number): Answer => {
  const start = process.cpuUsage().user;
  const found = queries.map((query) => [...graph.search(query, { k: K, width }).rows]);
  return { seconds: (process.cpuUsage().user - start) / 1e6, found };
};
const theirs = (ef: number): Promise<Answer> => peer.ask<Answer>({ ef });
const recallOf = ({ found }: Answer): number =>
  found.reduce((sum, one, i) => sum + one.filter((row) => exact[i].includes(row)).length / K, 0) / found.length;

async function smallest(run: (width: number) => Answer | Promise<Answer>): Promise<{ width: number; recall: number }> {
  for (const width of WIDTHS) {
    const recall = recallOf(await run(width));
    if (recall >= RECALL) return { width, recall };
  }
  throw new Error("No width reaches the recall.");
}
const [mine, other] = [await smallest(ours), await smallest(theirs)];
const times = await interleave({
  ours: () => Promise.resolve(ours(mine.width).seconds),
  hnswlib: async () => (await theirs(other.width)).seconds,
  exact: async () => {
    const start = process.cpuUsage().user;
    for (const query of queries.slice(0, 100)) await table.search([query], { k: K });
    return ((process.cpuUsage().user - start) / 1e6) * 10;
  },
});
peer.close();
await table.close();

const rate = (seconds: number): string => `${Math.round(QUERIES / seconds)} queries/s`;
const ratio = times.hnswlib.median / times.ours.median;
const faster = times.exact.median / times.ours.median;
const rows: BenchRow[] = [
  {
    what: `recall@${K} >= ${RECALL}, ${ROWS} word vectors of ${COLUMNS} dimensions`,
    ours: `${rate(times.ours.median)} (recall ${mine.recall.toFixed(3)}, width ${mine.width})`,
    peer: `${rate(times.hnswlib.median)} (recall ${other.recall.toFixed(3)}, ef ${other.width}) hnswlib`,
    figure: `${ratio.toFixed(2)} of its rate`,
    bar: ">= 0.5 at 200,000",
    // Fewer show how it goes, not that the bar is reached.
    reached: ROWS >= 200_000 && ratio >= 0.5,
  },
  {
    what: "the same against our exact scan",
    ours: rate(times.ours.median),
    peer: rate(times.exact.median),
    figure: `${faster.toFixed(1)} times`,
    bar: "none",
    reached: true,
  },
  {
    what: "building the graph",
    ours: `${built.toFixed(0)} s`,
    peer: `${build.toFixed(0)} s (hnswlib)`,
    figure: `${(built / build).toFixed(2)} of its time`,
    bar: "none",
    reached: true,
  },
];
record(
  "hnsw",
  rows,
  `M 16, efConstruction 200, one thread, CPU time; queries are rarer words than the base.${ROWS < 200_000 ? " A quick look: the bar is of 200,000 and not measured here." : ""}`,
);

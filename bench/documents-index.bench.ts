/**
 * `semspace index` over 10,000 Markdown files (each a title and a paragraph of Wikipedia): build, then update after 10 changes, with the
 * shipped model and MiniLM; 100,000 passages in one index. Processes of the built command line: `npx tsx scripts/build-cli.ts` first.
 * The processor's time counts where other programs run beside it; the wall's is told too.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, createReadStream, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { type BenchRow, need, record, sharedData } from "./harness.ts";

const FILES = 10_000;
const CHANGES = 10;
const work = join(import.meta.dirname, "work");
const cli = join(import.meta.dirname, "../dist/cli/main.js");
need(cli, "the built command line (npx tsx scripts/build-cli.ts)");
const miniLm = join(homedir(), ".cache/semspace/models/all-MiniLM-L6-v2");

interface Run {
  wall: number;
  cpu: number;
  result: { read: number; embedded: number; passages: number };
}

/** Runs the command line; seconds of the wall and of the processor. */
function semspace(args: readonly string[]): Run {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" 2>/dev/null`;
  const run = spawnSync("bash", ["-c", script, "bash", process.execPath, cli, ...args], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`semspace ${args.join(" ")} failed: ${run.stdout}${run.stderr}`);
  const [wall, user, system] = run.stderr.trim().split("\n").at(-1)!.split(" ").map(Number);
  return { wall, cpu: user + system, result: JSON.parse(run.stdout) as Run["result"] };
}

const docs = await markdownFiles(FILES, { name: "documents-10000", sentences: 2 });
const rows: BenchRow[] = [];
const seconds = ({ wall, cpu }: Run): string => `${wall.toFixed(2)} s (${cpu.toFixed(2)} s of the processor)`;

for (const [what, model] of [
  ["shipped model", undefined],
  ["MiniLM", miniLm],
] as const) {
  if (model !== undefined && !existsSync(model)) continue;
  const index = join(work, `documents-${model ? "minilm" : "shipped"}.index`);
  rmSync(index, { recursive: true, force: true });
  const build = semspace(["index", "build", docs, "--output", index, "--json", ...(model ? ["--model", model] : [])]);
  const updates = Array.from({ length: 3 }, (_, round) => {
    for (let i = 0; i < CHANGES; i += 1)
      appendFileSync(join(docs, fileName(i * 997 + round)), `\nChanged in round ${round}.\n`);
    return semspace(["index", "update", index, "--json"]);
  });
  if (updates.some(({ result }) => result.read !== CHANGES))
    throw new Error("An update read other files than the changed ones.");
  const update = updates.toSorted((a, b) => a.cpu - b.cpu)[0];
  const share = update.cpu / build.cpu;
  rows.push({
    what: `${what}: update of ${FILES} files after ${CHANGES} changes (build: ${build.result.passages} passages, ${seconds(build)})`,
    ours: seconds(update),
    peer: "",
    figure: model ? `${(100 * share).toFixed(2)} % of the build` : `${update.cpu.toFixed(2)} s of the processor`,
    bar: model ? "<= 2 %" : "<= 1 s",
    reached: model ? share <= 0.02 : update.cpu <= 1,
  });
}

const many = await markdownFiles(10_000, { name: "documents-100000", sentences: 20, headings: true });
const large = join(work, "documents-large.index");
rmSync(large, { recursive: true, force: true });
const built = semspace(["index", "build", many, "--output", large, "--json"]);
rows.push({
  what: "shipped model: an index of 100,000 passages",
  ours: seconds(built),
  peer: "",
  figure: `${built.result.passages} passages, ${(built.result.passages / built.cpu).toFixed(0)} a second of the processor`,
  bar: "100,000 passages",
  reached: built.result.passages >= 100_000,
});
record(
  "documents-index",
  rows,
  `Load of the machine at the end ${loadavg()[0].toFixed(1)} on 2 cores: other benches ran beside this one.`,
);

interface Shape {
  name: string;
  sentences: number;
  /** A heading above every other sentence: each section is a passage. */
  headings?: boolean;
}

/** A folder of Markdown files; written once. */
async function markdownFiles(count: number, { name, sentences, headings = false }: Shape): Promise<string> {
  const folder = join(work, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
  need(packed, "a part of the English Wikipedia");
  let file = 0;
  let text: string[] = [];
  for await (const line of createInterface({ input: createReadStream(packed).pipe(createGunzip()) })) {
    for (const sentence of line.split(/(?<=[.!?]) (?=[A-Z"])/)) {
      if (sentence.length < 40 || sentence.length > 400) continue;
      if (headings && text.length % 2 === 0) text.push(`\n## ${sentence.split(" ").slice(0, 3).join(" ")}\n`, sentence);
      else text.push(sentence);
      if (text.length < sentences * (headings ? 2 : 1)) continue;
      const title = sentence.split(" ").slice(0, 4).join(" ");
      writeFileSync(join(folder, fileName(file)), `# ${title}\n\n${text.join(headings ? "\n" : " ")}\n`);
      text = [];
      file += 1;
      if (file === count) return folder;
    }
  }
  throw new Error(`Only ${file} files of ${count}.`);
}

function fileName(i: number): string {
  return `${String(i).padStart(5, "0")}.md`;
}

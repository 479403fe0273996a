/** An index of 100,000 entries is updated by a process that is killed (SIGKILL) at 20 random moments; what it had flushed must be there. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { openFolderStore } from "../src/search/index.ts";
import { record } from "./harness.ts";
import { batchOf, entriesOf, ROWS } from "./index-batches.ts";

const KILLS = 20;
const path = mkdtempSync(join(tmpdir(), "semspace-durable-"));
const program = ["--import", "tsx", "--conditions=semspace-source", join(import.meta.dirname, "index-writer.ts"), path];
const random = randomNumbers(11);

spawnSync(process.execPath, [...program, "0"], { stdio: "inherit" });
let last = 0;
let sound = 0;
const found: string[] = [];
for (let kill = 0; kill < KILLS; kill += 1) {
  const told = await runAndKill(last + 1);
  const problem = await check(Math.max(told, last));
  if (problem === undefined) sound += 1;
  else found.push(problem);
  console.error(`kill ${kill + 1}: ${problem ?? `sound after batch ${last}`}`);
}
rmSync(path, { recursive: true });
record(
  "index-durability",
  [
    {
      what: `kill -9 at ${KILLS} random moments while an index of ${ROWS} entries is updated, then open, list all, get, search`,
      ours: `${sound} of ${KILLS} sound after ${last} flushed batches of 2,000`,
      peer: "none",
      figure: found.length === 0 ? "nothing lost, no error" : found.join("; "),
      bar: "nothing lost that was committed, no error",
      reached: sound === KILLS,
    },
  ],
  "Batches replace entries, so that segments are merged and the index compacted meanwhile. A batch is there whole or not at all.",
);

/** Lets the writer go on from a batch, kills it within 3 seconds after the first flush; gives the last batch that it called kept. */
async function runAndKill(from: number): Promise<number> {
  const writer = spawn(process.execPath, [...program, `${from}`], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let timer: NodeJS.Timeout | undefined;
  writer.stdout.on("data", (piece: Buffer) => {
    output += piece.toString();
    timer ??= setTimeout(() => writer.kill("SIGKILL"), random() * 3000);
  });
  await new Promise((resolve) => writer.on("close", resolve));
  clearTimeout(timer);
  const lines = output.split("\n").filter((line) => line !== "");
  return Number(lines.at(-1) ?? from - 1);
}

/** What is wrong with the index, of which batch `told` is kept, and perhaps the next one. */
async function check(told: number): Promise<string | undefined> {
  try {
    const store = await openFolderStore(path);
    const batches = new Map<string, number>();
    for await (const { id, metadata } of store.list()) batches.set(id, metadata?.["batch"] as number);
    const state = batches.has(`x${told + 1}`) ? told + 1 : told;
    // The extra entry of the batch before goes with the same flush.
    const wrong = [...batches].find(([id, batch]) => batch !== batchOf(id, state));
    const size = ROWS + (state > 0 ? 1 : 0);
    const entry = entriesOf(state)[5];
    const [got] = await store.get([entry.id]);
    const [hit] = await store.search(entry.vector, { k: 1 });
    await store.close();
    last = state;
    if (wrong) return `after batch ${told}: ${wrong.join(" of batch ")}`;
    if (batches.size !== size) return `after batch ${told}: ${batches.size} entries, not ${size}`;
    if (state > 0 && (got?.text !== entry.text || hit.id !== entry.id))
      return `after batch ${told}: ${entry.id} is not found`;
    return undefined;
  } catch (error) {
    return `after batch ${told}: ${(error as Error).message}`;
  }
}

/**
 * `npm run bench -- NAME…` runs bench/NAME.bench.ts one after the other; `npm run bench -- --table` writes
 * the tables of bench/README.md from bench/results; with no name it lists the benches.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "./harness.ts";

const here = import.meta.dirname;
const all = readdirSync(here)
  .filter((name) => name.endsWith(".bench.ts"))
  .map((name) => name.replace(".bench.ts", ""));
const asked = process.argv.slice(2);

if (asked.includes("--table")) writeTables();
else if (asked.length === 0) console.log(`Benches: ${all.join(", ")}\nnpm run bench -- NAME…`);
for (const name of asked.filter((word) => !word.startsWith("--"))) {
  if (!all.includes(name)) throw new Error(`No bench ${name}. Benches: ${all.join(", ")}`);
  await import(`./${name}.bench.ts`);
}

function writeTables(): void {
  const tables = readdirSync(join(here, "results"))
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => {
      const result = JSON.parse(readFileSync(join(here, "results", name), "utf8")) as {
        name: string;
        date: string;
        machine: string;
        load: string;
        note: string;
        rows: BenchRow[];
      };
      const rows = result.rows.map(
        (row) =>
          `| ${row.what} | ${row.ours} | ${row.peer} | ${row.figure} | ${row.bar} | ${row.reached ? "reached" : "**missed**"} |`,
      );
      const head = "| what | ours | peer | figure | bar | |\n| --- | --- | --- | --- | --- | --- |";
      const note = result.note ? `\n\n${result.note}` : "";
      return `### ${result.name}\n\n${result.date}, ${result.machine}, load ${result.load}.\n\n${head}\n${rows.join("\n")}${note}`;
    });
  const path = join(here, "README.md");
  const text = readFileSync(path, "utf8");
  const marker = "<!-- tables: written by npm run bench -- --table -->";
  writeFileSync(path, `${text.slice(0, text.indexOf(marker) + marker.length)}\n\n${tables.join("\n\n")}\n`);
}

/** Results of several models as a table: a row a task, a column a model. */
import type { BootstrapOptions, TaskResult } from "../evaluation/index.ts";
import { printable, type Style } from "./terminal.ts";

export interface ModelResults {
  model: string;
  /** Of the same tasks in the same order for every model. */
  results: readonly TaskResult[];
}

/** Scores times 100 with half the width of their interval; the best of a row is bold, and marked where it is better beyond chance. */
export async function evaluationTable(
  all: readonly ModelResults[],
  style: Style,
  bootstrap: BootstrapOptions = {},
): Promise<string> {
  const { pairedBootstrap } = await import("../evaluation/index.ts");
  const heads = ["task", "score", ...all.map(({ model }) => printable(model))];
  const rows = all[0].results.map(({ task, metric }, row) => {
    const results = all.map(({ results: own }) => own[row]);
    const order = results.toSorted((a, b) => b.mainScore - a.mainScore);
    const isClear =
      order.length > 1 && pairedBootstrap(order[0].statistic, order[1].statistic, bootstrap).notBetter < 0.05;
    const cells = results.map((result) => `${figure(result)}${result === order[0] && isClear ? "*" : " "}`);
    return {
      cells: [printable(task), metric, ...cells],
      best: results.length > 1 ? 2 + results.indexOf(order[0]) : -1,
    };
  });
  const mean = (own: readonly TaskResult[]): number => own.reduce((sum, one) => sum + one.mainScore, 0) / own.length;
  if (rows.length > 1)
    rows.push({ cells: ["mean", "", ...all.map(({ results }) => (100 * mean(results)).toFixed(2))], best: -1 });
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map(({ cells }) => cells[i].length)));
  const line = (cells: readonly string[], best: number): string =>
    cells
      .map((cell, i) => {
        const padded = i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
        return i === best ? style.bold(padded) : padded;
      })
      .join("  ")
      .trimEnd();
  return [style.dim(line(heads, -1)), ...rows.map(({ cells, best }) => line(cells, best))].join("\n").concat("\n");
}

function figure({ mainScore, interval }: TaskResult): string {
  return `${(100 * mainScore).toFixed(2)} ± ${(50 * (interval.high - interval.low)).toFixed(2)}`;
}

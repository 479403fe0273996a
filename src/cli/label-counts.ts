/** How often a classifier's labels were wanted, given, and right: precision and recall as fastText's `test` and `test-label` count them. */
import type { FastTextModel } from "../words/index.ts";
import type { Option } from "./arguments.ts";
import { lineBatches } from "./lines.ts";

export const countingOptions: Readonly<
  Record<"top", Option & { type: "whole" }> & Record<"threshold", Option & { type: "number" }>
> = {
  top: { type: "whole", value: "N", least: 1, describe: "The N most probable labels of a line count", default: 1 },
  threshold: { type: "number", value: "P", describe: "Labels below this probability do not count" },
};

export interface LabelScore {
  /** Of the labels given, the share that is right; 0 when none was given. */
  precision: number;
  /** Of the labels wanted, the share that was given. */
  recall: number;
  f1: number;
}

interface Counts {
  wanted: number;
  given: number;
  right: number;
}

export class LabelCounts {
  /** Lines that have a label. */
  examples = 0;
  readonly #total: Counts = { wanted: 0, given: 0, right: 0 };
  readonly #labels = new Map<string, Counts>();

  add(wanted: ReadonlySet<string>, given: readonly string[]): void {
    this.examples += 1;
    for (const label of wanted) this.#count(label, "wanted");
    for (const label of given) {
      this.#count(label, "given");
      if (wanted.has(label)) this.#count(label, "right");
    }
  }

  total(): LabelScore {
    return score(this.#total);
  }

  /** The most frequent label first. */
  labels(): { label: string; examples: number; predicted: number; score: LabelScore }[] {
    return [...this.#labels]
      .toSorted(([a, x], [b, y]) => y.wanted - x.wanted || (a < b ? -1 : 1))
      .map(([label, counts]) => ({ label, examples: counts.wanted, predicted: counts.given, score: score(counts) }));
  }

  #count(label: string, what: keyof Counts): void {
    let counts = this.#labels.get(label);
    if (!counts) this.#labels.set(label, (counts = { wanted: 0, given: 0, right: 0 }));
    counts[what] += 1;
    this.#total[what] += 1;
  }
}

/** Counts over the lines of the files; those without a label that the model knows are passed over. */
export async function countLabels(
  model: FastTextModel,
  files: readonly string[],
  { top = 1, threshold = 0 }: { top?: number | undefined; threshold?: number | undefined },
): Promise<LabelCounts> {
  const counts = new LabelCounts();
  for await (const lines of lineBatches(files)) {
    for (const line of lines) {
      const wanted = new Set(model.labelsOf(line));
      if (wanted.size === 0) continue;
      const given = model.predict(line, { top, threshold });
      counts.add(
        wanted,
        given.map(({ label }) => label),
      );
    }
  }
  return counts;
}

function score({ wanted, given, right }: Counts): LabelScore {
  return {
    precision: right / Math.max(given, 1),
    recall: right / Math.max(wanted, 1),
    f1: (2 * right) / Math.max(given + wanted, 1),
  };
}

/** Are the entities found, with their whole extent and the right label? As conlleval and seqeval count: a part of an entity is nothing. */
import { SemspaceError } from "../errors.ts";

/** A stretch with a label; what start and end count is the caller's, tokens or characters. */
export interface LabelledSpan {
  label: string;
  start: number;
  end: number;
}

export interface SpanScore {
  precision: number;
  recall: number;
  f1: number;
  /** How many are true, and how many were found. */
  truth: number;
  found: number;
}

export interface EntityScores extends SpanScore {
  byLabel: Record<string, SpanScore>;
}

/** Measures the spans of each text, over all together and by label. Throws `mismatch` for lists of different length. */
export function entityScores(
  truth: readonly (readonly LabelledSpan[])[],
  found: readonly (readonly LabelledSpan[])[],
): EntityScores {
  if (truth.length !== found.length)
    throw new SemspaceError(
      "mismatch",
      `${truth.length} texts with true entities need as many with found ones, got ${found.length}.`,
    );
  const counts = new Map<string, { both: number; truth: number; found: number }>();
  const of = (label: string) => {
    const own = counts.get(label) ?? { both: 0, truth: 0, found: 0 };
    counts.set(label, own);
    return own;
  };
  const key = ({ label, start, end }: LabelledSpan): string => `${start} ${end} ${label}`;
  for (const [i, spans] of truth.entries()) {
    const real = new Set(spans.map(key));
    for (const { label } of spans) of(label).truth += 1;
    for (const span of found[i]) {
      of(span.label).found += 1;
      if (real.delete(key(span))) of(span.label).both += 1;
    }
  }
  const all = { both: 0, truth: 0, found: 0 };
  for (const one of counts.values()) for (const name of ["both", "truth", "found"] as const) all[name] += one[name];
  const labels = [...counts.keys()].sort();
  return { ...score(all), byLabel: Object.fromEntries(labels.map((label) => [label, score(counts.get(label)!)])) };
}

function score({ both, truth, found }: { both: number; truth: number; found: number }): SpanScore {
  return {
    precision: found === 0 ? 0 : both / found,
    recall: truth === 0 ? 0 : both / truth,
    f1: truth + found === 0 ? 0 : (2 * both) / (truth + found),
    truth,
    found,
  };
}

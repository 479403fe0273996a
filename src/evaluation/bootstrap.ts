/**
 * How far is a figure to be trusted? The bootstrap (Efron 1979): the items that it was measured on are drawn again with replacement, many
 * times; the figures of these draws spread as those of other test sets of that size would. Intervals are percentiles. Two systems are
 * compared on the same draws (paired bootstrap, as Koehn 2004 does for translation), which sees much smaller differences.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";

/** A figure that can be taken of any draw of the items it is measured on. */
export interface Statistic {
  /** How many items there are: queries, pairs, texts. */
  readonly items: number;
  /** The figure over these items, 0 … items − 1, repeats counted. */
  of(drawn: Int32Array): number;
}

export interface BootstrapOptions {
  /** Draws. Default 1000. */
  samples?: number;
  /** Share of the draws that lie inside the interval. Default 0.95. */
  level?: number;
  /** The same seed draws the same items. Default 1. */
  seed?: number;
}

export interface Interval {
  low: number;
  high: number;
  level: number;
}

export interface Comparison extends Interval {
  /** Figure of the first less that of the second, over all items. */
  difference: number;
  /** Share of the draws in which the first is not better: below 0.05 it is better than by chance. */
  notBetter: number;
}

/** The mean of one value an item. */
export function meanOf(values: ArrayLike<number>): Statistic {
  return {
    items: values.length,
    of(drawn) {
      let sum = 0;
      for (const item of drawn) sum += values[item];
      return sum / drawn.length;
    },
  };
}

/**
 * The interval in which the figure lies. Draws for which it is not defined (no relevant item drawn) are left out.
 * Throws `invalid-argument` without items, or for a level outside 0 … 1.
 *
 * @example
 * const { low, high } = bootstrap(meanOf(ndcgOfEachQuery), { seed: 1 });
 */
export function bootstrap(statistic: Statistic, options: BootstrapOptions = {}): Interval {
  const { level } = settings(options);
  const figures: number[] = [];
  for (const drawn of draws(statistic.items, options)) figures.push(statistic.of(drawn));
  return percentiles(figures, level);
}

/** How much better the first figure is than the second, both of the same items. Throws `mismatch` when their items differ in number. */
export function pairedBootstrap(first: Statistic, second: Statistic, options: BootstrapOptions = {}): Comparison {
  if (first.items !== second.items) {
    throw new SemspaceError(
      "mismatch",
      `A paired comparison needs the same items on both sides, got ${first.items} and ${second.items}.`,
    );
  }
  const { level } = settings(options);
  const differences: number[] = [];
  for (const drawn of draws(first.items, options)) differences.push(first.of(drawn) - second.of(drawn));
  const all = Int32Array.from({ length: first.items }, (_, i) => i);
  const known = differences.filter((value) => !Number.isNaN(value));
  return {
    difference: first.of(all) - second.of(all),
    ...percentiles(differences, level),
    notBetter: known.filter((value) => value <= 0).length / known.length,
  };
}

function settings({ samples = 1000, level = 0.95, seed = 1 }: BootstrapOptions): Required<BootstrapOptions> {
  if (!(level > 0 && level < 1))
    throw new SemspaceError("invalid-argument", `level must be between 0 and 1, got ${level}.`);
  return { samples: wholeNumber("samples", samples, 1), level, seed: wholeNumber("seed", seed) };
}

/** One array, filled anew for every draw. */
function* draws(items: number, options: BootstrapOptions): Generator<Int32Array> {
  const { samples, seed } = settings(options);
  wholeNumber("The number of items", items, 1);
  const random = randomNumbers(seed);
  const drawn = new Int32Array(items);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let i = 0; i < items; i += 1) drawn[i] = Math.floor(random() * items);
    yield drawn;
  }
}

function percentiles(figures: readonly number[], level: number): Interval {
  const sorted = Float64Array.from(figures.filter((value) => !Number.isNaN(value))).sort();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), level };
}

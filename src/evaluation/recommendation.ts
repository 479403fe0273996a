/**
 * Do people take next what was recommended? The last item of each sequence is held back and all items that its user has not seen are ranked
 * (no sample of them: Krichene and Rendle 2020 show that samples turn the order of systems round). Settings are tuned on the second-last
 * item, so that nothing of the test is seen.
 */
import { SemspaceError, shown, wholeNumber } from "../errors.ts";

/** One event: this user took this item then. */
export interface Interaction {
  user: string;
  item: string;
  /** Any unit; only the order counts. Events of the same time are ordered by item, as strings or, where both are numbers, as numbers. */
  time: number;
}

/** What was taken before, oldest first, and what was taken next. */
export interface HeldOut {
  history: readonly string[];
  next: string;
}

/** Gives at least `k` items, best first, seen ones among them or not. */
export type RecommendItems = (
  history: readonly string[],
  k: number,
  index: number,
) => readonly string[] | Promise<readonly string[]>;

export interface RecommendationResult {
  /** Share of the cases whose item is among the first k: HR@k, which here is recall@k too. */
  hitRate: number;
  /** Mean of 1 / log2(1 + rank) where the rank is at most k. */
  ndcg: number;
  mrr: number;
  /** Share of the catalogue that was recommended to anybody. */
  coverage: number;
  cases: number;
  /** nDCG of each case, for intervals and paired comparison. */
  perCase: Float64Array;
}

/** The items of each user in order of time, by user in order of first appearance. */
export function sequencesOf(interactions: Iterable<Interaction>): Map<string, string[]> {
  const byUser = new Map<string, Interaction[]>();
  for (const one of interactions) {
    if (!Number.isFinite(one.time))
      throw new SemspaceError(
        "invalid-argument",
        `The time of an interaction must be a number, got ${shown(one.time)}.`,
      );
    const own = byUser.get(one.user);
    if (own) own.push(one);
    else byUser.set(one.user, [one]);
  }
  const inOrder = (events: Interaction[]): string[] =>
    events.sort((a, b) => a.time - b.time || compareItems(a.item, b.item)).map(({ item }) => item);
  return new Map(Array.from(byUser, ([user, events]) => [user, inOrder(events)]));
}

/**
 * Holds back the `last`-last item of each sequence: 1 for the test, 2 to tune on; what comes after it is not looked at. Sequences that are too
 * short to leave a history are left out.
 */
export function leaveLastOut(sequences: Iterable<readonly string[]>, { last = 1 }: { last?: number } = {}): HeldOut[] {
  wholeNumber("last", last, 1);
  return [...sequences]
    .filter((sequence) => sequence.length > last)
    .map((sequence) => ({ history: sequence.slice(0, -last), next: sequence[sequence.length - last] }));
}

/**
 * Ranks every item that a case's history does not hold. `items` is the whole catalogue. Throws `invalid-argument` without cases,
 * `mismatch` when an item is recommended twice or is not in the catalogue.
 */
export async function evaluateRecommendation(
  cases: readonly HeldOut[],
  recommend: RecommendItems,
  { items, k = 10, signal }: { items: Iterable<string>; k?: number; signal?: AbortSignal },
): Promise<RecommendationResult> {
  wholeNumber("k", k, 1);
  if (cases.length === 0)
    throw new SemspaceError(
      "invalid-argument",
      "There are no cases. A sequence needs at least two items to hold one back.",
    );
  const catalogue = new Set(items);
  const recommended = new Set<string>();
  const perCase = new Float64Array(cases.length);
  let [hits, reciprocal] = [0, 0];
  for (const [i, { history, next }] of cases.entries()) {
    signal?.throwIfAborted();
    const seen = new Set(history);
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    const ranking = checked(await recommend(history, k + seen.size, i), catalogue);
    const best = ranking.filter((item) => !seen.has(item)).slice(0, k);
    for (const item of best) recommended.add(item);
    const rank = best.indexOf(next);
    if (rank === -1) continue;
    hits += 1;
    reciprocal += 1 / (rank + 1);
    perCase[i] = 1 / Math.log2(rank + 2);
  }
  return {
    hitRate: hits / cases.length,
    ndcg: perCase.reduce((sum, value) => sum + value, 0) / cases.length,
    mrr: reciprocal / cases.length,
    coverage: recommended.size / catalogue.size,
    cases: cases.length,
    perCase,
  };
}

function checked(ranking: readonly string[], catalogue: ReadonlySet<string>): readonly string[] {
  if (new Set(ranking).size < ranking.length) throw new SemspaceError("mismatch", "An item was recommended twice.");
  const unknown = ranking.find((item) => !catalogue.has(item));
  if (unknown === undefined) return ranking;
  throw new SemspaceError("mismatch", `${shown(unknown)} was recommended, but is not among the items.`);
}

function compareItems(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * MultipleNegativesRanking: every anchor's own document against all other documents of the batch (InfoNCE, van den Oord et al. 2018;
 * Henderson et al. 2017). Reference: sentence-transformers 6.2 `MultipleNegativesRankingLoss` with its directions, partition modes
 * and hardness. Differs: a vector of zeros (a text without tokens) has the derivative 0; with the default direction
 * it runs in WASM (assembly/ranking.ts), otherwise in plain TypeScript, which agrees to float32's rounding.
 */
import { availableThreads } from "#platform";
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { type RankingBatch, RankingKernel } from "../../kernels/ranking.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Loss, LossResult } from "./loss.ts";
import { rankingByDirections } from "./ranking-directions.ts";

const rankingDirections = ["query_to_doc", "query_to_query", "doc_to_query", "doc_to_doc"] as const;
export type RankingDirection = (typeof rankingDirections)[number];
const hardnessModes = ["in_batch_negatives", "hard_negatives", "all_negatives"] as const;

export interface RankingOptions {
  /** What similarities are multiplied with: 1 / temperature. Default 20. */
  scale?: number;
  /** Default "cosine". */
  similarity?: "cosine" | "dot";
  /** Which sides are compared; "query_to_doc" is one of them. Default that alone. */
  directions?: readonly RankingDirection[];
  /** One softmax over all directions, or one for each. Default "joint". */
  partition?: "joint" | "per_direction";
  /** Negatives that weigh more the nearer they are. Default: none. */
  hardness?: { mode: (typeof hardnessModes)[number]; strength: number } | undefined;
  /** Threads for large batches. Default: the machine's. The result does not depend on them. */
  threads?: number;
}

/** A ranking loss can compare the vectors at several lengths for the price of one: Matryoshka asks for that. */
export interface RankingLoss extends Loss {
  /** As `evaluate` of the vectors cut to each length and normalised, weighted and summed; undefined where that has to be done one by one. */
  evaluateCuts(columns: readonly Matrix[], cuts: readonly RankingCut[]): LossResult | undefined;
}

export type RankingCut = RankingBatch["cuts"][number];

/** Products of a batch below which a thread is not worth waking. */
const WORTH_THREADS = 4_000_000;

/**
 * Columns: anchor, positive, and any number of hard negatives. Throws `invalid-argument` for options that do not go together.
 *
 * @example
 * losses.multipleNegativesRanking({ scale: 20 });
 */
export function multipleNegativesRanking(options: RankingOptions = {}): RankingLoss {
  const settings = checked(options);
  const { scale, similarity, directions, hardness } = settings;
  const threads = wholeNumber("threads", options.threads ?? availableThreads(), 1);
  const plain = directions.length === 1 && !hardness;
  const [small, large] = [new RankingKernel(1), new RankingKernel(threads)];

  const run = (columns: readonly Matrix[], cuts: readonly RankingCut[], cosine: boolean): LossResult | undefined => {
    const [queries, ...documents] = checkedColumns(columns);
    const lengths = cuts.map(({ length }) => length);
    if (!plain || !RankingKernel.takes(queries.columns, lengths)) return undefined;
    const work = queries.rows * queries.rows * documents.length * queries.columns;
    const { loss, ...gradients } = (work < WORTH_THREADS ? small : large).run({
      ...{ queries: queries.data, rows: queries.rows, columns: queries.columns, cuts, scale },
      documents: documents.map(({ data }) => data),
      cosine,
    });
    const size = queries.data.length;
    return {
      value: loss,
      gradients: columns.map((column, c) => {
        const data = c === 0 ? gradients.queries : gradients.documents.subarray((c - 1) * size, c * size);
        return new Matrix(data.slice(), column.rows, column.columns);
      }),
    };
  };

  return {
    name: "MultipleNegativesRanking",
    evaluate(columns) {
      const whole = [{ length: checkedColumns(columns)[0].columns, weight: 1 }];
      return run(columns, whole, similarity === "cosine") ?? rankingByDirections(columns, settings);
    },
    evaluateCuts(columns, cuts) {
      const width = checkedColumns(columns)[0].columns;
      const isWhole = cuts.some(({ length }) => length === width);
      return run(columns, isWhole ? cuts : [...cuts, { length: width, weight: 0 }], true);
    },
  };
}

export type RankingSettings = Required<Omit<RankingOptions, "threads" | "hardness">> & Pick<RankingOptions, "hardness">;

function checked(options: RankingOptions): RankingSettings {
  const { scale = 20, directions = ["query_to_doc"], hardness } = options;
  const similarity = oneOf("similarity", options.similarity ?? "cosine", ["cosine", "dot"]);
  const partition = oneOf("partition", options.partition ?? "joint", ["joint", "per_direction"]);
  const invalid = (message: string): SemspaceError => new SemspaceError("invalid-argument", message);
  if (!(scale > 0 && Number.isFinite(scale))) throw invalid(`scale must be above 0, got ${scale}.`);
  for (const direction of directions) oneOf("direction", direction, rankingDirections);
  if (!directions.includes("query_to_doc"))
    throw invalid("directions needs query_to_doc, the direction of the pairs themselves.");
  const same = directions.find((direction) => direction === "query_to_query" || direction === "doc_to_doc");
  if (partition === "per_direction" && same !== undefined)
    throw invalid(`partition "per_direction" needs a pair in every direction, ${same} has none. Use "joint".`);
  if (hardness) {
    oneOf("hardness mode", hardness.mode, hardnessModes);
    if (!(hardness.strength >= 0))
      throw invalid(`The strength of hardness must be at least 0, got ${hardness.strength}.`);
  }
  return { scale, similarity, partition, directions: [...new Set(directions)], hardness };
}

/** Throws `mismatch` unless there are two or more columns of one shape. */
function checkedColumns(columns: readonly Matrix[]): readonly Matrix[] {
  if (columns.length < 2) {
    throw new SemspaceError(
      "mismatch",
      `MultipleNegativesRanking needs the columns anchor and positive, got ${columns.length} column.`,
    );
  }
  const [{ rows, columns: width }] = columns;
  const odd = columns.find((column) => column.rows !== rows || column.columns !== width);
  if (!odd) return columns;
  throw new SemspaceError(
    "mismatch",
    `The columns of a batch have one shape, got ${rows} x ${width} and ${odd.rows} x ${odd.columns}.`,
  );
}

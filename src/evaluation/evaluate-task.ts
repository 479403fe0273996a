/** A model and a task → the scores that MTEB reports for it, with a confidence interval of the main one. */
import { SemspaceError } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import { evaluateBitext } from "./bitext.ts";
import { bootstrap, type BootstrapOptions, type Interval, meanOf, type Statistic } from "./bootstrap.ts";
import { type ClusteringOptions, evaluateClustering } from "./clustering.ts";
import { spearman, pearson } from "./correlation.ts";
import type { EvaluationTask, EvaluationTaskType } from "./evaluation-task.ts";
import { evaluateFewShot, type FewShotOptions } from "./few-shot.ts";
import { evaluatePairClassification, pairMetrics } from "./pair-classification.ts";
import { encodePairs, pairMeasures } from "./pair-scores.ts";
import type { RankingMetrics } from "./ranking-metrics.ts";
import { embedderScores, evaluateReranking } from "./reranking.ts";
import { embedderRank, evaluateRetrieval, type RetrievalResult } from "./retrieval.ts";

export interface EvaluateOptions {
  /** How a logistic regression is taught. Default: MTEB's way, 8 texts a label, 10 experiments. */
  classification?: Pick<FewShotOptions, "samplesPerLabel" | "experiments" | "seed">;
  clustering?: Pick<ClusteringOptions, "clusterings" | "size" | "fraction" | "seed">;
  /** Of the interval: draws, level, seed. */
  bootstrap?: BootstrapOptions;
  signal?: AbortSignal | undefined;
  /** Hears of texts that are encoded, and of experiments. `total` is undefined where it is not known. */
  onProgress?: ((progress: { stage: string; done: number; total: number | undefined }) => void) | undefined;
}

export interface TaskResult {
  readonly task: string;
  readonly type: EvaluationTaskType;
  /** Name of the main score among `scores`, as MTEB calls it: "ndcg_at_10". */
  readonly metric: string;
  readonly mainScore: number;
  /** Where the main score lies, by bootstrap over the task's items. */
  readonly interval: Interval;
  /** All scores under MTEB's names, 0 … 1 (correlations −1 … 1). */
  readonly scores: Readonly<Record<string, number>>;
  /** Each experiment, where the scores are means of several. */
  readonly experiments?: readonly Readonly<Record<string, number>>[];
  /** Time of encoding and measuring, in seconds. */
  readonly seconds: number;
  /** The main score over a draw of the items, to compare two models with `pairedBootstrap`. */
  readonly statistic: Statistic;
}

/** What one kind of task gives; the rest is the same for all. */
type Measured = Pick<TaskResult, "metric" | "scores" | "experiments" | "statistic">;

/**
 * Measures a model on a task. Throws what the task's own function throws; rejects with the signal's reason.
 *
 * @example
 * const result = await evaluateTask(embedder, { name: "my-faq", type: "retrieval", queries, documents, relevance });
 * `${result.metric} ${result.mainScore} (${result.interval.low} … ${result.interval.high})`; // ndcg_at_10 0.36 (0.32 … 0.40)
 */
export async function evaluateTask(
  embedder: Embedder,
  task: EvaluationTask,
  options: EvaluateOptions = {},
): Promise<TaskResult> {
  const start = performance.now();
  const measured = await measure(embedder, task, options);
  const seconds = (performance.now() - start) / 1000;
  return {
    task: task.name,
    type: task.type,
    ...measured,
    mainScore: measured.scores[measured.metric],
    interval: bootstrap(measured.statistic, options.bootstrap),
    seconds,
  };
}

function measure(embedder: Embedder, task: EvaluationTask, options: EvaluateOptions): Promise<Measured> {
  if (task.type === "sts") return sts(embedder, task.pairs);
  if (task.type === "pair-classification") return pairClassification(embedder, task.pairs);
  if (task.type === "bitext") return bitext(embedder, task.pairs);
  if (task.type === "classification") return classification(embedder, task, options);
  if (task.type === "clustering") return clustering(embedder, task, options);
  return search(embedder, task, options);
}

type Of<T extends EvaluationTaskType> = Extract<EvaluationTask, { type: T }>;

async function sts(embedder: Embedder, pairs: Of<"sts">["pairs"]): Promise<Measured> {
  const scores = await encodePairs(embedder, pairs);
  const truth = Float64Array.from(pairs, ({ score }) => score);
  if (truth.every((score) => score === truth[0]))
    throw new SemspaceError(
      "invalid-argument",
      `Similarity is measured on pairs of different scores, got ${truth.length} with the score ${truth[0]}.`,
    );
  const named: Record<string, number> = {
    pearson: pearson(scores.similarity, truth),
    spearman: spearman(scores.similarity, truth),
  };
  for (const [measure, name] of Object.entries(mtebNames)) {
    if (measure === "similarity" || measure === "dot") continue;
    named[`${name}_pearson`] = pearson(scores[measure as keyof typeof scores], truth);
    named[`${name}_spearman`] = spearman(scores[measure as keyof typeof scores], truth);
  }
  const take = (values: ArrayLike<number>, drawn: Int32Array) => Float64Array.from(drawn, (i) => values[i]);
  const of = (drawn: Int32Array): number => spearman(take(scores.cosine, drawn), take(truth, drawn));
  return { metric: "cosine_spearman", scores: named, statistic: { items: pairs.length, of } };
}

/** What MTEB calls the measures. */
const mtebNames = {
  similarity: "similarity",
  cosine: "cosine",
  dot: "dot",
  euclidean: "euclidean",
  manhattan: "manhattan",
} as const;

async function pairClassification(embedder: Embedder, pairs: Of<"pair-classification">["pairs"]): Promise<Measured> {
  const { measures, maxAp, scores } = await evaluatePairClassification(embedder, pairs);
  const named: Record<string, number> = {};
  for (const measure of pairMeasures)
    for (const [name, value] of Object.entries(measures[measure])) named[`${mtebNames[measure]}_${name}`] = value;
  for (const name of ["accuracy", "f1", "precision", "recall"] as const)
    named[`max_${name}`] = Math.max(...pairMeasures.map((measure) => measures[measure][name]));
  named["max_ap"] = maxAp;
  const best = pairMeasures.find((measure) => measures[measure].ap === maxAp)!;
  const of = (drawn: Int32Array): number =>
    pairMetrics(
      Float32Array.from(drawn, (i) => scores[best][i]),
      Array.from(drawn, (i) => pairs[i].label),
    ).ap;
  return { metric: "max_ap", scores: named, statistic: { items: pairs.length, of } };
}

async function bitext(embedder: Embedder, pairs: Of<"bitext">["pairs"]): Promise<Measured> {
  const { nearest, ...scores } = await evaluateBitext(embedder, pairs);
  const taken = new Map<number, number>();
  for (const j of nearest) taken.set(j, (taken.get(j) ?? 0) + 1);
  // F1 of one text: found, and by how many others taken for theirs.
  const own = Float64Array.from(nearest, (j, i) => (j === i ? 2 / (1 + taken.get(i)!) : 0));
  return { metric: "f1", scores, statistic: meanOf(own) };
}

async function classification(
  embedder: Embedder,
  task: Of<"classification">,
  { classification: settings, signal, onProgress }: EvaluateOptions,
): Promise<Measured> {
  const { mean, experiments, rightness } = await evaluateFewShot(embedder, task, {
    ...settings,
    signal,
    onProgress: ({ done, total }) => onProgress?.({ stage: "experiments", done, total }),
  });
  const named = ({ accuracy, macro, weighted, ap }: typeof mean): Record<string, number> => ({
    accuracy,
    f1: macro.f1,
    f1_weighted: weighted.f1,
    precision: macro.precision,
    precision_weighted: weighted.precision,
    recall: macro.recall,
    recall_weighted: weighted.recall,
    ...(ap !== undefined && { ap, ap_weighted: ap }),
  });
  return {
    metric: "accuracy",
    scores: named(mean),
    experiments: experiments.map(named),
    statistic: meanOf(rightness),
  };
}

async function clustering(
  embedder: Embedder,
  { texts }: Of<"clustering">,
  { clustering: settings, signal, onProgress }: EvaluateOptions,
): Promise<Measured> {
  const { clusterings } = await evaluateClustering(embedder, texts, {
    ...settings,
    signal,
    onProgress: ({ done, total }) => onProgress?.({ stage: "clusterings", done, total }),
  });
  const named = clusterings.map(({ vMeasure, homogeneity, completeness, ari }) => ({
    v_measure: vMeasure,
    homogeneity,
    completeness,
    ari,
  }));
  const mean = (key: keyof (typeof named)[number]) => named.reduce((sum, one) => sum + one[key], 0) / named.length;
  const vMeasures = named.map((one) => one.v_measure);
  const spread = Math.sqrt(vMeasures.reduce((sum, value) => sum + (value - mean("v_measure")) ** 2, 0) / named.length);
  const scores = {
    v_measure: mean("v_measure"),
    v_measure_std: spread,
    homogeneity: mean("homogeneity"),
    completeness: mean("completeness"),
    ari: mean("ari"),
  };
  return { metric: "v_measure", scores, experiments: named, statistic: meanOf(vMeasures) };
}

/** MTEB's cutoffs. */
const cutoffs = [1, 3, 5, 10, 20, 100, 1000] as const;

async function search(
  embedder: Embedder,
  task: Of<"retrieval"> | Of<"reranking">,
  { signal, onProgress }: EvaluateOptions,
): Promise<Measured> {
  const options = { cutoffs, depth: 1000, ...(signal && { signal }) };
  const progress = ({ done, total }: { done: number; total: number | undefined }): void =>
    onProgress?.({ stage: "texts", done, total });
  const isReranking = task.type === "reranking";
  const result: RetrievalResult = isReranking
    ? await evaluateReranking(task, embedderScores(embedder), options)
    : await evaluateRetrieval(
        task,
        await embedderRank(embedder, task, { progress, ...(signal && { signal }) }),
        options,
      );
  const main = (one: RankingMetrics): number => (isReranking ? one.mapAt[1000] : one.ndcg[10]);
  return {
    metric: isReranking ? "map_at_1000" : "ndcg_at_10",
    scores: rankingScores(result),
    statistic: meanOf(Float64Array.from(result.perQuery.values(), main)),
  };
}

function rankingScores(result: RetrievalResult): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [name, key] of [
    ["ndcg", "ndcg"],
    ["map", "mapAt"],
    ["recall", "recall"],
    ["precision", "precision"],
    ["mrr", "mrrAt"],
  ] as const)
    for (const k of cutoffs) named[`${name}_at_${k}`] = result[key][k];
  for (const k of cutoffs) {
    const found = [...result.perQuery.values()].filter((one) => one.precision[k] > 0).length;
    named[`hit_rate_at_${k}`] = found / Math.max(result.queries, 1);
  }
  return named;
}

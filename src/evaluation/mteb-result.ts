/** A result as MTEB keeps it in a file, so that its tools read it beside others. */
import type { TaskResult } from "./evaluate-task.ts";

/** MTEB's TaskResult. */
export interface MtebResult {
  dataset_revision: string;
  task_name: string;
  mteb_version: string | null;
  evaluation_time: number;
  scores: Record<string, MtebScores[]>;
}

export type MtebScores = {
  main_score: number;
  hf_subset: string;
  languages: string[];
  [score: string]: unknown;
};

/**
 * What differs: the interval of the main score stands beside it (`main_score_low`, `main_score_high`), and there is no version of MTEB.
 * `split` and `languages` are for the reader; they change no figure.
 */
export function mtebResult(
  { task, mainScore, interval, scores, experiments, seconds }: TaskResult,
  {
    split = "test",
    languages = [],
    revision = "local",
  }: { split?: string; languages?: string[]; revision?: string } = {},
): MtebResult {
  const entry: MtebScores = {
    ...scores,
    ...(experiments && { scores_per_experiment: experiments }),
    main_score: mainScore,
    main_score_low: interval.low,
    main_score_high: interval.high,
    hf_subset: "default",
    languages,
  };
  return {
    dataset_revision: revision,
    task_name: task,
    mteb_version: null,
    evaluation_time: seconds,
    scores: { [split]: [entry] },
  };
}

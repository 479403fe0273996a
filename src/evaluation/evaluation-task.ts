/** What a model can be measured on: seven kinds of tasks, MTEB's, each with its data in memory. */
import type { LabelledText } from "./classification.ts";
import type { LabelledPair } from "./pair-classification.ts";
import type { TextPair } from "./pair-scores.ts";
import type { RerankingTask } from "./reranking.ts";
import type { RetrievalTask } from "./retrieval.ts";
import type { StsPair } from "./sts.ts";

interface Named {
  /** As tables and files call it. */
  readonly name: string;
}

export type EvaluationTask =
  | (Named & { readonly type: "sts"; readonly pairs: readonly StsPair[] })
  | (Named & { readonly type: "pair-classification"; readonly pairs: readonly LabelledPair[] })
  | (Named & { readonly type: "bitext"; readonly pairs: readonly TextPair[] })
  | (Named & {
      readonly type: "classification";
      readonly train: readonly LabelledText[];
      readonly test: readonly LabelledText[];
    })
  | (Named & { readonly type: "clustering"; readonly texts: readonly LabelledText[] })
  | (Named & RetrievalTask & { readonly type: "retrieval" })
  | (Named & RerankingTask & { readonly type: "reranking" });

export type EvaluationTaskType = EvaluationTask["type"];

/** All kinds, as `semspace evaluate --type` names them. */
export const evaluationTaskTypes: readonly EvaluationTaskType[] = [
  "sts",
  "retrieval",
  "reranking",
  "classification",
  "clustering",
  "pair-classification",
  "bitext",
];

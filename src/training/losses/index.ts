/** The losses by the names that sentence-transformers gives their classes. */
import { angle } from "./angle.ts";
import { batchAllTriplet } from "./batch-all-triplet.ts";
import { batchHardSoftMarginTriplet } from "./batch-hard-soft-margin-triplet.ts";
import { batchHardTriplet } from "./batch-hard-triplet.ts";
import { batchSemiHardTriplet } from "./batch-semi-hard-triplet.ts";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { contrastive } from "./contrastive.ts";
import { cosent } from "./cosent.ts";
import { cosineSimilarity } from "./cosine-similarity.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { distillKlDiv } from "./distill-kl-div.ts";
import { gist } from "./gist.ts";
import { lambda } from "./lambda.ts";
import { listNet } from "./list-net.ts";
import { marginMse } from "./margin-mse.ts";
import { matryoshka } from "./matryoshka.ts";
import { megaBatchMargin } from "./mega-batch-margin.ts";
import { mse } from "./mse.ts";
import { multipleNegativesRanking } from "./multiple-negatives-ranking.ts";
import { onlineContrastive } from "./online-contrastive.ts";
import { rankNet } from "./rank-net.ts";
import { softmax } from "./softmax.ts";
import { triplet } from "./triplet.ts";

interface Losses {
  readonly angle: typeof angle;
  readonly batchAllTriplet: typeof batchAllTriplet;
  readonly batchHardSoftMarginTriplet: typeof batchHardSoftMarginTriplet;
  readonly batchHardTriplet: typeof batchHardTriplet;
  readonly batchSemiHardTriplet: typeof batchSemiHardTriplet;
  readonly binaryCrossEntropy: typeof binaryCrossEntropy;
  readonly contrastive: typeof contrastive;
  readonly cosent: typeof cosent;
  readonly cosineSimilarity: typeof cosineSimilarity;
  readonly crossEntropy: typeof crossEntropy;
  readonly distillKlDiv: typeof distillKlDiv;
  readonly gist: typeof gist;
  readonly lambda: typeof lambda;
  readonly listNet: typeof listNet;
  readonly marginMse: typeof marginMse;
  readonly matryoshka: typeof matryoshka;
  readonly megaBatchMargin: typeof megaBatchMargin;
  readonly mse: typeof mse;
  readonly multipleNegativesRanking: typeof multipleNegativesRanking;
  readonly onlineContrastive: typeof onlineContrastive;
  readonly rankNet: typeof rankNet;
  readonly softmax: typeof softmax;
  readonly triplet: typeof triplet;
}

/** Each makes a loss from its options; see docs/losses.md for columns and labels. */
export const losses: Losses = {
  ...{ angle, batchAllTriplet, batchHardSoftMarginTriplet, batchHardTriplet, batchSemiHardTriplet, binaryCrossEntropy },
  ...{
    contrastive,
    cosent,
    cosineSimilarity,
    crossEntropy,
    distillKlDiv,
    gist,
    lambda,
    listNet,
    marginMse,
    matryoshka,
  },
  ...{ megaBatchMargin, mse, multipleNegativesRanking, onlineContrastive, rankNet, softmax, triplet },
};

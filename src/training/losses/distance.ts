/** Distances of pairs: one minus the cosine, or how far apart the points are. */
import { oneOf } from "../../errors.ts";
import type { Matrix } from "../../matrix/index.ts";
import { type PairScores, scorePairs } from "./score-pairs.ts";

const distanceNames = ["cosine", "euclidean", "manhattan"] as const;
export type DistanceName = (typeof distanceNames)[number];

export interface DistanceOptions {
  distance?: DistanceName;
}

/** As {@link scorePairs}, smaller for nearer vectors. */
export function distancesOfPairs(a: Matrix, b: Matrix, distance: DistanceName): PairScores {
  const scores = scorePairs(a, b, oneOf("distance", distance, distanceNames));
  const farthest = distance === "cosine" ? 1 : 0;
  return {
    values: scores.values.map((score) => farthest - score),
    back: (derivative, toA, toB) => {
      scores.back(
        Float64Array.from(derivative, (each) => -each),
        toA,
        toB,
      );
    },
  };
}

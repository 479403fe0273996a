/** The head of a kind, learned from vectors. */
import { oneOf } from "../../errors.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { fitCentroids } from "./centroid-head.ts";
import { type ClassifierKind, classifierKinds, type Head, type HeadOptions, type Targets } from "./head.ts";
import { fitLogisticHead } from "./logistic-head.ts";
import { fitNeighbors } from "./neighbor-head.ts";

/** Learns from unit vectors. */
export function fitHead(kind: ClassifierKind, vectors: Matrix, targets: Targets, options: HeadOptions): Head {
  oneOf("kind", kind, classifierKinds);
  if (kind === "logistic") return fitLogisticHead(vectors, targets, options);
  return kind === "neighbors" ? fitNeighbors(vectors, targets, options) : fitCentroids(vectors, targets);
}

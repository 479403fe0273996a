/**
 * Where things lie in the memory of a block of vectors, in this order: the number of the next chunk, the queries and their factors,
 * room for the scores of each lane, two scales a row (of the whole vector, of its first dimensions), the rows.
 */

/** How a row's numbers are stored: four bytes, one byte and a scale, or one bit. */
export type VectorKind = "float32" | "int8" | "bits";

export interface BlockLayout {
  kind: VectorKind;
  dimensions: number;
  /** Bytes from one row to the next. */
  stride: number;
  /** Bytes from one query to the next. */
  queryStride: number;
  /** Most queries at once. */
  maxQueries: number;
  /** Most rows. */
  capacity: number;
  queriesAt: number;
  factorsAt: number;
  lanesAt: number;
  scalesAt: number;
  prefixScalesAt: number;
  vectorsAt: number;
}

export const MAX_LANES = 16;
/** Rows that a lane takes at once, for one query and for several. */
export const ROWS_OF_ONE = 8192;
export const ROWS_OF_MANY = 512;
const MOST_QUERIES = 66;
/** Queries stay in the second cache while rows go by. */
const QUERY_BYTES = 1 << 18;
/** Bytes of a lane: scores of a chunk, then positions. */
const SCORES_BYTES = ROWS_OF_MANY * MOST_QUERIES * 4;
const LANE_BYTES = SCORES_BYTES + ROWS_OF_ONE * 4;
/** Most rows and bytes of a block: a memory may have 4 GB, and engines reserve it in one piece. */
const MOST_ROWS = 1 << 20;
const MOST_BYTES = 1.5 * 2 ** 30;

export function blockLayout(kind: VectorKind, dimensions: number): BlockLayout {
  const bytes = kind === "float32" ? dimensions * 4 : kind === "int8" ? dimensions : Math.ceil(dimensions / 8);
  const stride = Math.max(16, align(bytes, 16));
  // int8 rows meet int16 queries.
  const queryStride = kind === "int8" ? stride * 2 : stride;
  const room = Math.floor(QUERY_BYTES / queryStride);
  const maxQueries = Math.min(MOST_QUERIES, Math.max(3, room - (room % 3)));
  const capacity = Math.min(MOST_ROWS, Math.floor(MOST_BYTES / stride / 4) * 4);
  const queriesAt = 64;
  const factorsAt = queriesAt + maxQueries * queryStride;
  const lanesAt = align(factorsAt + maxQueries * 4, 64);
  const scalesAt = lanesAt + MAX_LANES * LANE_BYTES;
  const prefixScalesAt = scalesAt + capacity * 4;
  const vectorsAt = align(prefixScalesAt + capacity * 4, 64);
  return {
    ...{ kind, dimensions, stride, queryStride, maxQueries, capacity },
    ...{ queriesAt, factorsAt, lanesAt, scalesAt, prefixScalesAt, vectorsAt },
  };
}

/** Where lane `i` writes scores and positions. */
export function laneArea(layout: BlockLayout, lane: number): { scoresAt: number; positionsAt: number } {
  const scoresAt = layout.lanesAt + lane * LANE_BYTES;
  return { scoresAt, positionsAt: scoresAt + SCORES_BYTES };
}

export function align(address: number, to: number): number {
  return Math.ceil(address / to) * to;
}

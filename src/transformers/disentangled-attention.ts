/**
 * Disentangled attention: besides content to content, scores have a part of content to position (the query with a vector of
 * the distance) and of position to content (the key with one). He et al. 2021, https://arxiv.org/abs/2006.03654, section 3.1.
 *
 * The reference computes products with all rows of the table of distances and gathers from them for each pair of tokens.
 * Here the rows are put in the order of the distances first: then row i of the products is that of row 0, shifted
 * by i, and the shift is two slices (as in Transformer-XL, https://arxiv.org/abs/1901.02860, appendix B) and no index for each pair.
 */
import { type Attended, attention, splitHeads } from "./attention.ts";
import type { TransformerConfig } from "./config.ts";
import { flagOf, wholeNumberOf } from "./config-values.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { shown } from "../errors.ts";

/** What config.json says about distances. */
export interface Disentangled {
  /** Which parts the scores have besides content to content; none without `relative_attention`. */
  readonly parts: ReadonlySet<Part>;
  /** Scores are divided by the root of this times the size of a head: the number of parts, content to content too. */
  readonly divisor: number;
  /** Distances, or buckets of them, in each direction. */
  readonly span: number;
  /** Distance from which all are alike. */
  readonly maxDistance: number;
}

type Part = "c2p" | "p2c";
const knownParts: ReadonlySet<string> = new Set<Part>(["c2p", "p2c"]);

/** Throws `invalid-file` for numbers that make no sense. `buckets` is 0 when every distance has rows of its own. */
export function disentangledOf(config: TransformerConfig, buckets = 0): Disentangled {
  const asked = partsOf(config);
  const isRelative = flagOf(config, "relative_attention", false);
  const limit = wholeNumberOf(config, "max_relative_positions", { fallback: -1, least: -1 });
  const maxDistance = limit < 1 ? config.positionRows : limit;
  return {
    parts: new Set(isRelative ? (asked as Part[]) : []),
    divisor: 1 + asked.length,
    span: buckets > 0 ? buckets : maxDistance,
    maxDistance,
  };
}

/** Longest text that a table from distances to rows is written for. */
const maxColumns = 65_536;

/** What of a config cannot be built, as the middle of a sentence. */
export function refuseDisentangled(config: TransformerConfig): string | undefined {
  const { positionRows, json } = config;
  if (positionRows > maxColumns) return `max_position_embeddings ${positionRows}; up to ${maxColumns} is built`;
  const parts = partsOf(config);
  const isKnown = parts.every((part) => knownParts.has(part)) && new Set(parts).size === parts.length;
  return isKnown ? undefined : `pos_att_type ${shown(json["pos_att_type"])}; c2p and p2c are built`;
}

/** A list, or names with | between. */
function partsOf({ json }: TransformerConfig): string[] {
  const value = json["pos_att_type"] ?? [];
  const parts = typeof value === "string" ? value.toLowerCase().split("|") : Array.isArray(value) ? value : [value];
  return parts.map((part) => String(part).trim());
}

/** Rows of the table of distances, int64 [2 · S], in the order in which the two parts need them. */
export interface DistanceRows {
  /** Of the distances i − j for j − i = −(S − 1) … S. */
  readonly falling: Value;
  /** Of i − j = −(S − 1) … S. */
  readonly rising: Value;
}

/** `rowOf` gives the row of a distance i − j; texts have up to `limit` columns. */
export function distanceRows(
  g: GraphBuilder,
  ids: Value,
  { limit, rowOf }: { limit: number; rowOf: (distance: number) => number },
): DistanceRows {
  const rows = g.constant(
    "int64",
    Array.from({ length: 2 * limit + 1 }, (_, i) => rowOf(i - limit)),
  );
  const columns = g.squeeze(g.dimension(ids, 1), [0]);
  const number = (value: number) => g.constant("int64", [value], []);
  const rising = g.sub(g.range(g.add(columns, columns)), g.sub(columns, number(1)));
  const rowsOf = (distances: Value) => g.gather(rows, g.add(distances, number(limit)));
  return { rising: rowsOf(rising), falling: rowsOf(g.sub(number(0), rising)) };
}

export interface DisentangledOptions {
  readonly config: TransformerConfig;
  readonly divisor: number;
  readonly rows: DistanceRows;
  /** Keys of distances, [2 · span, H], for the part c2p. */
  readonly positionKeys: Value | undefined;
  /** Queries of distances, [2 · span, H], for the part p2c. */
  readonly positionQueries: Value | undefined;
  readonly maskBias: Value;
}

/** Queries, keys and values are [B, S, H]. */
export function disentangledAttention(
  g: GraphBuilder,
  projections: { q: Value; k: Value; v: Value },
  { config, divisor, rows, positionKeys, positionQueries, maskBias }: DisentangledOptions,
): Attended {
  const { heads, headSize: size } = config;
  const scale = 1 / Math.sqrt(size * divisor);
  const [q, k, v] = [projections.q, projections.k, projections.v].map((x) => splitHeads(g, x, { heads, size }));
  const scores = (x: Value, table: Value, order: Value) =>
    shift(g, g.matmul(x, distanceHeads(g, { table, order, heads, size, scale })));
  const parts = [
    ...(positionKeys ? [scores(q, positionKeys, rows.falling)] : []),
    ...(positionQueries ? [g.transpose(scores(k, positionQueries, rows.rising), [0, 1, 3, 2])] : []),
  ];
  const bias = parts.length === 0 ? [] : [parts.reduce((sum, part) => g.add(sum, part))];
  return attention(g, { q, k, v }, { scale, biases: [...bias, maskBias] });
}

/** [2 · span, H] → [N, D, 2 · S], scaled before rows are taken: what does not depend on the texts is computed once, at load. */
function distanceHeads(
  g: GraphBuilder,
  { table, order, heads, size, scale }: { table: Value; order: Value; heads: number; size: number; scale: number },
): Value {
  const rows = g.gather(g.mul(table, g.scalar(scale)), order);
  return g.transpose(g.reshape(rows, [-1, heads, size]), [1, 2, 0]);
}

/** [B, N, S, 2 · S] → [B, N, S, S]: row i from column S − 1 − i on. */
function shift(g: GraphBuilder, x: Value): Value {
  const columns = g.dimension(x, 2);
  const number = (value: number) => g.constant("int64", [value]);
  const flat = g.reshape(x, [0, 0, -1]);
  const start = g.sub(columns, number(1));
  // Without its first S − 1 values and the last, the rows are one shorter: each starts one further to the left.
  const shorter = g.slice(flat, { start, end: number(-1), axis: 2 });
  const rows = g.reshape(shorter, g.concat([number(0), number(0), columns, number(-1)]));
  return g.slice(rows, { start: number(0), end: columns, axis: 3 });
}

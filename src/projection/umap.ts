/**
 * UMAP (McInnes, Healy, Melville 2018): points in the plane whose neighbours are those that the rows had in their many dimensions. The same graph,
 * curve and sampling as umap-learn 0.5; differs: neighbours are exact, the start is the plane of the two main components (umap-learn's
 * init="pca") and not a spectral one, and one thread with a seed gives the same picture every time. For directions (texts, words)
 * scale the rows to length 1 first.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { Matrix, minimize, nearestRows } from "../matrix/index.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";
import { fuzzyGraph, type WeightedEdges } from "./fuzzy-graph.ts";
import { pcaPlane } from "./pca-plane.ts";

export interface UmapOptions {
  /** Of a row, the row itself included: small for fine structure, large for the whole. Default 15. */
  neighbors?: number;
  /** How near points may lie, from 0 to 1. Default 0.1. */
  minDistance?: number;
  /** Passes over the graph. Default 500, beyond 10,000 rows 200. */
  epochs?: number;
  /** Default 1. */
  seed?: number;
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Points that push a point away for each that pulls it. */
const NEGATIVES = 5;
const LARGEST_STEP = 4;

/**
 * The rows in the plane: [rows, 2]. Throws `invalid-argument` for rows that are not finite or options out of range; the signal's reason.
 *
 * @example
 * scatterSvg(umap(normalized(vectors)), { groups: labels });
 */
export function umap(matrix: Matrix, options: UmapOptions = {}): Matrix {
  const { rows } = matrix;
  const { neighbors = 15, minDistance = 0.1, epochs = rows > 10_000 ? 200 : 500, seed = 1 } = options;
  wholeNumber("neighbors", neighbors, 2);
  wholeNumber("epochs", epochs, 1);
  wholeNumber("seed", seed);
  if (!(minDistance >= 0 && minDistance <= 1))
    throw new SemspaceError("invalid-argument", `minDistance must be from 0 to 1, got ${minDistance}.`);
  const plane = pcaPlane(matrix);
  if (rows < 3) return plane;
  const random = randomNumbers(seed);
  const edges = fuzzyGraph(nearestRows(matrix, neighbors));
  options.signal?.throwIfAborted();
  const points = startFrom(plane, random);
  layOut(points, edges, { ...options, epochs, random, curve: curveOf(minDistance) });
  return new Matrix(Float32Array.from(points), rows, 2);
}

/** From 0 to 10 on either axis, as umap-learn scales it, a little shaken so that equal rows can part. */
function startFrom({ data }: Matrix, random: () => number): Float64Array {
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const points = Float64Array.from(data, (value) => (10 * value) / largest + 1e-4 * (random() - 0.5));
  for (const axis of [0, 1]) {
    let [least, most] = [Infinity, -Infinity];
    for (let i = axis; i < points.length; i += 2) {
      least = Math.min(least, points[i]);
      most = Math.max(most, points[i]);
    }
    for (let i = axis; i < points.length; i += 2) points[i] = (10 * (points[i] - least)) / (most - least || 1);
  }
  return points;
}

/** How surely two points of that squared distance are neighbours: 1 / (1 + a × distance^(2b)). */
interface Curve {
  a: number;
  b: number;
}

/** The curve nearest to one that is 1 up to `minDistance` and then falls as e^-x, by least squares at 300 places up to 3. */
function curveOf(minDistance: number): Curve {
  const places = Array.from({ length: 300 }, (_, i) => (3 * i) / 299);
  const { x } = minimize(
    ([a, b], gradient) => {
      gradient.fill(0);
      let sum = 0;
      for (const place of places) {
        const wanted = place < minDistance ? 1 : Math.exp(minDistance - place);
        const power = place ** (2 * b);
        const value = 1 / (1 + a * power);
        const slope = -2 * (value - wanted) * value * value;
        sum += (value - wanted) ** 2;
        gradient[0] += slope * power;
        gradient[1] += place > 0 ? slope * a * power * 2 * Math.log(place) : 0;
      }
      return sum;
    },
    Float64Array.of(1, 1),
    { tolerance: 1e-6 },
  );
  return { a: x[0], b: x[1] };
}

interface LayoutOptions {
  epochs: number;
  random: () => number;
  curve: Curve;
  onProgress?: UmapOptions["onProgress"];
  signal?: AbortSignal;
}

/** Each edge pulls as often as it weighs; for each pull some points, whoever they are, push. The steps shrink to nothing. */
function layOut(points: Float64Array, { from, to, weights }: WeightedEdges, options: LayoutOptions): void {
  const { epochs, random, curve, onProgress, signal } = options;
  const rows = points.length / 2;
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const every = weights.map((weight) => strongest / weight);
  const next = every.slice();
  const nextPush = every.map((step) => step / NEGATIVES);
  const move = mover(points, curve);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rate = 1 - epoch / epochs;
    for (let edge = 0; edge < from.length; edge += 1) {
      if (next[edge] > epoch || every[edge] > epochs) continue;
      move.pull(from[edge], to[edge], rate);
      next[edge] += every[edge];
      const step = every[edge] / NEGATIVES;
      const pushes = Math.floor((epoch - nextPush[edge]) / step);
      for (let i = 0; i < pushes; i += 1) move.push(from[edge], Math.floor(random() * rows), rate);
      nextPush[edge] += pushes * step;
    }
    onProgress?.({ done: epoch + 1, total: epochs });
    signal?.throwIfAborted();
  }
}

interface Mover {
  pull: (i: number, j: number, rate: number) => void;
  push: (i: number, j: number, rate: number) => void;
}

/** Nothing is allocated for a step, of which there are millions. */
function mover(points: Float64Array, { a, b }: Curve): Mover {
  return {
    pull(i, j, rate) {
      const x = points[2 * i] - points[2 * j];
      const y = points[2 * i + 1] - points[2 * j + 1];
      const square = x * x + y * y;
      if (square === 0) return;
      const power = square ** b;
      const force = (-2 * a * b * power) / (square * (a * power + 1));
      const moveX = rate * held(force * x);
      const moveY = rate * held(force * y);
      points[2 * i] += moveX;
      points[2 * i + 1] += moveY;
      points[2 * j] -= moveX;
      points[2 * j + 1] -= moveY;
    },
    push(i, j, rate) {
      if (i === j) return;
      const x = points[2 * i] - points[2 * j];
      const y = points[2 * i + 1] - points[2 * j + 1];
      const square = x * x + y * y;
      if (square === 0) return;
      const force = (2 * b) / ((0.001 + square) * (a * square ** b + 1));
      points[2 * i] += rate * held(force * x);
      points[2 * i + 1] += rate * held(force * y);
    },
  };
}

function held(step: number): number {
  return Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step));
}

/**
 * Where the labels of points go so that they can be read: each is tried beside its point in eight directions, near and farther away, and
 * takes the place that covers the least of other labels and points; some rounds over all labels, each seeing the others' places
 * (greedy, in the manner of Christensen, Marks and Shieber 1995).
 */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface LabelOptions {
  /** Labels stay within 0 … width and 0 … height. */
  width: number;
  height: number;
  /** Of a point. */
  radius: number;
  rounds?: number;
}

/** From the point to the label: right first, which reads best. */
const directions = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const;
/** Gaps between point and label, in heights of the label. */
const gaps = [0.15, 0.6, 1.2, 2] as const;

/** The box of each label, of the given size, in the order of the points. */
export function placeLabels(
  points: readonly Point[],
  sizes: readonly { width: number; height: number }[],
  { width, height, radius, rounds = 4 }: LabelOptions,
): Box[] {
  const dots = points.map(({ x, y }) => ({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }));
  const places: (Box | undefined)[] = points.map(() => undefined);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, point] of points.entries()) {
      const others = places.filter((place, j) => place !== undefined && j !== i) as Box[];
      let least = Infinity;
      for (const { box, dislike } of candidates(point, sizes[i], radius)) {
        const area = box.width * box.height;
        const covered = [...others, ...dots].reduce((sum, other) => sum + overlap(box, other), 0);
        const outside = area - overlap(box, { x: 0, y: 0, width, height });
        const cost = (covered + 10 * outside) / area + dislike;
        if (cost < least) {
          least = cost;
          places[i] = box;
        }
      }
    }
  }
  return places as Box[];
}

/** Farther places and those after the first directions are liked a little less. */
function* candidates(
  { x, y }: Point,
  { width, height }: { width: number; height: number },
  radius: number,
): Generator<{ box: Box; dislike: number }> {
  for (const [far, gap] of gaps.entries()) {
    const distance = radius + gap * height;
    for (const [order, [right, down]] of directions.entries()) {
      const centerX = x + right * (distance + width / 2);
      const centerY = y + down * (distance + height / 2);
      const box = { x: centerX - width / 2, y: centerY - height / 2, width, height };
      yield { box, dislike: 0.05 * far + 0.002 * order };
    }
  }
}

/** Area that two boxes share. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

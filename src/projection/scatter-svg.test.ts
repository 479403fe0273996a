import { expect, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import { overlap, placeLabels } from "./label-places.ts";
import { scatterSvg } from "./scatter-svg.ts";

const points = (...pairs: [number, number][]) => new Matrix(Float32Array.from(pairs.flat()), pairs.length, 2);

test("every point is a circle in the colour of its group, with the second coordinate upwards", () => {
  const svg = scatterSvg(points([0, 0], [1, 0], [0, 1]), {
    groups: [0, 0, 1],
    groupNames: ["low", "high"],
    title: "A & B",
  });
  const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="3.5" fill="(#\w+)"/g)].map((match) =>
    match.slice(1),
  );
  expect(circles).toHaveLength(3);
  expect(circles[0][2]).toBe(circles[1][2]);
  expect(circles[2][2]).not.toBe(circles[0][2]);
  expect(Number(circles[2][1])).toBeLessThan(Number(circles[0][1]));
  expect(svg).toContain("A &amp; B");
  expect(svg).toMatch(/>low<.*>high</s);
});

test("labels are escaped, stay in the picture, and give way to each other", () => {
  const crowd = Array.from({ length: 30 }, (_, i) => ({ x: 200 + (i % 6) * 25, y: 100 + Math.floor(i / 6) * 14 }));
  const sizes = crowd.map(() => ({ width: 40, height: 12 }));
  const boxes = placeLabels(crowd, sizes, { width: 500, height: 300, radius: 3 });
  const covered = boxes.flatMap((box, i) => boxes.slice(i + 1).map((other) => overlap(box, other)));
  const beside = crowd.map(({ x, y }) => ({ x: x + 4, y: y - 6, width: 40, height: 12 }));
  const naive = beside.flatMap((box, i) => beside.slice(i + 1).map((other) => overlap(box, other)));
  const sum = (areas: number[]) => areas.reduce((total, area) => total + area, 0);
  expect(sum(covered)).toBeLessThan(sum(naive) / 8);
  expect(boxes.every(({ x, y, width, height }) => x >= 0 && y >= 0 && x + width <= 500 && y + height <= 300)).toBe(
    true,
  );
  expect(scatterSvg(points([0, 0], [1, 1]), { labels: ["<b>", "\u0000"] })).toMatch(/&lt;b&gt;.*\uFFFD/s);
});

test("one point, equal points and none are pictures too; other sizes are refused", () => {
  for (const matrix of [points(), points([3, 4]), points([1, 1], [1, 1])])
    expect(scatterSvg(matrix)).not.toMatch(/NaN|Infinity/);
  expect(() => scatterSvg(Matrix.zeros(2, 3))).toThrow("A picture has two dimensions, the points have 3.");
  expect(() => scatterSvg(points([0, 0]), { labels: [] })).toThrow("1 points need as many labels, got 0.");
  expect(() => scatterSvg(points([0, 0]), { groups: [1, 2] })).toThrow("1 points need as many groups, got 2.");
});

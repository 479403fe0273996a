/** The loss of a training over its steps as an SVG picture, evaluations as points beside it; readable on light and dark pages. */
import type { LogRecord } from "./training-log.ts";

export interface LossCurveOptions {
  title?: string;
  /** Pixels. Default 960 × 480. */
  width?: number;
  height?: number;
}

const MARGIN = { left: 64, right: 64, top: 48, bottom: 40 };
/** Most points of a line: more steps are drawn as means of neighbours. */
const POINTS = 600;

/** Draws what a training's log holds: the loss on the left scale, scores on the right one. Nothing of either gives an empty frame. */
export function lossCurveSvg(
  records: readonly LogRecord[],
  { title = "", width = 960, height = 480 }: LossCurveOptions = {},
): string {
  const losses = smooth(
    records.flatMap((record) => ("loss" in record ? [{ step: record.step, value: record.loss }] : [])),
  );
  const scores = records.flatMap((record) => ("score" in record ? [{ step: record.step, value: record.score }] : []));
  const last = Math.max(1, ...[losses.at(-1), scores.at(-1)].map((point) => point?.step ?? 0));
  const x = (step: number): number => MARGIN.left + ((width - MARGIN.left - MARGIN.right) * step) / last;
  const bottom = height - MARGIN.bottom;
  const left = scale(losses, { top: MARGIN.top, bottom });
  const right = scale(scores, { top: MARGIN.top, bottom });
  const line = (points: readonly Point[], y: (value: number) => number): string =>
    points.map(({ step, value }) => `${short(x(step))},${short(y(value))}`).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    "<style>.page{fill:#fff}text{fill:#222}.line{stroke:#bbb}@media(prefers-color-scheme:dark){.page{fill:#16181c}text{fill:#e4e4e4}.line{stroke:#555}}</style>",
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text x="${MARGIN.left}" y="28" font-size="18">${escaped(title)}</text>`,
    ...left.ticks.map(
      (value) =>
        `<line class="line" x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${short(left.y(value))}" y2="${short(left.y(value))}"/><text x="${MARGIN.left - 8}" y="${short(left.y(value) + 4)}" text-anchor="end">${tick(value)}</text>`,
    ),
    ...right.ticks.map(
      (value) =>
        `<text x="${width - MARGIN.right + 8}" y="${short(right.y(value) + 4)}" fill="#e07b1a">${tick(value)}</text>`,
    ),
    `<polyline fill="none" stroke="#3b82d0" stroke-width="1.5" points="${line(losses, left.y)}"/>`,
    `<polyline fill="none" stroke="#e07b1a" stroke-width="1.5" points="${line(scores, right.y)}"/>`,
    ...scores.map(
      ({ step, value }) => `<circle cx="${short(x(step))}" cy="${short(right.y(value))}" r="3.5" fill="#e07b1a"/>`,
    ),
    `<text x="${MARGIN.left}" y="${height - 12}">loss${scores.length > 0 ? ", score (orange)" : ""} by step, ${last} steps</text>`,
    "</svg>\n",
  ].join("\n");
}

interface Point {
  step: number;
  value: number;
}

/** Means of neighbouring steps. */
function smooth(points: readonly Point[]): Point[] {
  const size = Math.max(1, Math.ceil(points.length / POINTS));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const group = points.slice(i * size, (i + 1) * size);
    return { step: group.at(-1)!.step, value: group.reduce((sum, { value }) => sum + value, 0) / group.length };
  });
}

/** Five round values over the range, and where a value is drawn. */
function scale(
  points: readonly Point[],
  { top, bottom }: { top: number; bottom: number },
): { ticks: number[]; y: (value: number) => number } {
  let [least, most] = [Infinity, -Infinity];
  for (const { value } of points) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(least <= most)) return { ticks: [], y: () => bottom };
  const size = most - least || Math.abs(most) || 1;
  const power = 10 ** Math.floor(Math.log10(size / 4));
  const step = power * ([1, 2, 5, 10].find((factor) => size / (power * factor) <= 5) ?? 10);
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.ceil(most / step));
  return {
    ticks: Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step),
    y: (value) => bottom - ((bottom - top) * (value - from * step)) / ((to - from) * step),
  };
}

function tick(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Points in the plane as an SVG picture: a colour a group, labels beside the points; readable on light and dark pages. */
import { SemspaceError } from "../errors.ts";
import type { Matrix } from "../matrix/index.ts";
import { type Box, placeLabels, type Point } from "./label-places.ts";

export interface ScatterOptions {
  /** A text beside each point. */
  labels?: readonly string[];
  /** The group of each point, 0, 1, 2 …; its colour. */
  groups?: ArrayLike<number>;
  /** What the legend calls the groups; without it there is no legend. */
  groupNames?: readonly string[];
  title?: string;
  /** Pixels. Default 960 × 640. */
  width?: number;
  height?: number;
}

/** Ten colours that stand out from white and from black (lightness near 60 %). */
const colors = [
  ...["#3b82d0", "#e07b1a", "#2f9e5b", "#d64550", "#8b6bd1"],
  ...["#a0724a", "#d05fa6", "#7f8a94", "#9aa01c", "#1ba3b5"],
];
const FONT = 13;
const RADIUS = 3.5;
const MARGIN = 24;

/**
 * Draws points, [n, 2], with the same scale on both axes. Throws `mismatch` when they are not in two dimensions, or labels or groups are
 * not as many.
 *
 * @example
 * const flat = projectPca(fitPca(vectors, { components: 2 }), vectors);
 * writeFileSync("words.svg", scatterSvg(flat, { labels: words, groups: kMeans(vectors, { clusters: 5 }).labels }));
 */
export function scatterSvg(points: Matrix, options: ScatterOptions = {}): string {
  const { labels, groups, groupNames = [], title, width = 960, height = 640 } = options;
  check(points, { labels, groups });
  const top = MARGIN + (title === undefined ? 0 : 28);
  const bottom = MARGIN + (groupNames.length > 0 ? 28 : 0);
  const frame = { x: MARGIN, y: top, width: width - 2 * MARGIN, height: height - top - bottom };
  const places = fit(points, frame);
  const colorOf = (group: number): string => colors[group % colors.length];
  const dots = places.map(
    ({ x, y }, i) => `<circle cx="${short(x)}" cy="${short(y)}" r="${RADIUS}" fill="${colorOf(groups?.[i] ?? 0)}"/>`,
  );
  const texts = labels ? labelTexts(places, labels, frame) : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="${FONT}">`,
    "<style>.page{fill:#fff}text{fill:#222}.line{stroke:#999}@media(prefers-color-scheme:dark){.page{fill:#16181c}text{fill:#e4e4e4}.line{stroke:#777}}</style>",
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...(title === undefined ? [] : [`<text x="${MARGIN}" y="${MARGIN + 8}" font-size="18">${escaped(title)}</text>`]),
    ...dots,
    ...texts,
    ...legend(groupNames, { y: height - MARGIN, colorOf }),
    "</svg>\n",
  ].join("\n");
}

function check(points: Matrix, { labels, groups }: Pick<ScatterOptions, "labels" | "groups">): void {
  if (points.columns !== 2) {
    const message = `A picture has two dimensions, the points have ${points.columns}. Project them: projectPca.`;
    throw new SemspaceError("mismatch", message);
  }
  for (const [name, list] of Object.entries({ labels, groups })) {
    if (list !== undefined && list.length !== points.rows)
      throw new SemspaceError("mismatch", `${points.rows} points need as many ${name}, got ${list.length}.`);
  }
}

/** The points in the frame, in its middle; the second coordinate goes up. */
function fit({ data, rows }: Matrix, frame: Box): Point[] {
  const range = (offset: number): { middle: number; size: number } => {
    let [least, most] = [Infinity, -Infinity];
    for (let i = offset; i < data.length; i += 2) {
      least = Math.min(least, data[i]);
      most = Math.max(most, data[i]);
    }
    return { middle: (least + most) / 2, size: most - least };
  };
  const [across, up] = [range(0), range(1)];
  // Labels need room at the sides.
  const scale = Math.min((0.86 * frame.width) / (across.size || 1), (0.94 * frame.height) / (up.size || 1));
  return Array.from({ length: rows }, (_, i) => ({
    x: frame.x + frame.width / 2 + scale * (data[2 * i] - across.middle),
    y: frame.y + frame.height / 2 - scale * (data[2 * i + 1] - up.middle),
  }));
}

/** Labels, and a line to the point where the label had to go away from it. */
function labelTexts(points: readonly Point[], labels: readonly string[], frame: Box): string[] {
  const inside = points.map(({ x, y }) => ({ x: x - frame.x, y: y - frame.y }));
  const sizes = labels.map((label) => ({ width: textWidth(label), height: FONT }));
  const boxes = placeLabels(inside, sizes, { width: frame.width, height: frame.height, radius: RADIUS });
  return boxes.flatMap((box, i) => {
    const [x, y] = [frame.x + box.x + box.width / 2, frame.y + box.y + FONT * 0.8];
    const text = `<text x="${short(x)}" y="${short(y)}" text-anchor="middle">${escaped(labels[i])}</text>`;
    const line = leader(inside[i], box);
    if (!line) return [text];
    const [from, to] = line.map((end) => [short(frame.x + end.x), short(frame.y + end.y)]);
    return [`<line class="line" x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}"/>`, text];
  });
}

/** From the point to the nearest edge of a label that is more than a few pixels away. */
function leader(point: Point, box: Box): [Point, Point] | undefined {
  const edge = {
    x: Math.min(Math.max(point.x, box.x), box.x + box.width),
    y: Math.min(Math.max(point.y, box.y), box.y + box.height),
  };
  const distance = Math.hypot(edge.x - point.x, edge.y - point.y);
  return distance > RADIUS + 0.4 * FONT ? [point, edge] : undefined;
}

function legend(names: readonly string[], { y, colorOf }: { y: number; colorOf: (group: number) => string }): string[] {
  let x = MARGIN;
  return names.flatMap((name, group) => {
    const parts = [
      `<circle cx="${short(x + RADIUS)}" cy="${short(y - 4)}" r="${RADIUS + 1}" fill="${colorOf(group)}"/>`,
      `<text x="${short(x + 14)}" y="${short(y)}">${escaped(name)}</text>`,
    ];
    x += 14 + textWidth(name) + 20;
    return parts;
  });
}

/** An estimate, since nothing here knows the font: wide signs (Chinese, emoji) count one height, others 0.56. */
function textWidth(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + (sign.codePointAt(0)! > 0x2e80 ? 1 : 0.56) * FONT, 0);
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // oxlint-disable-next-line no-control-regex -- XML has no control characters
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "\uFFFD").replace(/[&<>"]/g, (sign) => signs[sign]);
}

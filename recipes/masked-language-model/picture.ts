/** The forming of a space as a picture: the loss, two distances of words, and how many triples are right, over the steps. */
import type { SpaceRecord } from "./word-space.ts";

interface Panel {
  title: string;
  least: number;
  most: number;
  lines: { name: string; color: string; points: readonly { step: number; value: number }[] }[];
}

const WIDTH = 960;
const HEIGHT = 220;
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 180, 40, 28];

export function picture(losses: readonly { step: number; loss?: number }[], space: readonly SpaceRecord[]): string {
  const loss = means(
    losses.flatMap((record) => (record.loss === undefined ? [] : [{ step: record.step, value: record.loss }])),
  );
  const of = (key: "kingQueen" | "kingKeyboard" | "right", times = 1) =>
    space.map((record) => ({ step: record.step, value: times * record[key] }));
  const last = Math.max(1, loss.at(-1)?.step ?? 0, space.at(-1)?.step ?? 0);
  const panels: Panel[] = [
    {
      title: "What hidden tokens were: loss",
      least: 4,
      most: 9,
      lines: [{ name: "loss", color: "#3b82d0", points: loss }],
    },
    {
      title: "The space forms: cosine of two words",
      least: -0.25,
      most: 0.75,
      lines: [
        { name: "king, queen", color: "#2a9d5c", points: of("kingQueen") },
        { name: "king, keyboard", color: "#c2452d", points: of("kingKeyboard") },
      ],
    },
    {
      title: "Triples whose related word is nearer, in percent",
      least: 40,
      most: 100,
      lines: [{ name: "right", color: "#e07b1a", points: of("right", 100) }],
    },
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT * panels.length}" width="${WIDTH}" height="${HEIGHT * panels.length}" font-family="system-ui, sans-serif" font-size="13">`,
    "<style>.page{fill:#fff}text{fill:#222}.line{stroke:#bbb}@media(prefers-color-scheme:dark){.page{fill:#16181c}text{fill:#e4e4e4}.line{stroke:#555}}</style>",
    `<rect class="page" width="${WIDTH}" height="${HEIGHT * panels.length}"/>`,
    ...panels.map((panel, i) => `<g transform="translate(0 ${i * HEIGHT})">${drawn(panel, last)}</g>`),
    "</svg>\n",
  ].join("\n");
}

function drawn({ title, least, most, lines }: Panel, last: number): string {
  const x = (step: number) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / last;
  const y = (value: number) => {
    const share = (Math.min(most, Math.max(least, value)) - least) / (most - least);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => least + share * (most - least));
  return [
    `<text x="${LEFT}" y="24" font-size="16">${title}</text>`,
    ...ticks.map(
      (value) =>
        `<line class="line" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/><text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${Number(value.toFixed(2))}</text>`,
    ),
    ...lines.map(({ color, points }) => {
      const path = points.map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
      return `<polyline fill="none" stroke="${color}" stroke-width="2" points="${path}"/>`;
    }),
    ...lines.flatMap(({ name, color, points }) => {
      const end = points.at(-1);
      if (!end) return [];
      return [
        `<text x="${x(end.step) + 8}" y="${y(end.value) + 4}" style="fill:${color}">${name} ${end.value.toFixed(2)}</text>`,
      ];
    }),
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">step ${last}</text>`,
  ].join("");
}

/** Means of neighbouring steps, at most 300 points. */
function means(points: readonly { step: number; value: number }[]): { step: number; value: number }[] {
  const size = Math.max(1, Math.ceil(points.length / 300));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const group = points.slice(i * size, (i + 1) * size);
    return {
      step: group[group.length - 1].step,
      value: group.reduce((sum, { value }) => sum + value, 0) / group.length,
    };
  });
}

/** The uses of a word in the plane of their two main components: a colour a sense, the words around the use as its label. */
import { fitPca, Matrix, normalized, projectPca } from "../matrix/index.ts";
import { scatterSvg } from "../projection/index.ts";
import type { WordSenses } from "../tasks/index.ts";

/** UTF-16 units of the sentence that are shown on either side. */
const AROUND = 24;
/** More labels than this would hide each other. */
const MOST_LABELS = 150;

export function usesPicture({ word, uses, vectors, labels, senses }: WordSenses, texts: readonly string[]): string {
  const unit = normalized(vectors);
  const flat = uses.length < 2 ? Matrix.zeros(uses.length, 2) : projectPca(fitPca(unit, { components: 2 }), unit);
  const around = uses.map(({ text, start, end }) => {
    const sentence = texts[text];
    const before = start > AROUND ? `…${sentence.slice(start - AROUND, start)}` : sentence.slice(0, start);
    const after = end + AROUND < sentence.length ? `${sentence.slice(end, end + AROUND)}…` : sentence.slice(end);
    return `${before}${sentence.slice(start, end)}${after}`;
  });
  return scatterSvg(flat, {
    ...(uses.length <= MOST_LABELS && { labels: around }),
    groups: labels,
    groupNames: senses.map(({ words }, i) => `${i + 1} ${words.slice(0, 3).join(", ")}`),
    title: `Uses of ${word}`,
  });
}

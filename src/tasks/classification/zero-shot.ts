/** A classifier without examples: each label is described in words, and a text belongs to the description that is nearest to it. */
import { SemspaceError } from "../../errors.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { encodeSettings, probeModel } from "../model-probe.ts";
import { fitCentroids } from "./centroid-head.ts";
import { TextClassifier } from "./text-classifier.ts";

export interface ZeroShotOptions {
  /** Put around a description that stands alone; "{}" is the description. Default "{}". */
  template?: string;
  /** Divides the differences of cosines, times 20, before softmax: smaller is surer. Default 1. */
  temperature?: number;
  promptName?: string;
}

/**
 * Describes labels by a sentence or several. Probabilities order the labels well, but say little on their own: nothing was there to
 * calibrate them. Throws `invalid-argument` for fewer than two labels, an empty description, a template without "{}", or a temperature that is not above 0.
 *
 * @example
 * const classifier = await zeroShotClassifier(embedder, { sport: "sport, football, a match", money: ["banks and money", "the stock market"] });
 * await classifier.predict("The striker scored twice."); // [{ label: "sport", … }]
 */
export async function zeroShotClassifier(
  embedder: Embedder,
  descriptions: Readonly<Record<string, string | readonly string[]>>,
  { template = "{}", temperature = 1, promptName }: ZeroShotOptions = {},
): Promise<TextClassifier> {
  const labels = Object.keys(descriptions).toSorted();
  if (labels.length < 2)
    throw new SemspaceError("invalid-argument", `A classifier needs at least 2 labels, got ${labels.length}.`);
  if (!template.includes("{}"))
    throw new SemspaceError(
      "invalid-argument",
      `The template ${JSON.stringify(template)} has no {} for the description.`,
    );
  if (!(temperature > 0 && temperature < Infinity))
    throw new SemspaceError("invalid-argument", `temperature must be above 0, got ${temperature}.`);
  const described = labels.flatMap((label, number) => {
    const given = descriptions[label];
    const texts = typeof given === "string" ? [given] : given;
    if (texts.length === 0 || texts.some((text) => text.trim() === ""))
      throw new SemspaceError("invalid-argument", `The label ${JSON.stringify(label)} has an empty description.`);
    return texts.map((text) => ({ number, text: template.replaceAll("{}", () => text) }));
  });
  const vectors = await embedder.encode(
    described.map(({ text }) => text),
    encodeSettings(promptName),
  );
  const targets = { labels, multiLabel: false, rows: described.map(({ number }) => [number]) };
  return new TextClassifier(embedder, {
    ...{ labels, multiLabel: false, head: fitCentroids(vectors, targets) },
    calibration: { kind: "temperature", temperature },
    model: await probeModel(embedder, promptName),
  });
}

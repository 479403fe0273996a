/** A router from example phrases: what parts the intents from each other, and all of them from the rest of the world, is learned from these. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Head } from "../classification/head.ts";
import type { Calibration } from "../classification/calibration.ts";
import { fitClassifier } from "../classification/train-classifier.ts";
import { checkFinite } from "../classification/text-classifier.ts";
import { type Encoder, encodeSettings, probeModel } from "../model-probe.ts";
import { backgroundSentences } from "./background.ts";
import { learnGate } from "./gate.ts";
import { type EntityFinder, Router } from "./router.ts";
import type { SlotFinder } from "./slots.ts";

/** Example phrases, alone or with slots. */
export type Intent =
  | readonly string[]
  | { readonly examples: readonly string[]; readonly slots?: Readonly<Record<string, SlotFinder>> };

export interface RouterOptions {
  /** Texts that are none of the intents: the more like what will come, the better. */
  foreign?: readonly string[];
  /** Whether 64 English sentences about anything count as foreign too. Default true; without them `foreign` is needed. */
  background?: boolean;
  /** Share of the example phrases that must come through in cross-validation. Default 0.95; lower refuses more. */
  keep?: number;
  /** Inverse strength of the penalty between intents, as scikit-learn's C. Default 10. */
  C?: number;
  /** Finds entities in texts whose intent was recognised. */
  entities?: EntityFinder;
  promptName?: string;
  /** Default 1. */
  seed?: number;
  signal?: AbortSignal;
}

/**
 * Throws `invalid-argument` for no intent, an intent without phrases, a phrase of two intents or that is also foreign, nothing foreign at all, or a `keep`
 * that is no share; the signal's reason when aborted.
 *
 * @example
 * const router = await createRouter(embedder, {
 *   "lights on": { examples: ["turn on the light", "switch the lamp on"], slots: { room: ["kitchen", "bedroom"] } },
 *   weather: ["will it rain today", "how warm is it outside"],
 * });
 * await router.route("turn on the light in the kitchen"); // { intent: "lights on", slots: { room: "kitchen" }, … }
 */
export async function createRouter(
  embedder: Encoder,
  intents: Readonly<Record<string, Intent>>,
  options: RouterOptions = {},
): Promise<Router> {
  const { foreign = [], background = true, keep = 0.95, C = 10, seed = 1, promptName, signal } = options;
  wholeNumber("seed", seed);
  if (!(keep > 0 && keep <= 1))
    throw new SemspaceError("invalid-argument", `keep must be a share above 0 and at most 1, got ${keep}.`);
  const phrases = readIntents(intents, foreign);
  const others = [...foreign, ...(background ? backgroundSentences : [])];
  if (others.length === 0)
    throw new SemspaceError("invalid-argument", "Without background sentences foreign ones are needed. Pass foreign.");
  const texts = [...phrases.map(({ text }) => text), ...others];
  const vectors = await embedder.encode(texts, { ...encodeSettings(promptName), ...(signal && { signal }) });
  checkFinite(vectors);
  const names = Object.keys(intents);
  const numbers = phrases.map(({ intent }) => intent);
  const own = new Matrix(vectors.data.slice(0, phrases.length * vectors.columns), phrases.length, vectors.columns);
  const parted: { head: Head | undefined; calibration: Calibration } =
    names.length < 2
      ? { head: undefined, calibration: { kind: "temperature", temperature: 1 } }
      : await fitClassifier(
          own,
          { labels: names, multiLabel: false, rows: numbers.map((intent) => [intent]) },
          { C, seed, ...(signal && { signal }) },
        );
  const gate = await learnGate(vectors, [foreign.length, others.length - foreign.length], {
    intents: numbers,
    count: names.length,
    keep,
    seed,
  });
  const { head, calibration } = parted;
  const model = await probeModel(embedder, promptName);
  const slots = Object.values(intents).map((intent) => ("examples" in intent ? (intent.slots ?? {}) : {}));
  return new Router(embedder, { intents: names, slots, head, calibration, gate, model }, options.entities);
}

function readIntents(
  intents: Readonly<Record<string, Intent>>,
  foreign: readonly string[],
): { text: string; intent: number }[] {
  const names = Object.keys(intents);
  if (names.length === 0) throw new SemspaceError("invalid-argument", "A router needs at least one intent, got none.");
  const owner = new Map(foreign.map((text) => [text.trim().toLowerCase(), "the foreign texts"]));
  return names.flatMap((name, number) => {
    const given = intents[name];
    const examples = "examples" in given ? given.examples : given;
    if (examples.length === 0 || examples.some((text) => typeof text !== "string" || text.trim() === ""))
      throw new SemspaceError(
        "invalid-argument",
        `The intent ${JSON.stringify(name)} has ${examples.length === 0 ? "no example phrases" : "an empty phrase"}. Give it a few that people would say.`,
      );
    return examples.map((text) => {
      const key = text.trim().toLowerCase();
      const other = owner.get(key);
      if (other !== undefined && other !== name)
        throw new SemspaceError(
          "invalid-argument",
          `"${text}" is an example of both ${JSON.stringify(name)} and ${other}. Keep it in one.`,
        );
      owner.set(key, name);
      return { text, intent: number };
    });
  });
}

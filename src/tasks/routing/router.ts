/** Which command is meant? A router knows intents by a few example phrases each, says when a text is none of them, and fills slots. */
import { Matrix } from "../../matrix/index.ts";
import { type Calibration, calibrated } from "../classification/calibration.ts";
import type { Head } from "../classification/head.ts";
import { checkFinite } from "../classification/text-classifier.ts";
import { type Encoder, encodeSettings, type ModelProbe } from "../model-probe.ts";
import { type Gate, leads } from "./gate.ts";
import { fillSlots, type SlotFinder } from "./slots.ts";

export interface Route {
  /** Undefined: none of these. */
  readonly intent: string | undefined;
  /** Of the likeliest intent, were it one of them: 0 … 1. */
  readonly probability: number;
  /** How surely the text is for the router at all, 0 … 1. */
  readonly own: number;
  /** All intents, the likeliest first. */
  readonly ranking: readonly { readonly intent: string; readonly probability: number }[];
  /** What the slots of the intent found in the text. */
  readonly slots: Readonly<Record<string, string>>;
  /** What the function passed as `entities` found; absent without it. */
  readonly entities?: unknown;
}

/** Finds entities in a text: `(text) => model.entities(text)` of a token classifier, for instance. */
export type EntityFinder = (text: string) => unknown;

export interface RouterParts {
  intents: readonly string[];
  slots: readonly Readonly<Record<string, SlotFinder>>[];
  /** Undefined where there is a single intent. */
  head: Head | undefined;
  calibration: Calibration;
  gate: Gate;
  model: ModelProbe;
}

/** `createRouter` and `loadRouter` give one. It does not own the embedder. */
export class Router {
  readonly #embedder: Encoder;
  readonly #entities: EntityFinder | undefined;
  /** What a file holds of it. */
  readonly parts: RouterParts;

  constructor(embedder: Encoder, parts: RouterParts, entities?: EntityFinder) {
    this.#embedder = embedder;
    this.#entities = entities;
    this.parts = parts;
  }

  get intents(): readonly string[] {
    return this.parts.intents;
  }

  /** Slots are filled, and entities looked for, only when an intent was recognised. */
  async route(text: string): Promise<Route> {
    const vector = await this.#embedder.encode(text, encodeSettings(this.parts.model.promptName));
    const [found] = this.routeVectors(new Matrix(vector, 1, vector.length));
    if (found.intent === undefined) return found;
    const slots = await fillSlots(text, this.parts.slots[this.parts.intents.indexOf(found.intent)]);
    if (!this.#entities) return { ...found, slots };
    return { ...found, slots, entities: await this.#entities(text) };
  }

  /** Routes of unit vectors that the same model made, without slots. Throws `mismatch` for another length, `invalid-argument` for NaN. */
  routeVectors(vectors: Matrix): Route[] {
    checkFinite(vectors);
    const { intents, head, calibration, gate } = this.parts;
    const count = intents.length;
    const shares = head
      ? calibrated({ scores: head.scores(vectors), labels: count, multiLabel: false }, calibration)
      : new Float64Array(vectors.rows).fill(1);
    const scores = gate.head.scores(vectors);
    const own = leads(scores, scores.length / vectors.rows);
    return Array.from({ length: vectors.rows }, (_, row) => {
      const ranking = intents
        .map((intent, i) => ({ intent, probability: shares[row * count + i], least: gate.thresholds[i] }))
        .toSorted((a, b) => b.probability - a.probability);
      const [{ intent, probability, least }] = ranking;
      return {
        intent: own[row] >= least ? intent : undefined,
        probability,
        own: 1 / (1 + Math.exp(-own[row])),
        ranking: ranking.map((one) => ({ intent: one.intent, probability: one.probability })),
        slots: {},
      };
    });
  }
}

/** Finds entities of a user's own kinds in texts: a linear layer and a CRF on the vectors of words in context. */
import { SemspaceError } from "../../errors.ts";
import type { ContextualizeOptions } from "../contextual/contextual-embedder.ts";
import { spansOf } from "./bio.ts";
import { chainOf, type ChainScores, forwardBackward, viterbi } from "./crf.ts";
import { joinedTokens, type TokenEncoder, type Units, unitsOf } from "./units.ts";

/** A stretch of a text with its label: `text.slice(start, end)`. */
export interface TaggedEntity {
  label: string;
  /** The smallest probability that one of its words has this label, 0 … 1. */
  score: number;
  text: string;
  /** UTF-16 indices. */
  start: number;
  end: number;
}

export interface TokenTag {
  token: string;
  /** In BIO. */
  label: string;
  /** The probability of the label at this token. */
  score: number;
}

/** What a tagger has learned. */
export interface TaggerParts {
  /** In BIO, "O" among them. */
  labels: readonly string[];
  /** [labels, dimensions], row-major. */
  weights: Float32Array;
  biases: Float64Array;
  chain: ChainScores;
  /** Hidden states of this layer; undefined for the last ones. */
  layer: number | undefined;
  model: string;
}

/**
 * @example
 * const tagger = await trainTagger(context, readConll(await readFile("train.conll", "utf8")));
 * await tagger.entities("Turn on the lamp in the kitchen"); // [{ label: "device", text: "lamp", start: 12, … }, …]
 */
export class Tagger {
  readonly parts: TaggerParts;
  readonly #context: TokenEncoder;

  /** Throws `mismatch` when the model's vectors have another length than the weights. */
  constructor(context: TokenEncoder, parts: TaggerParts) {
    const dimensions = parts.weights.length / parts.labels.length;
    if (context.dimensions !== dimensions)
      throw new SemspaceError(
        "mismatch",
        `The tagger was made with vectors of ${dimensions} dimensions (${parts.model}), ${context.name} has ${context.dimensions}. Load it with that model.`,
      );
    this.parts = parts;
    this.#context = context;
  }

  /** The kinds of entities that it knows. */
  get labels(): string[] {
    return [...new Set(this.parts.labels.filter((label) => label !== "O").map((label) => label.slice(2)))];
  }

  /** The entities of a text, in order. An empty text has none. */
  entities(text: string, options?: ContextualizeOptions): Promise<TaggedEntity[]>;
  /** The entities of each text. */
  entities(texts: readonly string[], options?: ContextualizeOptions): Promise<TaggedEntity[][]>;
  async entities(
    texts: string | readonly string[],
    options: ContextualizeOptions = {},
  ): Promise<TaggedEntity[] | TaggedEntity[][]> {
    const list = typeof texts === "string" ? [texts] : texts;
    const units = await this.#units(
      list.map((text) => ({ text })),
      options,
    );
    const found = units.map((one) => this.#entitiesOf(one));
    return typeof texts === "string" ? found[0] : found;
  }

  /** The label of each token of each sentence, for text that is cut into tokens already. */
  async tag(sentences: readonly (readonly string[])[], options: ContextualizeOptions = {}): Promise<TokenTag[][]> {
    const units = await this.#units(sentences.map(joinedTokens), options);
    return units.map((one, i) => {
      const { labels, scores } = this.#decode(one);
      return sentences[i].map((token, t) => ({ token, label: labels[t], score: scores[t] }));
    });
  }

  #units(texts: Parameters<typeof unitsOf>[1], options: ContextualizeOptions): Promise<Units[]> {
    return unitsOf(this.#context, texts, { layer: this.parts.layer, ...options });
  }

  #entitiesOf(units: Units): TaggedEntity[] {
    const { labels, scores } = this.#decode(units);
    return spansOf(labels).map(({ label, start, end }) => {
      const [from, to] = [units.places[start].start, units.places[end - 1].end];
      return {
        label,
        score: Math.min(...scores.slice(start, end)),
        text: units.text.slice(from, to),
        start: from,
        end: to,
      };
    });
  }

  #decode({ vectors, places }: Units): { labels: string[]; scores: number[] } {
    const { labels, weights, biases, chain } = this.parts;
    if (places.length === 0) return { labels: [], scores: [] };
    const n = labels.length;
    const data = new Float64Array(places.length * n);
    for (let t = 0; t < places.length; t += 1) {
      const vector = vectors.row(t);
      for (let c = 0; c < n; c += 1) {
        let sum = biases[c];
        for (let j = 0; j < vector.length; j += 1) sum += weights[c * vector.length + j] * vector[j];
        data[t * n + c] = sum;
      }
    }
    const emissions = { data, at: 0, length: places.length };
    const marginals = new Float64Array(data.length);
    forwardBackward(chainOf(chain), emissions, { marginals });
    const path = viterbi(chain, emissions);
    return {
      labels: Array.from(path, (label) => labels[label]),
      scores: Array.from(path, (label, t) => marginals[t * n + label]),
    };
  }
}

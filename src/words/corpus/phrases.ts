/**
 * Phrases: pairs of words that stand together more often than chance are written as one word, before word vectors are trained
 * (Mikolov et al. 2013, word2phrase). Applied twice, phrases grow to four words.
 *
 * Two scores: "word2phrase" is (ab − minCount) / (a × b) × tokens, as word2phrase.c has it (gensim's "default" multiplies by the
 * number of distinct words and pairs instead); "npmi" is the normalised pointwise mutual information (Bouma 2009), from −1 to 1.
 */
import { oneOf, SemspaceError } from "../../errors.ts";
import { corpusLines, type CorpusSource } from "../../formats/corpus-source.ts";
import { encodeCorpus, type EncodeOptions, LINE_END } from "./encode-corpus.ts";
import type { IdReader } from "./id-store.ts";
import { PairTable } from "./pair-table.ts";

const BLOCK = 1 << 16;

export interface PhraseOptions extends Omit<EncodeOptions, "vocabulary" | "extend" | "maxVocabulary"> {
  /** Default "word2phrase". */
  score?: "word2phrase" | "npmi";
  /** Pairs that score more are phrases. Default 100; 0.5 for npmi. */
  threshold?: number;
  /** Stands between the words of a phrase. Default "_". */
  delimiter?: string;
}

export interface Phrase {
  /** The two words with the delimiter between them. */
  phrase: string;
  score: number;
  count: number;
}

/** The phrases of a corpus; knows how to write them into its lines. */
export class Phrases {
  /** The best first. */
  readonly list: readonly Phrase[];
  readonly delimiter: string;
  readonly #known: Set<string>;
  readonly #tokenize: (line: string) => Iterable<string>;

  constructor(list: readonly Phrase[], { delimiter = "_", tokenize = splitAtSpaces }: PhraseOptions = {}) {
    this.list = list;
    this.delimiter = delimiter;
    this.#known = new Set(list.map(({ phrase }) => phrase));
    this.#tokenize = tokenize;
  }

  /** The words of a line, phrases joined from left to right; a word belongs to one phrase at most. */
  words(line: string): string[] {
    const joined: string[] = [];
    let open: string | undefined;
    for (const word of this.#tokenize(line)) {
      const phrase = open === undefined ? undefined : `${open}${this.delimiter}${word}`;
      if (phrase !== undefined && this.#known.has(phrase)) {
        joined.push(phrase);
        open = undefined;
      } else {
        if (open !== undefined) joined.push(open);
        open = word;
      }
    }
    if (open !== undefined) joined.push(open);
    return joined;
  }

  /**
   * The corpus with its phrases joined, line by line, for training or for another round of `learnPhrases`.
   *
   * @example
   * const phrases = await learnPhrases("news.txt");
   * const model = await trainWord2Vec(phrases.apply("news.txt"));
   */
  async *apply(source: CorpusSource): AsyncGenerator<string> {
    for await (const line of corpusLines(source)) yield this.words(line).join(" ");
  }
}

/** Learns which pairs of words of a corpus are phrases; words rarer than `minCount` (default 5) are in none, and hold a pair apart. */
export async function learnPhrases(source: CorpusSource, options: PhraseOptions = {}): Promise<Phrases> {
  const { minCount = 5, delimiter = "_" } = options;
  const score = oneOf("score", options.score ?? "word2phrase", ["word2phrase", "npmi"]);
  const threshold = options.threshold ?? (score === "npmi" ? 0.5 : 100);
  if (Number.isNaN(threshold)) throw new SemspaceError("invalid-argument", "threshold must be a number, got NaN.");
  // Rare words must stay in the text, so that their neighbours do not become a pair.
  const corpus = await encodeCorpus(source, { ...options, minCount: 1 });
  try {
    const { words, counts } = corpus.vocabulary;
    const reader = await corpus.open();
    const pairs = await countPairs(reader, counts, minCount);
    await reader.close();
    const list: Phrase[] = [];
    pairs.forEach((first, second, count) => {
      if (count < minCount) return;
      const value = scoreOf(score, {
        count,
        first: counts[first],
        second: counts[second],
        minCount,
        tokens: corpus.tokens,
      });
      if (value > threshold) list.push({ phrase: `${words[first]}${delimiter}${words[second]}`, score: value, count });
    });
    list.sort((a, b) => b.score - a.score || (a.phrase < b.phrase ? -1 : 1));
    return new Phrases(list, options);
  } finally {
    await corpus.dispose();
  }
}

/** Neighbours in a line of which both are frequent enough. */
async function countPairs(reader: IdReader, counts: Float64Array, minCount: number): Promise<PairTable> {
  const pairs = new PairTable();
  const ids = new Int32Array(BLOCK);
  let last = LINE_END;
  for (let from = 0; from < reader.length; from += BLOCK) {
    const count = await reader.read(from, ids);
    for (let i = 0; i < count; i += 1) {
      const id = ids[i];
      const counted = id !== LINE_END && counts[id] >= minCount;
      if (counted && last !== LINE_END) pairs.add(last, id);
      last = counted ? id : LINE_END;
    }
  }
  return pairs;
}

interface PairCounts {
  count: number;
  first: number;
  second: number;
  minCount: number;
  tokens: number;
}

function scoreOf(score: "word2phrase" | "npmi", { count, first, second, minCount, tokens }: PairCounts): number {
  if (score === "word2phrase") return ((count - minCount) / first / second) * tokens;
  const share = count / tokens;
  return Math.log((share * tokens * tokens) / (first * second)) / -Math.log(share);
}

function splitAtSpaces(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

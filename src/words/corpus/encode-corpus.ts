/**
 * A corpus as the ids of its words. The text is read once: words are counted and stored under the ids of their first
 * appearance, and when the counts are known these are replaced by the vocabulary's, in place.
 */
import { fileSize, runtime } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { corpusBytes, corpusLines, type CorpusSource } from "../../formats/corpus-source.ts";
import { type IdPlace, type IdReader, IdStore, openIds } from "./id-store.ts";
import { TokenTable } from "./token-table.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Stands among the ids where a line ends. */
export const LINE_END = -1;
const DROPPED = -2;
const MOST_WORDS = 20_000_000;
const MEMORY = 80 << 20;

export interface EncodeOptions {
  /** Words that occur less often are left out, as if they were not in the text. Default 5. */
  minCount?: number;
  /** At most so many words, the most frequent ones. Default: no limit. */
  maxVocabulary?: number;
  /**
   * Cuts a line into words. Default: at ASCII white space, which is much faster. A language without spaces:
   * `(line) => Array.from(segmenter.segment(line), (part) => part.segment)` with `new Intl.Segmenter("zh", { granularity: "word" })`.
   */
  tokenize?: (line: string) => Iterable<string>;
  /** Only these words, under these ids; minCount and maxVocabulary are not looked at. */
  vocabulary?: Vocabulary;
  /** These words first and in any case, under these ids, then the corpus's other ones: to go on training. */
  extend?: Vocabulary;
  /** Ids of more bytes than this are kept in a temporary file where this runtime has one. Default 80 MB (20 million words). */
  memoryLimit?: number;
  /** When so many distinct words have been seen, the rarest are forgotten. Default 20 million. */
  maxDistinct?: number;
  signal?: AbortSignal | undefined;
  /** Called now and then with the number of tokens read. */
  onProgress?: ((tokens: number) => void) | undefined;
}

/** A corpus as ids, with {@link LINE_END} at the end of each line. `dispose()` removes its temporary file. */
export interface EncodedCorpus {
  /** Its counts are those of this corpus, except when it was given: then they are as given. */
  readonly vocabulary: Vocabulary;
  /** Words kept, without line ends. */
  readonly tokens: number;
  /** Words in the text, with those that are not in the vocabulary. */
  readonly tokensRead: number;
  readonly lines: number;
  /** Ids stored: words and line ends. */
  readonly length: number;
  /** What a thread needs to read the ids with `openIds`. */
  readonly place: IdPlace;
  /** Opens the ids for reading in this thread. */
  open(): Promise<IdReader>;
  dispose(): Promise<void>;
}

/**
 * Reads a corpus once and keeps the ids of its words. Throws `invalid-argument` when no word is left.
 *
 * @example
 * const corpus = await encodeCorpus(["the cat sat", "the dog sat"], { minCount: 1 });
 * console.log(corpus.vocabulary.words, corpus.tokens); // [ 'the', 'sat', 'cat', 'dog' ] 6
 */
export async function encodeCorpus(source: CorpusSource, options: EncodeOptions = {}): Promise<EncodedCorpus> {
  const { minCount = 5, maxVocabulary = Infinity, memoryLimit = MEMORY, maxDistinct = MOST_WORDS } = options;
  wholeNumber("minCount", minCount);
  if (maxVocabulary !== Infinity) wholeNumber("maxVocabulary", maxVocabulary, 1);
  wholeNumber("maxDistinct", maxDistinct, 1);
  const table = new TokenTable(maxDistinct);
  const store = new IdStore((await needsFile(source, memoryLimit)) ? 0 : memoryLimit);
  try {
    const { tokensRead, lines } = await readInto(table, store, { source, ...options });
    const { vocabulary, idOf } = finalIds(table, { ...options, minCount, maxVocabulary });
    if (vocabulary.size === 0) throw noWords(tokensRead, minCount);
    let tokens = 0;
    await store.finish((id) => {
      if (id === LINE_END) return LINE_END;
      if (idOf[id] >= 0) tokens += 1;
      return idOf[id];
    }, DROPPED);
    const place = store.place();
    return {
      ...{ vocabulary, tokens, tokensRead, lines, place, length: store.length },
      open: () => openIds(place),
      dispose: () => store.dispose(),
    };
  } catch (error) {
    await store.dispose();
    throw error;
  }
}

/**
 * Whether the ids of a file will go beyond the limit (an id of 4 bytes for some 6 bytes of text, gzipped for 2): then they are
 * written from the first one on, and no memory is taken for them that is given back late.
 */
async function needsFile(source: CorpusSource, limit: number): Promise<boolean> {
  if (typeof source !== "string" || source === "-" || runtime !== "node") return false;
  return ((await fileSize(source)) ?? 0) * (source.endsWith(".gz") ? 2 : 2 / 3) > limit;
}

/** Counts the words of a corpus without keeping the text. */
export async function buildVocabulary(source: CorpusSource, options: EncodeOptions = {}): Promise<Vocabulary> {
  const { minCount = 5, maxVocabulary = Infinity, maxDistinct = MOST_WORDS } = options;
  const table = new TokenTable(maxDistinct);
  await readInto(table, undefined, { source, ...options });
  return finalIds(table, { ...options, minCount, maxVocabulary }).vocabulary;
}

/** Counts the words and, with a store, keeps their first ids. */
async function readInto(
  table: TokenTable,
  store: IdStore | undefined,
  { source, tokenize, signal, onProgress }: EncodeOptions & { source: CorpusSource },
): Promise<{ tokensRead: number; lines: number }> {
  let tokensRead = 0;
  let lines = 0;
  let lineOpen = false;
  const emit = (id: number): void => {
    if (id === LINE_END) lines += 1;
    else tokensRead += 1;
    lineOpen = id !== LINE_END;
    store?.push(id);
  };
  const pause = async (): Promise<void> => {
    signal?.throwIfAborted();
    await store?.settle();
    onProgress?.(tokensRead);
  };
  await pause();
  if (tokenize) {
    const encoder = new TextEncoder();
    for await (const line of corpusLines(source)) {
      for (const token of tokenize(line)) if (token.trim() !== "") emit(table.add(token, encoder));
      emit(LINE_END);
      if (lines % 1024 === 0) await pause();
    }
  } else {
    for await (const bytes of corpusBytes(source)) {
      table.scan(bytes, emit);
      await pause();
    }
    table.endWord(emit);
    if (lineOpen) emit(LINE_END);
  }
  return { tokensRead, lines };
}

/** The vocabulary, and for each id of the table its id there, or DROPPED. */
function finalIds(
  table: TokenTable,
  { minCount, maxVocabulary, vocabulary, extend }: EncodeOptions & { minCount: number; maxVocabulary: number },
): { vocabulary: Vocabulary; idOf: Int32Array } {
  const idOf = new Int32Array(table.size).fill(DROPPED);
  const decoder = new TextDecoder();
  const known = vocabulary ?? extend;
  const words = known ? [...known.words] : [];
  const counts: number[] = known ? words.map(() => 0) : [];
  const rest: number[] = [];
  for (let id = 0; id < table.size; id += 1) {
    const count = table.count(id);
    const place = known && count > 0 ? known.indexOf(decoder.decode(table.bytes(id))) : -1;
    if (place >= 0) {
      idOf[id] = place;
      counts[place] += count;
    } else if (count >= Math.max(1, minCount)) rest.push(id);
  }
  if (vocabulary) return { vocabulary, idOf };
  // Sorting is stable: ties stay in the order of first appearance.
  rest.sort((a, b) => table.count(b) - table.count(a));
  // Different bytes that are no UTF-8 may read as the same word, with U+FFFD in it.
  const broken = new Map<string, number>();
  for (const id of rest) {
    const word = decoder.decode(table.bytes(id));
    const twin = broken.get(word);
    if (twin === undefined && words.length >= maxVocabulary) break;
    idOf[id] = twin ?? words.length;
    if (twin === undefined) {
      if (word.includes("\uFFFD")) broken.set(word, words.length);
      words.push(word);
      counts.push(0);
    }
    counts[idOf[id]] += table.count(id);
  }
  return { vocabulary: new Vocabulary(words, counts), idOf };
}

function noWords(tokensRead: number, minCount: number): SemspaceError {
  return new SemspaceError(
    "invalid-argument",
    tokensRead === 0
      ? "The corpus has no words. Is it the right file?"
      : `None of the corpus's ${tokensRead} tokens is a word that occurs ${minCount} times. Use a smaller minCount or more text.`,
  );
}

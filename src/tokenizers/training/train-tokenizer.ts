/** A tokenizer learned from a corpus: the words are counted, then the model of the recipe is learned from the counts. */
import { oneOf, SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { corpusLines, type CorpusSource } from "../../formats/corpus-source.ts";
import { template } from "../special-token-template.ts";
import type { AddedTokenJson, ModelJson, Part, TokenizerJson } from "../tokenizer-json.ts";
import { Tokenizer } from "../tokenizer.ts";
import { learnMerges } from "./learn-merges.ts";
import { learnPieces } from "./learn-pieces.ts";
import { type TokenizerRecipe, tokenizerRecipe, type TrainableModel, trainableModels } from "./tokenizer-recipes.ts";
import type { TrainingJob } from "./training-job.ts";
import { countWords, type WordCounts } from "./word-counts.ts";

export interface TokenizerTrainingOptions extends TrainingJob {
  /** "wordpiece" (BERT's), "byte-level-bpe" (GPT-2's), "bpe" or "unigram" (SentencePiece's). */
  model: TrainableModel;
  /** Tokens in all, special ones included. Default 30,000; 8000 for "unigram". */
  vocabularySize?: number;
  /** Least count of a pair that becomes a token (not of "unigram"). Default 2. */
  minFrequency?: number;
  /** They get the first ids. Default: those of BERT, GPT-2 or SentencePiece. */
  specialTokens?: readonly string[];
  /** What stands for a character that was not learned; one of `specialTokens`. Default: "[UNK]", "<unk>", none at byte level. */
  unknownToken?: string;
  /** Most distinct characters; rarer ones are unknown. Default 1000; of "unigram" and at byte level all. */
  alphabetLimit?: number;
  /** Characters that are tokens whether or not the corpus has them. */
  initialAlphabet?: Iterable<string>;
  /** Whether words lose their capitals. Default: of "wordpiece" only. */
  lowercase?: boolean;
  /** Most characters of a token; of "unigram" 16 by default, else any. */
  maxTokenLength?: number;
  /** Parts of a tokenizer.json in place of the recipe's. */
  normalizer?: Part | null;
  preTokenizer?: Part | null;
  decoder?: Part | null;
}

/**
 * Learns a tokenizer from texts: a file with a text a line (gzipped when its name ends in `.gz`), several files, or the texts themselves as
 * they come. `tokenizer.json` of the result is what a file tokenizer.json holds. Tokens and merges are the Rust trainer's. Throws
 * `invalid-argument` for wrong options and a corpus without words; rejects with the signal's reason.
 *
 * @example
 * const tokenizer = await trainTokenizer("corpus.txt", { model: "wordpiece", vocabularySize: 8000 });
 * await writeFile("tokenizer.json", JSON.stringify(tokenizer.json));
 */
export async function trainTokenizer(
  corpus: CorpusSource | { files: readonly string[] },
  options: TokenizerTrainingOptions,
): Promise<Tokenizer> {
  const recipe = readOptions(options);
  const texts = typeof corpus === "object" && "files" in corpus ? linesOfAll(corpus.files) : corpusLines(corpus);
  const steps = { normalizer: recipe.normalizer, pre_tokenizer: recipe.preTokenizer };
  const counted = await countWords(texts, steps, options);
  if (counted.words.length === 0)
    throw new SemspaceError("invalid-argument", "The corpus has no words to learn a tokenizer from.");
  const learn = { wordpiece: wordPiece, "byte-level-bpe": bpe, bpe, unigram }[options.model];
  const { model, ids } = await learn(counted, recipe, options);
  return new Tokenizer(tokenizerJson(recipe, model, ids));
}

async function* linesOfAll(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) yield* corpusLines(file);
}

interface Learned {
  model: ModelJson;
  ids: Readonly<Record<string, number>>;
}

type Learn = (counted: WordCounts, recipe: Recipe, job: TrainingJob) => Promise<Learned>;

const wordPiece: Learn = async (counted, recipe, job) => {
  const { tokens } = await learnMerges(counted, recipe, job);
  const ids = idsOf(tokens);
  const model = {
    type: "WordPiece",
    unk_token: recipe.unknownToken ?? "[UNK]",
    continuing_subword_prefix: recipe.prefix,
    max_input_chars_per_word: 100,
    vocab: ids,
  };
  return { model, ids };
};

const bpe: Learn = async (counted, recipe, job) => {
  const { tokens, merges } = await learnMerges(counted, recipe, job);
  const ids = idsOf(tokens);
  const model = {
    type: "BPE",
    dropout: null,
    unk_token: recipe.unknownToken,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: recipe.unknownToken !== null,
    byte_fallback: false,
    ignore_merges: false,
    vocab: ids,
    merges,
  };
  return { model, ids };
};

const unigram: Learn = async (counted, recipe, job) => {
  const { unknownToken, specialTokens, maxTokenLength: maxPieceLength } = recipe;
  const pieces = await learnPieces(counted, { ...recipe, maxPieceLength }, job);
  const vocab = pieces.map(({ text, score }) => [text, score] as const);
  const unk_id = unknownToken === null ? null : specialTokens.indexOf(unknownToken);
  const model = { type: "Unigram", unk_id, vocab, byte_fallback: false };
  return { model, ids: idsOf(specialTokens) };
};

function idsOf(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

function tokenizerJson(recipe: Recipe, model: ModelJson, ids: Readonly<Record<string, number>>): TokenizerJson {
  const added: AddedTokenJson[] = recipe.specialTokens.map((content) => ({
    id: ids[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: recipe.normalizer,
    pre_tokenizer: recipe.preTokenizer,
    post_processor: postProcessor(recipe, ids),
    decoder: recipe.decoder,
    model,
  };
}

/** Begin and end around a text, an end after the second of a pair; at byte level what keeps a word's space out of its offsets. */
function postProcessor({ begin, end, specialTokens }: Recipe, ids: Readonly<Record<string, number>>): Part {
  const [first, last] = [begin, end].map((token) => (token !== null && specialTokens.includes(token) ? token : ""));
  if (first === "" && last === "")
    return { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true };
  const single = `${first} $A ${last}`.trim();
  const pair = `${single} $B:1 ${last === "" ? "" : `${last}:1`}`.trim();
  const used = [first, last].filter((token) => token !== "");
  return template(single, pair, Object.fromEntries(used.map((token) => [token, ids[token]])));
}

type Recipe = TokenizerRecipe & { maxTokenLength?: number | undefined };

/** The recipe with the options in place of its own values. */
function readOptions(options: TokenizerTrainingOptions): Recipe {
  const model = oneOf("model", options.model, trainableModels);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const recipe: Recipe = {
    ...tokenizerRecipe(model, options.lowercase),
    ...given,
    ...(options.initialAlphabet && { initialAlphabet: charactersOf(options.initialAlphabet) }),
  };
  wholeNumber("vocabularySize", recipe.vocabularySize, 1);
  wholeNumber("minFrequency", recipe.minFrequency);
  if (recipe.alphabetLimit !== undefined) wholeNumber("alphabetLimit", recipe.alphabetLimit, 1);
  if (recipe.maxTokenLength !== undefined) wholeNumber("maxTokenLength", recipe.maxTokenLength, 1);
  const { specialTokens, unknownToken, vocabularySize } = recipe;
  if (specialTokens.length >= vocabularySize)
    throw new SemspaceError(
      "invalid-argument",
      `A vocabulary of ${vocabularySize} has no room beside ${specialTokens.length} special tokens. Use a larger vocabularySize.`,
    );
  if (unknownToken !== null && !specialTokens.includes(unknownToken))
    throw new SemspaceError(
      "invalid-argument",
      `The unknown token ${shown(unknownToken)} is none of the special tokens: ${specialTokens.join(", ")}. Add it to specialTokens.`,
    );
  return recipe;
}

/** The first character of each text, as the Python package takes it. */
function charactersOf(texts: Iterable<string>): string[] {
  return [...texts].map((text) => String.fromCodePoint(text.codePointAt(0)!)).filter((character) => character !== "");
}

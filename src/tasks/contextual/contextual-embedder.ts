/** The door to words in context: a model in; vectors of tokens and words, uses of a word and their senses, attention out. */
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";
import type { ModelSource } from "../../hub/folder.ts";
import { defaultBatchTokens } from "../../texts/embedder.ts";
import { type AttentionMap, attentionMap } from "./attention-map.ts";
import { type SensesOptions, sensesOf, type WordSenses } from "./senses.ts";
import { type TextInContext, textInContext } from "./text-in-context.ts";
import { type ContextualOptions, openTokenReader, type TokenReader } from "./token-reader.ts";
import { textsSaying, type WordInContext, wordUses } from "./word-uses.ts";

export interface ContextualizeOptions {
  /** Hidden states of this layer, one of those the model was loaded with. Default: the last ones. */
  readonly layer?: number | undefined;
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number | undefined;
}

export interface AttentionOptions {
  /** One of the `attentions` that the model was loaded with. */
  readonly layer: number;
  /** One head, from 0. Default: the mean of all. */
  readonly head?: number | undefined;
}

/** A model that gives a word another vector in every sentence; a static one gives it the same. `loadContextualEmbedder` gives one. */
export interface ContextualEmbedder {
  /** Where the model came from, for messages. */
  readonly name: string;
  /** "static": the vectors do not depend on the text around. */
  readonly kind: "transformer" | "static";
  /** Length of a vector. */
  readonly dimensions: number;
  /** The vectors of the tokens and words of a text. */
  contextualize(text: string, options?: ContextualizeOptions): Promise<TextInContext>;
  /** The vectors of the tokens and words of each text. */
  contextualize(texts: readonly string[], options?: ContextualizeOptions): Promise<TextInContext[]>;
  /** Every use of a word in the texts, whatever its case: its vectors, and how near they are to each other. */
  wordInContext(texts: readonly string[], word: string, options?: ContextualizeOptions): Promise<WordInContext>;
  /** The uses of a word in groups, one a sense, with the words that tell the groups apart. */
  senses(texts: readonly string[], word: string, options?: SensesOptions & ContextualizeOptions): Promise<WordSenses>;
  /** Which tokens the tokens of a text look at. */
  attentions(text: string, options: AttentionOptions): Promise<AttentionMap>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a transformer, or a static model (without a source the one that the package ships). Throws `unsupported` for layers that the
 * folder cannot give: a ready ONNX file gives its last hidden states only, a static model has no layers.
 *
 * @example
 * const context = await loadContextualEmbedder("models/all-MiniLM-L6-v2");
 * const texts = ["He sat by the bank of the river.", "She deposited money in the bank.", "The bank of the stream was muddy."];
 * const { similarities } = await context.wordInContext(texts, "bank");
 * similarities.row(0); // nearer to the third than to the second
 */
export async function loadContextualEmbedder(
  source?: ModelSource,
  options: ContextualOptions = {},
): Promise<ContextualEmbedder> {
  const reader = await openTokenReader(source, options);
  const read = (texts: readonly string[], settings: ContextualizeOptions | undefined) =>
    readTexts(reader, texts, settings);
  function contextualize(text: string, settings?: ContextualizeOptions): Promise<TextInContext>;
  function contextualize(texts: readonly string[], settings?: ContextualizeOptions): Promise<TextInContext[]>;
  async function contextualize(
    texts: string | readonly string[],
    settings?: ContextualizeOptions,
  ): Promise<TextInContext | TextInContext[]> {
    return typeof texts === "string" ? (await read([texts], settings))[0] : read(texts, settings);
  }
  const wordInContext: ContextualEmbedder["wordInContext"] = async (texts, word, settings) => {
    checkTexts(texts);
    // Only texts that say the word are worth computing.
    const saying = textsSaying(texts, word);
    const contexts = await read(
      saying.map((i) => texts[i]),
      settings,
    );
    const found = wordUses(contexts, word);
    const uses = found.uses.map((use) => ({ ...use, text: saying[use.text] }));
    const said = new Set(uses.map(({ text }) => text));
    return { ...found, uses, missing: [...texts.keys()].filter((i) => !said.has(i)) };
  };
  return {
    name: reader.name,
    kind: reader.kind,
    dimensions: reader.dimensions,
    contextualize,
    wordInContext,
    senses: async (texts, word, settings = {}) => sensesOf(await wordInContext(texts, word, settings), texts, settings),
    attentions: (text, { layer, head }) => attentionMap(reader, text, { layer: wholeNumber("layer", layer), head }),
    dispose: () => reader.dispose(),
  };
}

async function readTexts(
  reader: TokenReader,
  texts: readonly string[],
  { layer, batchTokens = defaultBatchTokens }: ContextualizeOptions = {},
): Promise<TextInContext[]> {
  wholeNumber("batchTokens", batchTokens, 1);
  checkTexts(texts);
  const states = await reader.read(texts, layer, batchTokens);
  return states.map((state, i) => textInContext(texts[i], state));
}

function checkTexts(texts: readonly string[]): void {
  const wrong = texts.findIndex((text) => typeof text !== "string");
  if (wrong === -1) return;
  throw new SemspaceError("invalid-argument", `Text ${wrong} must be a string, got ${shown(texts[wrong])}.`);
}

/** A tokenizer as a tokenizer.json describes it: text to ids, tokens and offsets, and back. Equal to the Rust `tokenizers` 0.22. */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { createDecoder } from "./decoders/create-decoder.ts";
import type { Decoder } from "./decoders/decoder.ts";
import { type Encoding, fromTokens } from "./encoding.ts";
import { FastIds, type TokenIds } from "./fast/fast-ids.ts";
import { pad, type PaddingOptions, readPadding } from "./padding.ts";
import { createPostProcessor } from "./post-processors/create-post-processor.ts";
import type { PostProcessor } from "./post-processors/post-processor.ts";
import { TextPipeline } from "./text-pipeline.ts";
import { readTokenizerJson, type TokenizerJson } from "./tokenizer-json.ts";
import { readTruncation, truncate, type TruncationOptions } from "./truncation.ts";

export interface EncodeOptions {
  /** A second text, for models that read pairs. */
  pair?: string;
  /** Whether [CLS], </s> and so on are added; default true. */
  addSpecialTokens?: boolean;
  /** Default: nothing is cut off. `tokenizer.truncation` is what the file recommends. */
  truncation?: TruncationOptions | undefined;
  /** Default: nothing is padded. `tokenizer.padding` is what the file recommends. */
  padding?: PaddingOptions | undefined;
}

export class Tokenizer {
  /** The tokenizer.json, or what the vocabulary files were turned into. */
  readonly json: TokenizerJson;
  /** What the file says about truncation; applied only when passed to `encode`. */
  readonly truncation: TruncationOptions | undefined;
  /** What the file says about padding; applied only when passed to `encode`. */
  readonly padding: PaddingOptions | undefined;
  /** The kind of model (`model_type` of config.json) that it lies beside; a model can tell by it whether it is its own. */
  readonly modelType: string | undefined;
  readonly #pipeline: TextPipeline;
  readonly #postProcessor: PostProcessor;
  readonly #decode: Decoder | undefined;
  #fast: FastIds | undefined;

  /** Takes a parsed tokenizer.json. Throws `unsupported` for an unknown part, `invalid-file` for a malformed one. */
  constructor(json: unknown, { modelType }: { modelType?: string | undefined } = {}) {
    this.modelType = modelType;
    this.json = readTokenizerJson(json);
    this.truncation = readTruncation(this.json.truncation);
    this.padding = readPadding(this.json.padding);
    this.#pipeline = new TextPipeline(this.json);
    this.#postProcessor = this.json.post_processor ? createPostProcessor(this.json.post_processor) : asIs;
    this.#decode = this.json.decoder ? createDecoder(this.json.decoder) : undefined;
  }

  /**
   * Encodes one text, or two with `pair`. Offsets are UTF-16 indices: `text.slice(...encoding.offsets[i])`.
   *
   * @example
   * const { tokens, offsets } = tokenizer.encode("Hello world");
   * // tokens ["[CLS]", "hello", "world", "[SEP]"], offsets [[0, 0], [0, 5], [6, 11], [0, 0]]
   */
  encode(text: string, options: EncodeOptions = {}): Encoding {
    const encoding = this.#encode(text, options.pair, options);
    return options.padding ? pad([encoding], options.padding)[0] : encoding;
  }

  /** Encodes texts or pairs; padding without a length goes to the longest of them. */
  encodeBatch(
    texts: readonly (string | readonly [string, string])[],
    options: Omit<EncodeOptions, "pair"> = {},
  ): Encoding[] {
    const encodings = texts.map((text) =>
      typeof text === "string" ? this.#encode(text, undefined, options) : this.#encode(text[0], text[1], options),
    );
    return options.padding ? pad(encodings, options.padding) : encodings;
  }

  /** Only the ids, the fast way: no offsets, no padding; a longer text loses its end, its special tokens stay. */
  encodeIds(texts: readonly string[], options: { addSpecialTokens?: boolean; maxLength?: number } = {}): TokenIds {
    for (const text of texts) checkText(text);
    this.#fast ??= new FastIds(this.#pipeline);
    const { addSpecialTokens = true, maxLength } = options;
    const around = addSpecialTokens ? this.#around() : {};
    return this.#fast.encode(
      texts,
      maxLength === undefined ? around : { ...around, maxLength: wholeNumber("maxLength", maxLength) },
    );
  }

  /** The text that ids stand for; special tokens are left out unless `skipSpecialTokens` is false. Ids of no token are skipped. */
  decode(ids: ArrayLike<number>, { skipSpecialTokens = true }: { skipSpecialTokens?: boolean } = {}): string {
    const tokens: string[] = [];
    for (let i = 0; i < ids.length; i += 1) {
      const token = this.idToToken(ids[i]);
      if (token !== undefined && !(skipSpecialTokens && this.#pipeline.added.isSpecial(token))) tokens.push(token);
    }
    return this.tokensToText(tokens);
  }

  /** The text of tokens by their names, special tokens included; a decoder may know how to join what no vocabulary has. */
  tokensToText(tokens: readonly string[]): string {
    return this.#decode ? this.#decode([...tokens]).join("") : tokens.join(" ");
  }

  tokenToId(token: string): number | undefined {
    return this.#pipeline.added.tokenToId(token) ?? this.#pipeline.model.vocabulary.ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#pipeline.added.idToToken(id) ?? this.#pipeline.model.vocabulary.token(id);
  }

  /** Entries of the model's vocabulary and added tokens together. */
  get vocabularySize(): number {
    const { added, model } = this.#pipeline;
    let { size } = model.vocabulary;
    for (const [token] of added.entries()) if (!model.vocabulary.ids.has(token)) size += 1;
    return size;
  }

  /** All tokens with their ids; a new map each time. */
  vocabulary(): Map<string, number> {
    return new Map([...this.#pipeline.model.vocabulary.ids, ...this.#pipeline.added.entries()]);
  }

  /** How many special tokens `encode` adds to a text or a pair. */
  addedTokenCount(isPair = false): number {
    return this.#postProcessor.added(isPair);
  }

  /** The special tokens before and after a single text, as the post-processor puts them around a placeholder. */
  #around(): { before: number[]; after: number[] } {
    const ids = this.#postProcessor.process([fromTokens([placeholder], [""])], true).flatMap((part) => part.ids);
    const at = ids.indexOf(placeholder);
    return { before: ids.slice(0, at), after: ids.slice(at + 1) };
  }

  #encode(text: string, pair: string | undefined, options: Omit<EncodeOptions, "pair">): Encoding {
    checkText(text);
    if (pair !== undefined) checkText(pair);
    const { addSpecialTokens = true, truncation } = options;
    let first: Encoding | undefined = this.#pipeline.encode(text, 0);
    let second = pair === undefined ? undefined : this.#pipeline.encode(pair, 1);
    if (truncation) {
      const added = addSpecialTokens ? this.#postProcessor.added(second !== undefined) : 0;
      [first, second] = truncate(first, second, { ...truncation, added });
    }
    const parts = [first, second].filter((part) => part !== undefined);
    const [start, ...rest] = this.#postProcessor.process(parts, addSpecialTokens);
    return rest.reduce((joined, part) => joined.concat(part), start ?? fromTokens([], [])).madeBy(this);
  }
}

function checkText(text: unknown): void {
  if (typeof text !== "string")
    throw new SemspaceError(
      "invalid-argument",
      `Can only encode strings, got ${text === null ? "null" : typeof text}. Pass a string.`,
    );
}

/** An id that no token has. */
const placeholder = -1;

const asIs: PostProcessor = { added: () => 0, process: (encodings) => [...encodings] };

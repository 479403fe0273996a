/** A language model that writes on: what comes next, and whole continuations as a text or as a stream of pieces. */
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, readJsonIfPresent } from "../../hub/folder.ts";
import { topK as largest } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { loadWithTokenizer, type WithTokenizer } from "../../texts/modules/transformer.ts";
import { disposeOnError } from "../../transformers/dispose-on-error.ts";
import { type Decoder, loadDecoder, padded } from "../../transformers/index.ts";
import { softmax } from "../softmax.ts";
import type { TaskModelOptions } from "../task-model.ts";
import { type Finish, generateTokens, type Generation } from "./generate.ts";
import { checkedSampling, type SamplingOptions } from "./next-token.ts";
import { TextStream } from "./text-stream.ts";

export interface GenerateOptions extends SamplingOptions {
  /** Most tokens that are added. Default 64. */
  readonly maxNewTokens?: number;
  /** The same seed, prompt and options give the same text. Default 0. */
  readonly seed?: number;
  /** Texts that end the continuation; they are not part of it. */
  readonly stop?: string | readonly string[];
  /** Called for every token as it comes, with the text that has become certain by it, perhaps "". */
  readonly onToken?: (token: GeneratedToken) => void;
  /** Aborts between tokens: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface GeneratedToken {
  /** Which of the prompts. */
  readonly row: number;
  readonly id: number;
  readonly token: string;
  /** Its probability among the tokens that could be drawn. */
  readonly probability: number;
  readonly text: string;
}

export interface Continuation {
  /** What was added, without the prompt. */
  readonly text: string;
  /** Its tokens, with the one that ends it. */
  readonly ids: Int32Array;
  readonly finish: Finish;
}

/** A token that may come next. */
export interface NextToken {
  readonly token: string;
  readonly id: number;
  readonly probability: number;
}

/** A causal language model: `loadCausalLanguageModel` gives one. */
export interface CausalLanguageModel {
  /** The likeliest tokens after a text, 5 unless `topK` says otherwise. */
  nextTokens(text: string, options?: { readonly topK?: number }): Promise<NextToken[]>;
  /** Writes a text on. Throws `mismatch` for a text that leaves no room in the model's positions. */
  generate(prompt: string, options?: GenerateOptions): Promise<Continuation>;
  /** Writes texts on side by side; each becomes what it becomes alone. */
  generate(prompts: readonly string[], options?: GenerateOptions): Promise<Continuation[]>;
  /** The continuation piece by piece, as it becomes certain. Ending the loop ends the work. */
  stream(prompt: string, options?: GenerateOptions): AsyncGenerator<string, void, undefined>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a causal language model: GPT-2, Llama, Qwen 3, Gemma 3. Throws `unsupported` for an encoder.
 *
 * @example
 * const model = await loadCausalLanguageModel("models/gpt2");
 * const { text } = await model.generate("The capital of France is", { maxNewTokens: 20 });
 * for await (const piece of model.stream("Once upon a time", { temperature: 0.8, topP: 0.95, seed: 1 })) process.stdout.write(piece);
 */
export async function loadCausalLanguageModel(
  source: ModelSource,
  { maxLength, onWarning, ...session }: TaskModelOptions = {},
): Promise<CausalLanguageModel> {
  const folder = await openFolder(source);
  const load = async () => {
    const decoder = await loadDecoder(folder, session);
    return {
      decoder,
      vocabularySize: decoder.config.vocabularySize,
      maxPositions: decoder.maxPositions,
      dispose: () => decoder.dispose(),
    };
  };
  const parts = await loadWithTokenizer(folder, load, { maxLength, onWarning });
  const endIds = await disposeOnError(parts.model, () => endTokens(folder, parts.model.decoder));
  const writer: Writer = { ...parts, endIds };
  function generate(prompt: string, options?: GenerateOptions): Promise<Continuation>;
  function generate(prompts: readonly string[], options?: GenerateOptions): Promise<Continuation[]>;
  async function generate(
    prompts: string | readonly string[],
    options: GenerateOptions = {},
  ): Promise<Continuation | Continuation[]> {
    const isOne = typeof prompts === "string";
    const run = new Run(writer, isOne ? [prompts] : prompts, options);
    for await (const token of run.tokens()) options.onToken?.(token);
    return isOne ? run.continuation(0) : prompts.map((_, row) => run.continuation(row));
  }
  return {
    generate,
    async *stream(prompt, options = {}) {
      const run = new Run(writer, [prompt], options);
      for await (const token of run.tokens()) {
        options.onToken?.(token);
        if (token.text !== "") yield token.text;
      }
      const rest = run.rest(0);
      if (rest !== "") yield rest;
    },
    nextTokens: (text, { topK = 5 } = {}) => nextTokens(writer, text, wholeNumber("topK", topK, 1)),
    dispose: () => parts.model.dispose(),
  };
}

interface Writer extends WithTokenizer<{ readonly decoder: Decoder }> {
  endIds: ReadonlySet<number>;
}

/** One call of `generate` or `stream`. */
class Run {
  readonly #writer: Writer;
  readonly #generation: Generation;
  readonly #streams: readonly TextStream[];
  readonly #ids: readonly number[][];

  constructor(writer: Writer, prompts: readonly string[], options: GenerateOptions) {
    const { tokenizer, model, maxLength } = writer;
    const { maxNewTokens = 64, seed = 0, stop = [], signal } = options;
    const stops = typeof stop === "string" ? [stop] : stop;
    if (stops.includes("")) throw new SemspaceError("invalid-argument", "A stop text must not be empty. Leave it out.");
    const encodings = prompts.map((prompt) => tokenizer.encode(prompt));
    const longest = encodings.reduce((most, { length }) => Math.max(most, length), 0);
    const limit = maxLength ?? model.decoder.maxPositions;
    checkPrompts(encodings, limit);
    this.#writer = writer;
    this.#generation = {
      decoder: model.decoder,
      prompts: encodings,
      sampling: checkedSampling(options),
      endIds: writer.endIds,
      maxNewTokens: Math.min(wholeNumber("maxNewTokens", maxNewTokens, 1), limit - longest + 1),
      padTokenId: model.decoder.config.padTokenId,
      random: prompts.map(() => randomNumbers(wholeNumber("seed", seed))),
      signal,
    };
    const decode = (ids: readonly number[]) => tokenizer.decode(ids);
    this.#streams = prompts.map(() => new TextStream(decode, stops));
    this.#ids = prompts.map((): number[] => []);
  }

  async *tokens(): AsyncGenerator<GeneratedToken> {
    if (this.#streams.length === 0) return;
    const { tokenizer } = this.#writer;
    for await (const { row, id, probability } of generateTokens(this.#generation, (at) => this.#streams[at].stopped)) {
      this.#ids[row].push(id);
      const text = this.#writer.endIds.has(id) ? "" : this.#streams[row].add(id);
      yield { row, id, token: tokenizer.idToToken(id) ?? "", probability, text };
    }
  }

  /** Text of a row that was held back. */
  rest(row: number): string {
    return this.#streams[row].end();
  }

  continuation(row: number): Continuation {
    this.rest(row);
    const ids = Int32Array.from(this.#ids[row]);
    const { stopped, text } = this.#streams[row];
    const ended = ids.length > 0 && this.#writer.endIds.has(ids[ids.length - 1]);
    return { text, ids, finish: stopped ? "stop" : ended ? "end" : "length" };
  }
}

async function nextTokens({ tokenizer, model, maxLength }: Writer, text: string, topK: number): Promise<NextToken[]> {
  const encoding = tokenizer.encode(text);
  checkPrompts([encoding], maxLength ?? model.decoder.maxPositions);
  const { padTokenId } = model.decoder.config;
  const logits = await model.decoder.start().next(padded([encoding], padTokenId));
  const { indices, scores } = largest(softmax(logits), topK);
  return Array.from(indices, (id, i) => ({
    token: tokenizer.decode([id], { skipSpecialTokens: false }),
    id,
    probability: scores[i],
  }));
}

function checkPrompts(prompts: readonly { length: number }[], limit: number): void {
  for (const { length } of prompts) {
    if (length === 0) {
      throw new SemspaceError(
        "invalid-argument",
        "The prompt has no tokens, and this tokenizer adds none. Pass some text.",
      );
    }
    if (length > limit) {
      throw new SemspaceError("mismatch", `The prompt has ${length} tokens, the model takes ${limit}. Shorten it.`);
    }
  }
}

/** Tokens that end a text: `eos_token_id` of generation_config.json, else of config.json; a number or a list. */
async function endTokens(folder: ModelFolder, { config }: Decoder): Promise<ReadonlySet<number>> {
  const file = await readJsonIfPresent<Record<string, unknown>>(folder, "generation_config.json");
  const ids = [file?.["eos_token_id"] ?? config.json["eos_token_id"] ?? []].flat();
  if (ids.every((id) => Number.isInteger(id))) return new Set(ids as number[]);
  throw new SemspaceError(
    "invalid-file",
    `eos_token_id in ${folder.name} must be a token id or a list of them, got ${shown(ids)}. Fetch the model again.`,
  );
}

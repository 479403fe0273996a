/**
 * Entities: names, places, numbers … in a text, found by a token classifier, with where they stand.
 * Reference: transformers 5.3, `pipelines/token_classification.py`. What differs: a text longer than the model takes is read in windows that
 * overlap also when no `stride` is given (the pipeline cuts it off), and offsets are UTF-16 indices.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import type { ModelSource } from "../hub/folder.ts";
import { defaultBatchTokens } from "../texts/embedder.ts";
import { type Encoding, specialToken } from "../tokenizers/index.ts";
import { disposeOnError } from "../transformers/dispose-on-error.ts";
import { labelsOf, type Logits } from "../transformers/index.ts";
import { encodingBatches } from "./encoding-batches.ts";
import {
  aggregate,
  type Aggregation,
  aggregations,
  type Entity,
  type LabelledToken,
  withoutOverlaps,
} from "./entity-groups.ts";
import { softmax } from "./softmax.ts";
import { loadTaskModel, type TaskModel, type TaskModelOptions } from "./task-model.ts";

export interface EntitiesOptions {
  /**
   * How tokens become entities: "none" gives labelled tokens, "simple" joins neighbours of one label, "first", "average" and "max" give
   * a word's tokens one label before that. Default "simple".
   */
  readonly aggregation?: Aggregation;
  /** Labels that are left out. Default ["O"]. */
  readonly ignoreLabels?: readonly string[];
  /** Tokens that two windows of a long text share. Default: a quarter of a window. */
  readonly stride?: number;
  /** Most tokens, padding included, that go through the model at once. Default 512. */
  readonly batchTokens?: number;
}

/** A token classifier: `loadTokenClassifier` gives one. */
export interface TokenClassifier {
  /** All labels that the model has, "B-PER" and "O" among them. */
  readonly labels: readonly string[];
  /** The entities of a text, in order. */
  entities(text: string, options?: EntitiesOptions): Promise<Entity[]>;
  /** The entities of each text. */
  entities(texts: readonly string[], options?: EntitiesOptions): Promise<Entity[][]>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a token classifier. Throws `mismatch` for a folder that has no such head.
 *
 * @example
 * const model = await loadTokenClassifier("models/rampart-ner");
 * await model.entities("My name is Sarah Johnson.");
 * // [{ label: "GIVEN_NAME", score: 0.99…, word: "sarah", start: 11, end: 16 }, { label: "SURNAME", …, start: 17, end: 24 }]
 */
export async function loadTokenClassifier(
  source: ModelSource,
  options: TaskModelOptions = {},
): Promise<TokenClassifier> {
  const parts = await loadTaskModel(source, "token-classification", options);
  const { labels, unknown } = await disposeOnError(parts.model, async () => ({
    labels: labelsOf(parts.model.config),
    unknown: await specialToken(parts.folder, parts.tokenizer, "unk_token"),
  }));
  const reader: Reader = {
    ...parts,
    labels,
    unknownId: unknown === undefined ? -1 : (parts.tokenizer.tokenToId(unknown) ?? -1),
    marksSubwords: marksSubwords(parts.tokenizer.json.model),
  };
  const find = (texts: readonly string[], settings: EntitiesOptions = {}) => entitiesOf(reader, texts, settings);
  function entities(text: string, settings?: EntitiesOptions): Promise<Entity[]>;
  function entities(texts: readonly string[], settings?: EntitiesOptions): Promise<Entity[][]>;
  async function entities(
    texts: string | readonly string[],
    settings?: EntitiesOptions,
  ): Promise<Entity[] | Entity[][]> {
    return typeof texts === "string" ? (await find([texts], settings))[0] : find(texts, settings);
  }
  return { labels, entities, dispose: () => parts.model.dispose() };
}

interface Reader extends TaskModel {
  labels: readonly string[];
  unknownId: number;
  /** Whether the vocabulary says which tokens continue a word, as WordPiece does by "##". */
  marksSubwords: boolean;
}

function marksSubwords({
  type,
  continuing_subword_prefix: prefix,
}: {
  type?: string;
  continuing_subword_prefix?: string;
}): boolean {
  return type === "WordPiece" || (prefix ?? "") !== "";
}

async function entitiesOf(
  reader: Reader,
  texts: readonly string[],
  { aggregation = "simple", ignoreLabels = ["O"], stride, batchTokens = defaultBatchTokens }: EntitiesOptions,
): Promise<Entity[][]> {
  oneOf("aggregation", aggregation, aggregations);
  wholeNumber("batchTokens", batchTokens, 1);
  const windows = texts.flatMap((text, owner) =>
    windowsOf(reader, text, stride).map((encoding) => ({ owner, encoding })),
  );
  const found = windows.map((): Entity[] => []);
  const context = { labels: reader.labels, join: (tokens: readonly string[]) => reader.tokenizer.tokensToText(tokens) };
  const encodings = windows.map(({ encoding }) => encoding);
  for (const { positions, batch } of encodingBatches(encodings, { batchTokens, ...reader.shape })) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
    const logits = await reader.model.run(batch);
    for (const [row, position] of positions.entries()) {
      const { owner, encoding } = windows[position];
      const tokens = labelledTokens(reader, encoding, { text: texts[owner], logits, first: row * batch.columns });
      found[position] = aggregate(tokens, aggregation, context).filter(({ label }) => !ignoreLabels.includes(label));
    }
  }
  const byText = texts.map((): Entity[][] => []);
  for (const [i, entities] of found.entries()) byText[windows[i].owner].push(entities);
  return byText.map((own) => (own.length > 1 ? withoutOverlaps(own.flat()) : own[0]));
}

/** The text as one encoding, or as several that overlap. */
function windowsOf({ tokenizer, maxLength }: Reader, text: string, stride: number | undefined): Encoding[] {
  if (maxLength === undefined) return [tokenizer.encode(text)];
  const room = maxLength - tokenizer.addedTokenCount();
  if (stride !== undefined && wholeNumber("stride", stride) >= room) {
    throw new SemspaceError(
      "invalid-argument",
      `stride ${stride} must be below the ${room} tokens of a window. Use a smaller stride.`,
    );
  }
  const truncation = { maxLength, stride: stride ?? Math.floor(room / 4) };
  const encoding = tokenizer.encode(text, { truncation });
  return [encoding, ...encoding.overflowing];
}

interface Row {
  text: string;
  logits: Logits;
  /** Row of `logits` of the first token. */
  first: number;
}

function labelledTokens(reader: Reader, encoding: Encoding, { text, logits, first }: Row): LabelledToken[] {
  const { data, width } = logits;
  const tokens: LabelledToken[] = [];
  for (let index = 0; index < encoding.length; index += 1) {
    if (encoding.specialTokensMask[index] === 1) continue;
    const [start, end] = [encoding.starts[index], encoding.ends[index]];
    const own = text.slice(start, end);
    const isUnknown = encoding.ids[index] === reader.unknownId;
    const token = encoding.tokens[index];
    const continues = reader.marksSubwords
      ? characters(token) !== characters(own)
      : start > 0 && !text.slice(start - 1, start + 1).includes(" ");
    tokens.push({
      token: isUnknown ? own : token,
      start,
      end,
      index,
      isSubword: !isUnknown && continues,
      probabilities: softmax(data.slice((first + index) * width, (first + index + 1) * width)),
    });
  }
  return tokens;
}

/** Code points, which Python counts. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Ids only, fast: a scanner cuts the text where the pipeline is known to work independently on both sides, and a table gives the ids of
 * each chunk that was seen before. A chunk that is new goes to the model itself when it surely is one word, else through the exact
 * pipeline. So normalising, splitting and cutting into pieces happen once for each distinct chunk, and no objects are made for tokens.
 *
 * Added tokens may reach over cuts: chunks that hold the first character of one are marked, and a text with such a chunk is
 * searched for added tokens; where it has one, the exact pipeline does the whole text. The ids are the exact pipeline's in every case.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { Pieces } from "../models/model.ts";
import { AddedTokenCheck } from "./added-token-check.ts";
import { bertPipeline } from "./bert-pipeline.ts";
import { byteLevelPipeline } from "./byte-level-pipeline.ts";
import { ChunkTable } from "./chunk-table.ts";
import { metaspacePipeline } from "./metaspace-pipeline.ts";
import type { ExactPipeline, FastPipeline } from "./pipeline.ts";

/** Ids of many texts: text i is ids[starts[i] … starts[i + 1]). */
export interface TokenIds {
  ids: Int32Array;
  starts: Int32Array;
}

export interface FastIdsOptions {
  /** Special tokens before and after each text. */
  before?: readonly number[];
  after?: readonly number[];
  /** Most ids of a text, those before and after included. */
  maxLength?: number;
  /** Where a text that is too long is cut; default "right". */
  side?: "left" | "right";
}

export class FastIds {
  readonly #exact: ExactPipeline;
  readonly #fast: FastPipeline | undefined;
  readonly #check: AddedTokenCheck;
  readonly #inside: ChunkTable;
  readonly #atStart: ChunkTable;
  readonly #contextLengths = new Map<string, number>();
  #out: Int32Array = new Int32Array(1 << 12);
  #length = 0;

  /** Keeps up to twice `rememberedChunks` distinct chunks, about 60 bytes each. */
  constructor(exact: ExactPipeline, { rememberedChunks = 1 << 18 }: { rememberedChunks?: number } = {}) {
    this.#exact = exact;
    this.#inside = new ChunkTable(rememberedChunks);
    this.#fast = bertPipeline(exact) ?? byteLevelPipeline(exact) ?? metaspacePipeline(exact);
    this.#check = new AddedTokenCheck(exact, this.#fast?.keptWhole);
    this.#atStart = this.#fast?.startDiffers ? new ChunkTable(rememberedChunks >> 3) : this.#inside;
  }

  /** Whether the pipeline is one of those that are cut; where not, every text goes through the exact one. */
  get recognized(): boolean {
    return this.#fast !== undefined;
  }

  /** Ids of each text. A text is cut to `maxLength` so that the ids before and after it stay. Throws `invalid-argument` where those alone are more. */
  encode(
    texts: readonly string[],
    { before = [], after = [], maxLength, side = "right" }: FastIdsOptions = {},
  ): TokenIds {
    const room =
      maxLength === undefined ? Infinity : wholeNumber("maxLength", maxLength) - before.length - after.length;
    if (room < 0) {
      const count = before.length + after.length;
      throw new SemspaceError(
        "invalid-argument",
        `maxLength ${maxLength} has no room for the ${count} special tokens. Use at least ${count}.`,
      );
    }
    const starts = new Int32Array(texts.length + 1);
    this.#length = 0;
    for (let i = 0; i < texts.length; i += 1) {
      this.#append(before);
      const from = this.#length;
      this.#addText(texts[i], side === "right" ? room : Infinity);
      const extra = this.#length - from - room;
      if (extra > 0) {
        if (side === "left") this.#out.copyWithin(from, from + extra, this.#length);
        this.#length -= extra;
      }
      this.#append(after);
      starts[i + 1] = this.#length;
    }
    const ids = this.#out.slice(0, this.#length);
    if (this.#out.length > 1 << 22) this.#out = new Int32Array(1 << 12);
    return { ids, starts };
  }

  /** Appends the ids of one text; may stop once there are `enough`. */
  #addText(text: string, enough: number): void {
    if (typeof text !== "string")
      throw new SemspaceError("invalid-argument", `Can only encode strings, got ${typeof text}. Pass a string.`);
    if (!this.#fast) return this.#append(this.#exact.ids(text));
    const { scanner } = this.#fast;
    const from = this.#length;
    let table = this.#atStart;
    let mayHoldAdded = false;
    let at = 0;
    while (scanner.next(text, at)) {
      const { start, end, hash } = scanner;
      let slot = table.find(text, start, end, hash);
      if (slot < 0) slot = table.recall(text, start, end, hash);
      if (slot < 0) {
        const chunk = text.slice(start, end);
        const ids =
          table === this.#atStart && this.#fast.startDiffers ? this.#exact.ids(chunk) : this.#insideIds(chunk);
        const doubtful = this.#check.mayBegin(chunk);
        slot = table.add(chunk, hash, ids, doubtful) ? table.find(text, start, end, hash) : -1;
        if (slot < 0) {
          mayHoldAdded ||= doubtful;
          this.#append(ids);
        }
      }
      if (slot >= 0) mayHoldAdded = this.#appendSlot(table, slot) || mayHoldAdded;
      if (this.#length - from >= enough) break;
      table = this.#inside;
      at = end;
    }
    if (!mayHoldAdded || !this.#check.isIn(text)) return;
    this.#length = from;
    this.#append(this.#exact.ids(text));
  }

  /** Appends a remembered chunk's ids, and tells whether an added token may begin in it. */
  #appendSlot(table: ChunkTable, slot: number): boolean {
    const count = table.count(slot);
    this.#reserve(count);
    if (count === 1) this.#out[this.#length] = table.only(slot);
    else table.write(slot, this.#out, this.#length);
    this.#length += count;
    return table.doubtful(slot);
  }

  /** The ids of a chunk that does not start the text. */
  #insideIds(chunk: string): ArrayLike<number> {
    const fast = this.#fast!;
    const word = fast.word(chunk);
    if (word !== undefined) {
      const pieces: Pieces = { ids: [], starts: [], ends: [] };
      this.#exact.model.tokenize(word, pieces);
      return pieces.ids;
    }
    const context = fast.context(chunk);
    if (context === "") return this.#exact.ids(chunk);
    let skip = this.#contextLengths.get(context);
    if (skip === undefined) {
      skip = this.#exact.ids(context).length;
      this.#contextLengths.set(context, skip);
    }
    return Array.prototype.slice.call(this.#exact.ids(context + chunk), skip) as number[];
  }

  #append(ids: ArrayLike<number>): void {
    this.#reserve(ids.length);
    for (let i = 0; i < ids.length; i += 1) this.#out[this.#length + i] = ids[i];
    this.#length += ids.length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#out.length) return;
    const larger = new Int32Array(Math.max(needed, this.#out.length * 2));
    larger.set(this.#out);
    this.#out = larger;
  }
}

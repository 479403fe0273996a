/**
 * Texts as a multi-vector model reads them: with its marker in front, queries filled up with mask tokens, and for each text the columns
 * whose vectors count.
 */
import { type TokenIds, Tokenizer } from "../../tokenizers/index.ts";
import type { TokenBatch } from "../../transformers/index.ts";
import { planBatches } from "../batches.ts";
import type { MultiVectorSettings } from "./multi-vector-settings.ts";

export interface Marking {
  readonly tokenizer: Tokenizer;
  readonly settings: MultiVectorSettings;
  /** Most tokens of a text where the settings say nothing. */
  readonly maxLength: number | undefined;
  /** The mask token, if the tokenizer has one. */
  readonly mask: string | undefined;
  readonly padTokenId: number;
}

export interface MarkedBatch {
  /** Which of the texts, by row. */
  readonly positions: Uint32Array;
  readonly tokens: TokenBatch;
  /** The columns of each row whose vectors count. */
  readonly counts: readonly (readonly number[])[];
}

interface Texts {
  readonly task: "query" | "document";
  readonly prompt: string;
  readonly texts: readonly string[];
  readonly batchTokens: number;
}

/** The texts in batches of nearly the same length, the longest first. */
export function* markedBatches(marking: Marking, { task, prompt, texts, batchTokens }: Texts): Generator<MarkedBatch> {
  const { tokenizer, settings } = marking;
  const expansion = task === "query" ? settings.expansion : undefined;
  const flat = tokenizer.encodeIds(
    texts.map((text) => prompt + text),
    limit(marking, task),
  );
  const lengthOf = (text: number) => flat.starts[text + 1] - flat.starts[text];
  const lengths = Int32Array.from(texts, (_, text) => Math.max(lengthOf(text), expansion?.length ?? 0));
  const isCounted = counting(marking, task);
  for (const positions of planBatches(lengths, batchTokens)) {
    const tokens = rectangle(marking, flat, {
      positions,
      columns: Math.max(1, lengths[positions[0]]),
      expand: expansion !== undefined,
    });
    const counts = Array.from(positions, (text, row) => {
      const own = lengthOf(text);
      const columns = Array.from({ length: lengths[text] }, (_, column) => column);
      return columns.filter((column) => column >= own || isCounted(tokens.ids[row * tokens.columns + column]));
    });
    yield { positions, tokens, counts };
  }
}

/** The tokenizer with markers that are single tokens of its vocabulary, such as "[unused0]", known as such in a text. */
export function withMarkers(tokenizer: Tokenizer, prompts: MultiVectorSettings["prompts"]): Tokenizer {
  const added = [...(tokenizer.json.added_tokens ?? [])];
  for (const prompt of [prompts.query, prompts.document]) {
    const marker = [prompt, prompt.trim().split(/\s/)[0]].find((one) => tokenizer.tokenToId(one) !== undefined);
    if (marker === undefined || marker === "") continue;
    const { ids } = tokenizer.encode(marker, { addSpecialTokens: false });
    const id = tokenizer.tokenToId(marker)!;
    if (ids.length === 1 && ids[0] === id) continue;
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    const at = added.findIndex((token) => token.content === marker);
    added.splice(at === -1 ? added.length : at, at === -1 ? 0 : 1, { id, content: marker, ...flags });
  }
  return new Tokenizer({ ...tokenizer.json, added_tokens: added });
}

function limit({ settings, maxLength }: Marking, task: Texts["task"]): { maxLength?: number } {
  const { expansion, queryLength, documentLength } = settings;
  let own = task === "query" ? queryLength : documentLength;
  if (task === "query" && expansion?.strategy === "fixed") own = expansion.length;
  if (task === "query" && expansion?.strategy === "min" && own !== undefined) own = Math.max(own, expansion.length);
  const length = own ?? maxLength;
  return length === undefined ? {} : { maxLength: length };
}

/** Whether a token's vector counts. */
function counting({ tokenizer, settings }: Marking, task: Texts["task"]): (id: number) => boolean {
  const { skipWords, skipTasks, keepIds } = settings;
  const words = skipTasks.includes(task) ? skipWords.map((word) => tokenizer.tokenToId(word)) : [];
  const skipped = new Set(words.filter((id) => id !== undefined));
  const kept = task === "document" && keepIds && keepIds.length > 0 ? new Set(keepIds) : undefined;
  return (id) => !skipped.has(id) && (kept === undefined || kept.has(id));
}

function rectangle(
  { tokenizer, settings, mask, padTokenId }: Marking,
  { ids, starts }: TokenIds,
  { positions, columns, expand }: { positions: Uint32Array; columns: number; expand: boolean },
): TokenBatch {
  const { length = 0, attend = false, token } = settings.expansion ?? {};
  const fillId = tokenizer.tokenToId(token ?? mask ?? "") ?? padTokenId;
  const batch = new Int32Array(positions.length * columns).fill(padTokenId);
  const attentionMask = new Int32Array(positions.length * columns);
  for (const [row, text] of positions.entries()) {
    const own = ids.subarray(starts[text], starts[text + 1]);
    const first = row * columns;
    batch.set(own, first);
    attentionMask.fill(1, first, first + own.length);
    if (!expand || own.length >= length) continue;
    batch.fill(fillId, first + own.length, first + length);
    if (attend) attentionMask.fill(1, first + own.length, first + length);
  }
  return { ids: batch, attentionMask, rows: positions.length, columns };
}

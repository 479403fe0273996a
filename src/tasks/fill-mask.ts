/**
 * Fill-mask: what a masked language model puts in place of `[MASK]`.
 * Reference: transformers 5.3, `pipelines/fill_mask.py`. Several masks are filled each on its own, the others left as they are.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import type { ModelSource } from "../hub/folder.ts";
import { topK as largest } from "../matrix/index.ts";
import { type Encoding, specialToken } from "../tokenizers/index.ts";
import { disposeOnError } from "../transformers/dispose-on-error.ts";
import { padded } from "../transformers/index.ts";
import { softmax } from "./softmax.ts";
import { loadTaskModel, type TaskModel, type TaskModelOptions } from "./task-model.ts";

/** A token that may stand for a mask. */
export interface Filling {
  readonly token: string;
  readonly id: number;
  /** Its probability; of all tokens of the vocabulary they sum to 1. */
  readonly score: number;
  /** The text with the token in it, as the tokenizer spells it. */
  readonly text: string;
}

export interface FillMaskOptions {
  /** How many tokens, the likeliest first. Default 5. */
  readonly topK?: number;
  /** Only these tokens are compared; one that is not in the vocabulary stands for the first of its pieces. */
  readonly targets?: readonly string[];
}

/** A masked language model: `loadMaskedLanguageModel` gives one. */
export interface MaskedLanguageModel {
  /** What to write for a word that is to be found, such as `[MASK]`. */
  readonly mask: string;
  /** The likeliest tokens for the one mask of a text. Throws `invalid-argument` for a text with no mask or with several. */
  fillMask(text: string, options?: FillMaskOptions): Promise<Filling[]>;
  /** The likeliest tokens for every mask of a text, in the order of the masks. */
  fillMasks(text: string, options?: FillMaskOptions): Promise<Filling[][]>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/**
 * Loads a masked language model: BERT, RoBERTa, DistilBERT, ALBERT, ELECTRA's generator, MPNet, DeBERTa, ModernBERT.
 * Throws `mismatch` for a folder that has the encoder without its head, `unsupported` for a tokenizer without a mask.
 *
 * @example
 * const model = await loadMaskedLanguageModel("models/bert-base-uncased");
 * const [best] = await model.fillMask("Paris is the [MASK] of France.");
 * best.token; // "capital"
 */
export async function loadMaskedLanguageModel(
  source: ModelSource,
  options: TaskModelOptions = {},
): Promise<MaskedLanguageModel> {
  const parts = await loadTaskModel(source, "fill-mask", options);
  const mask = await disposeOnError(parts.model, () => maskOf(parts));
  const fillMasks = (text: string, { topK = 5, targets }: FillMaskOptions = {}) =>
    fill(parts, { text, mask, topK: wholeNumber("topK", topK, 1), targets });
  return {
    mask,
    fillMasks,
    async fillMask(text, settings) {
      const found = await fillMasks(text, settings);
      if (found.length === 1) return found[0];
      throw new SemspaceError(
        "invalid-argument",
        `The text has ${found.length} masks, fillMask takes one. Use fillMasks for several.`,
      );
    },
    dispose: () => parts.model.dispose(),
  };
}

async function maskOf({ folder, tokenizer }: TaskModel): Promise<string> {
  const mask = await specialToken(folder, tokenizer, "mask_token");
  if (mask !== undefined) return mask;
  throw new SemspaceError(
    "unsupported",
    `The tokenizer in ${folder.name} has no mask token. Use the folder of a masked language model.`,
  );
}

interface Task {
  text: string;
  mask: string;
  topK: number;
  targets: readonly string[] | undefined;
}

async function fill(parts: TaskModel, { text, mask, topK, targets }: Task): Promise<Filling[][]> {
  const { tokenizer, model } = parts;
  const maskId = tokenizer.tokenToId(mask);
  const encoding = tokenizer.encode(text);
  const masks = encoding.ids.flatMap((id, position) => (id === maskId ? [position] : []));
  if (masks.length === 0) {
    throw new SemspaceError("invalid-argument", `No ${mask} in the text. Write ${mask} for the word to be found.`);
  }
  const ids = targets?.map((target) => targetId(parts, target));
  const { data, width } = await model.run(padded([encoding], model.padTokenId), masks);
  return masks.map((position, i) => {
    const scores = softmax(data.slice(i * width, (i + 1) * width));
    return likeliest(scores, topK, ids).map(({ id, score }) => ({
      token: tokenizer.decode([id], { skipSpecialTokens: false }),
      id,
      score,
      text: filled(parts, encoding, { position, id, isOnly: masks.length === 1 }),
    }));
  });
}

function likeliest(
  scores: Float32Array,
  k: number,
  ids: readonly number[] | undefined,
): { id: number; score: number }[] {
  const among = ids ? Float32Array.from(ids, (id) => scores[id]) : scores;
  const { indices, scores: best } = largest(among, k);
  return Array.from(indices, (index, i) => ({ id: ids ? ids[index] : index, score: best[i] }));
}

/** With one mask special tokens are left out; with several they stay, for the other masks are among them. */
function filled(
  { tokenizer }: TaskModel,
  encoding: Encoding,
  { position, id, isOnly }: { position: number; id: number; isOnly: boolean },
): string {
  const ids = encoding.ids.with(position, id);
  return tokenizer.decode(ids, { skipSpecialTokens: isOnly });
}

function targetId({ tokenizer }: TaskModel, target: string): number {
  const id = tokenizer.tokenToId(target) ?? tokenizer.encode(target, { addSpecialTokens: false }).ids[0];
  if (id !== undefined) return id;
  throw new SemspaceError("invalid-argument", `The target "${target}" has no token. Use a word of the vocabulary.`);
}

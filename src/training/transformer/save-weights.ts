/** Writes the files of a transformer as transformers reads them. */
import { joinLocation, writeBytes } from "#platform";
import { type TensorToWrite, writeSafetensors } from "../../formats/index.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import type { Weight } from "../gradient/trainable.ts";

/** model.safetensors, with the tensors under the names that `nameOf` gives. */
export async function saveWeights(
  folder: string,
  weights: ReadonlyMap<string, Weight>,
  nameOf: (name: string) => string,
): Promise<void> {
  const tensors: Record<string, TensorToWrite> = {};
  for (const [name, { value, shape }] of weights) tensors[nameOf(name)] = { dtype: "F32", shape, data: value };
  await writeBytes(joinLocation(folder, "model.safetensors"), writeSafetensors(tensors, { format: "pt" }));
}

export async function saveJson(folder: string, path: string, value: unknown): Promise<void> {
  await writeBytes(joinLocation(folder, path), new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

/** Whether a model tells the texts of a pair apart by the types of their tokens. */
export function readsTypes(weights: ReadonlyMap<string, Weight>): boolean {
  return [...weights].some(([name, { shape }]) => name.endsWith("token_type_embeddings.weight") && shape[0] > 1);
}

/** tokenizer.json and tokenizer_config.json with the special tokens that the tokenizer has. Types of tokens transformers makes only where it is told to. */
export async function saveTokenizer(
  folder: string,
  tokenizer: Tokenizer,
  { maxLength, types }: { maxLength: number; types: boolean },
): Promise<void> {
  await saveJson(folder, "tokenizer.json", tokenizer.json);
  const named: Readonly<Record<string, readonly string[]>> = {
    unk_token: ["[UNK]", "<unk>"],
    pad_token: ["[PAD]", "<pad>"],
    cls_token: ["[CLS]", "<s>"],
    sep_token: ["[SEP]", "</s>"],
    mask_token: ["[MASK]", "<mask>"],
    bos_token: ["<s>", "<|endoftext|>"],
    eos_token: ["</s>", "<|endoftext|>"],
  };
  const tokens = Object.entries(named).flatMap(([role, candidates]) => {
    const found = candidates.find((token) => tokenizer.tokenToId(token) !== undefined);
    return found === undefined ? [] : [[role, found] as const];
  });
  await saveJson(folder, "tokenizer_config.json", {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: maxLength,
    model_input_names: ["input_ids", ...(types ? ["token_type_ids"] : []), "attention_mask"],
    ...Object.fromEntries(tokens),
  });
}

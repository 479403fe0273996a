/** What a distillation asks the teacher's tokenizer: its special tokens, what it makes of a word, and each token as a text of its own. */
import { type ModelFolder, readJsonIfPresent } from "../../hub/folder.ts";
import { AlignedText } from "../../tokenizers/aligned-text.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import { createNormalizer } from "../../tokenizers/normalizers/create-normalizer.ts";
import { createPreTokenizer } from "../../tokenizers/pre-tokenizers/create-pre-tokenizer.ts";
import type { NewWord } from "./distilled-tokenizer.ts";

/** Tokens that stand for unknown text and for padding: as transformers knows them, else as tokenizer.json does. */
export async function specialTokens(
  folder: ModelFolder,
  { json }: Tokenizer,
): Promise<{ unknown: string | undefined; padding: string | undefined }> {
  type Named = Partial<Record<"unk_token" | "pad_token", string | { content: string } | null>>;
  const config = (await readJsonIfPresent<Named>(folder, "tokenizer_config.json")) ?? {};
  const map = (await readJsonIfPresent<Named>(folder, "special_tokens_map.json")) ?? {};
  const named = (key: "unk_token" | "pad_token"): string | undefined => {
    const token = config[key] ?? map[key];
    return typeof token === "object" ? token?.content : token;
  };
  const model = json.model as { unk_token?: string | null; unk_id?: number | null; vocab?: unknown };
  const unigram =
    Array.isArray(model.vocab) && typeof model.unk_id === "number"
      ? (model.vocab[model.unk_id] as [string])?.[0]
      : undefined;
  const pad = (json.padding as { pad_token?: string } | null | undefined)?.pad_token;
  return { unknown: named("unk_token") ?? model.unk_token ?? unigram, padding: named("pad_token") ?? pad };
}

/** What the tokenizer's normaliser and pre-tokeniser make of each word. */
export function newWords(vocabulary: readonly string[], teacher: Tokenizer): NewWord[] {
  const { normalizer, pre_tokenizer: preTokenizer } = teacher.json;
  const normalize = normalizer ? createNormalizer(normalizer) : (text: AlignedText) => text;
  const cut = preTokenizer ? createPreTokenizer(preTokenizer) : (text: AlignedText) => [text];
  return vocabulary.map((word) => {
    const text = normalize(new AlignedText(word));
    const pieces =
      text.text === ""
        ? []
        : cut(text)
            .map((piece) => piece.text)
            .filter((piece) => piece !== "");
    return { pieces, normalized: text.text.trim() };
  });
}

/** Each token as the teacher would see it as a text of its own; new words as the teacher's tokens for them. */
export function sequencesOf(tokens: readonly string[], teacher: Tokenizer): Int32Array[] {
  const [before, after] = aroundText(teacher);
  return tokens.map((token) => {
    const id = teacher.tokenToId(token);
    return id === undefined ? Int32Array.from(teacher.encode(token).ids) : Int32Array.of(...before, id, ...after);
  });
}

/** Ids of the special tokens before and after a text. */
function aroundText(teacher: Tokenizer): [number[], number[]] {
  const { ids, specialTokensMask } = teacher.encode("a");
  const first = specialTokensMask.indexOf(0);
  const last = specialTokensMask.lastIndexOf(0);
  if (first < 0) return [[], []];
  return [[...ids.slice(0, first)], [...ids.slice(last + 1)]];
}

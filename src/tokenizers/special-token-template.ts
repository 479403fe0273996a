/** The `post_processor` of a tokenizer.json for vocabulary files that come without one: special tokens around one text or two. */
import { configFlag, contentOf, type SpecialTokens, type TokenizerConfig } from "./tokenizer-config.ts";
import type { Part } from "./tokenizer-json.ts";

/** The `post_processor` that puts special tokens around one text or two, as in "[CLS] $A [SEP] $B:1 [SEP]:1". */
export function template(single: string, pair: string, ids: Readonly<Record<string, number>>): Part {
  const read = (text: string) =>
    text.split(" ").map((item) => {
      const [, name, typeId] = /^(.*?)(?::(\d))?$/.exec(item)!;
      const type_id = Number(typeId ?? 0);
      return name === "$A" || name === "$B"
        ? { Sequence: { id: name[1], type_id } }
        : { SpecialToken: { id: name, type_id } };
    });
  const special_tokens = Object.fromEntries(
    Object.entries(ids).map(([token, id]) => [token, { id: token, ids: [id], tokens: [token] }]),
  );
  return { type: "TemplateProcessing", single: read(single), pair: read(pair), special_tokens };
}

/** The `post_processor` of classes that add a begin token, an end token or neither, as the config says. */
export function beginAndEnd(config: TokenizerConfig, special: SpecialTokens, id: (token: string) => number): Part {
  const begin =
    configFlag(config, "add_bos_token", false) && special.bos_token ? contentOf(special, "bos_token") : undefined;
  const end =
    configFlag(config, "add_eos_token", false) && special.eos_token ? contentOf(special, "eos_token") : undefined;
  const around = (text: string, type: number) =>
    [begin && `${begin}:${type}`, `${text}:${type}`, end && `${end}:${type}`].filter(Boolean).join(" ");
  const ids = Object.fromEntries(
    [begin, end].filter((token) => token !== undefined).map((token) => [token, id(token)]),
  );
  return template(around("$A", 0), `${around("$A", 0)} ${around("$B", 1)}`, ids);
}

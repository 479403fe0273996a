/**
 * BertProcessing, [CLS] A [SEP] B [SEP], and RobertaProcessing, <s> A </s> </s> B </s> with every type id 0.
 * Reference: Rust `tokenizers`, processors/bert and processors/roberta.
 */
import { type Encoding, fromTokens } from "../encoding.ts";
import { flag, invalid, isId, type Part } from "../tokenizer-json.ts";
import { offsetTrimmer } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";

export function bertProcessing(json: Part): PostProcessor {
  const cls = readToken(json, "cls");
  const sep = readToken(json, "sep");
  return {
    added: (isPair) => (isPair ? 3 : 2),
    process: (encodings, addSpecialTokens) => {
      if (!addSpecialTokens) return [...encodings];
      return encodings.map((encoding, i) =>
        i === 0 ? surround(encoding, { before: cls(0), after: sep(0) }) : surround(encoding, { after: sep(1) }),
      );
    },
  };
}

export function robertaProcessing(json: Part): PostProcessor {
  const cls = readToken(json, "cls");
  const sep = readToken(json, "sep");
  const trim = flag(json, "trim_offsets", true) ? offsetTrimmer(flag(json, "add_prefix_space", true)) : undefined;
  return {
    added: (isPair) => (isPair ? 4 : 2),
    process: (encodings, addSpecialTokens) => {
      const trimmed = encodings.map((encoding) => withoutTypes(trim ? trim(encoding) : encoding));
      if (!addSpecialTokens) return trimmed;
      return trimmed.map((encoding, i) => {
        const whole = encoding.with({}, withoutTypes);
        return surround(whole, { before: i === 0 ? cls(0) : sep(0), after: sep(0) });
      });
    },
  };
}

function withoutTypes(encoding: Encoding): Encoding {
  return encoding.with({ typeIds: encoding.ids.map(() => 0) });
}

/** The encoding, and each piece that was cut off, between special tokens. */
function surround(encoding: Encoding, around: { before?: Encoding; after: Encoding }): Encoding {
  const { before, after } = around;
  const bare = encoding.slice(0, encoding.length);
  const joined = (before ? before.concat(bare) : bare).concat(after);
  return joined.slice(0, joined.length, () => encoding.overflowing.map((cut) => surround(cut, around)));
}

/** A field ["[CLS]", 101]; gives the token with a type id. */
function readToken(json: Part, field: string): (typeId: number) => Encoding {
  const value = json[field];
  const [token, id] = (Array.isArray(value) ? value : []) as [unknown, unknown];
  if (typeof token !== "string" || !isId(id)) throw invalid(`${json.type}.${field}`, "must be [token, id]", value);
  return (typeId) => fromTokens([id], [token], { typeId });
}

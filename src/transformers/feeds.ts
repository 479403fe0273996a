/** From a batch of tokens to the inputs that a graph asks for, in the integer type that it asks for. */
import { SemspaceError } from "../errors.ts";
import type { SessionTensor, SessionValue } from "./session.ts";
import type { TokenBatch } from "./transformer.ts";

/** What each input of an encoder holds, by the names that exports to ONNX use. */
const contents: Readonly<Record<string, (batch: TokenBatch) => Int32Array>> = {
  input_ids: (batch) => batch.ids,
  attention_mask: (batch) => batch.attentionMask,
  token_type_ids: ({ typeIds, rows, columns }) => typeIds ?? new Int32Array(rows * columns),
  position_ids: ({ rows, columns }) => Int32Array.from({ length: rows * columns }, (_, i) => i % columns),
};

/**
 * Throws `unsupported`, naming the input, for a model that asks for something else than tokens. The feeds of a batch throw
 * `mismatch` for a type of tokens that is not among `typeVocabularySize`, where that is known and the model reads types.
 */
export function feedsOf(
  inputs: readonly SessionValue[],
  model: string,
  typeVocabularySize?: number,
): (batch: TokenBatch) => Record<string, SessionTensor> {
  for (const { name, type } of inputs) {
    if (!Object.hasOwn(contents, name) || (type !== "int32" && type !== "int64")) {
      throw new SemspaceError(
        "unsupported",
        `${model} asks for an input "${name}" of ${type}. Inputs can be: ${Object.keys(contents).join(", ")}, of int32 or int64.`,
      );
    }
  }
  const readsTypes = inputs.some(({ name }) => name === "token_type_ids");
  return (batch) => {
    // A config.json with 0 types is of a model that ignores them, whatever inputs its export has.
    if (readsTypes && batch.typeIds && typeVocabularySize) checkTypes(batch.typeIds, typeVocabularySize);
    const shape = [batch.rows, batch.columns];
    const feeds: Record<string, SessionTensor> = {};
    for (const { name, type } of inputs) {
      const values = contents[name](batch);
      feeds[name] = { type, shape, data: type === "int64" ? widen(values) : values };
    }
    return feeds;
  };
}

function checkTypes(typeIds: Int32Array, limit: number): void {
  const wrong = typeIds.find((type) => type < 0 || type >= limit);
  if (wrong === undefined) return;
  const known = limit === 1 ? "Its only type is 0; leave typeIds out." : `Types are 0 to ${limit - 1}.`;
  throw new SemspaceError("mismatch", `The model does not tell tokens of type ${wrong} apart. ${known}`);
}

/** int32 → int64; as pairs of words this is ten times as fast as through BigInt. */
function widen(values: Int32Array): BigInt64Array {
  const words = new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    words[2 * i] = values[i];
    words[2 * i + 1] = values[i] >> 31;
  }
  return new BigInt64Array(words.buffer);
}

/** A table of token vectors that learns: a text is the mean of its known tokens, its gradient goes to each of them in equal parts. */
import { Matrix } from "../../matrix/index.ts";
import { loadTokenizer, type TokenIds } from "../../tokenizers/index.ts";
import type { StaticModelParts } from "../../texts/static/index.ts";
import type { Learner } from "../learner.ts";

/** What token learning asks of a learner. */
export type MeanTable = Pick<Learner, "dimensions" | "parameters" | "encode" | "backward"> & {
  /** [tokens, dimensions]: what is learnt, shared with the parameter. */
  readonly table: Matrix;
};

/** A copy of the start's float32 table; `unknown` is the id that no text counts, -1 for none. */
export async function createMeanTable(start: StaticModelParts, unknown: number): Promise<MeanTable> {
  const { dimensions } = start;
  const tokenizer = await loadTokenizer({ "tokenizer.json": start.tokenizer });
  const table = new Matrix(Float32Array.from(start.rows), start.rows.length / dimensions, dimensions);
  const gradient = Matrix.zeros(table.rows, dimensions);
  const parameter = { name: "embeddings", value: table.data, shape: [table.rows, dimensions], decay: false };
  let last: TokenIds = { ids: new Int32Array(), starts: Int32Array.of(0) };
  return {
    ...{ dimensions, table, parameters: [parameter] },
    encode(texts) {
      const { ids, starts } = tokenizer.encodeIds(texts, { addSpecialTokens: false });
      last = withoutUnknown({ ids, starts }, unknown);
      const means = Matrix.zeros(texts.length, dimensions);
      eachToken(last, (text, id, share) => addScaled(means.row(text), table.row(id), share));
      return Promise.resolve(means);
    },
    backward(upstream) {
      gradient.data.fill(0);
      eachToken(last, (text, id, share) => addScaled(gradient.row(id), upstream.row(text), share));
      return Promise.resolve([{ parameter: parameter.name, dense: gradient.data }]);
    },
  };
}

function withoutUnknown({ ids, starts }: TokenIds, unknown: number): TokenIds {
  const kept = new Int32Array(ids.length);
  const from = new Int32Array(starts.length);
  let at = 0;
  for (let text = 0; text + 1 < starts.length; text += 1) {
    for (let k = starts[text]; k < starts[text + 1]; k += 1) if (ids[k] !== unknown) kept[at++] = ids[k];
    from[text + 1] = at;
  }
  return { ids: kept, starts: from };
}

function eachToken({ ids, starts }: TokenIds, visit: (text: number, id: number, share: number) => void): void {
  for (let text = 0; text + 1 < starts.length; text += 1) {
    const [from, to] = [starts[text], starts[text + 1]];
    for (let k = from; k < to; k += 1) visit(text, ids[k], 1 / (to - from));
  }
}

function addScaled(sum: Float32Array, values: Float32Array, factor: number): void {
  for (let j = 0; j < sum.length; j += 1) sum[j] += factor * values[j];
}

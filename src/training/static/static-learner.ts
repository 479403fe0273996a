/**
 * A static embedder that learns: a table with a vector a token, a text's vector is the mean of its tokens' (sentence-transformers'
 * StaticEmbedding). Means, derivatives and AdamW run in WASM on several threads (src/kernels/embedding-bag.ts); no value depends on how many.
 */
import { availableThreads } from "#platform";
import { wholeNumber } from "../../errors.ts";
import { EmbeddingBagKernel } from "../../kernels/embedding-bag.ts";
import type { TokenRanges } from "../../kernels/kernels.ts";
import { Matrix } from "../../matrix/index.ts";
import { createEmbedder } from "../../texts/encode.ts";
import { plainSettings } from "../../texts/settings.ts";
import { saveStaticModel, type StaticModelParts } from "../../texts/static/index.ts";
import { checkTable } from "../../texts/static/static-parts.ts";
import type { TextBody } from "../../texts/text-body.ts";
import { loadTokenizer, type Tokenizer } from "../../tokenizers/index.ts";
import type { Learner } from "../learner.ts";
import type { Parameter } from "../parameters.ts";
import { bagOptimizer } from "./bag-optimizer.ts";
import { type StaticStart, startOf } from "./static-start.ts";

export interface StaticLearnerOptions {
  /** Most tokens of a text; null does not cut. Default: what the model says, 512 for a new table. */
  maxLength?: number | null;
  /** Whether the saved model scales its vectors to length 1. Default: what the model says, true for a new table. */
  normalize?: boolean;
  /** Default: the machine's. */
  threads?: number;
  /** What messages call it. */
  name?: string;
}

/** A learner whose result can be had without a disk. */
export interface StaticLearner extends Learner {
  /** The model as it is now: `staticModelFiles(parts)` gives its files, `saveStaticModel` writes them. A copy. */
  parts(): StaticModelParts;
}

/**
 * Begins with a static model's folder, with word vectors, or with random vectors for a tokenizer's vocabulary. Throws what opening them
 * throws; `mismatch` when table and tokenizer do not fit.
 *
 * @example
 * await staticLearner({ tokenizer: "all-MiniLM-L6-v2", dimensions: 256 }); // random
 * await staticLearner({ model: "my-static-model" });
 */
export async function staticLearner(start: StaticStart, options: StaticLearnerOptions = {}): Promise<StaticLearner> {
  const {
    layout,
    rows,
    dimensions,
    tokenizer: file,
    maxLength: ownLength,
    normalize: ownNormalize,
    skipUnknown,
  } = await startOf(start);
  const maxLength = options.maxLength === undefined ? ownLength : options.maxLength;
  if (maxLength !== null) wholeNumber("maxLength", maxLength, 1);
  const threads = wholeNumber("threads", options.threads ?? availableThreads(), 1);
  const tokenizer = await loadTokenizer({ "tokenizer.json": file });
  let largest = -1;
  for (const id of tokenizer.vocabulary().values()) largest = Math.max(largest, id);
  const name = options.name ?? "the static table";
  checkTable({ rows, dimensions }, largest, name);
  const kernel = new EmbeddingBagKernel(rows, dimensions, threads);
  if (skipUnknown) kernel.table.fill(0, ...unknownRow(tokenizer, dimensions));
  const tokens = tokensOf(tokenizer, { maxLength, skipUnknown });
  const parameters: readonly Parameter[] = [
    { name: "embedding.weight", value: kernel.table, shape: [kernel.rows, dimensions], decay: true },
  ];
  const config = { normalize: options.normalize ?? ownNormalize, max_length: maxLength };
  const parts = (): StaticModelParts => ({ rows: kernel.table.slice(), dimensions, tokenizer: file, config });
  const encode = (texts: readonly string[]): Matrix => new Matrix(kernel.pool(tokens(texts)), texts.length, dimensions);
  return {
    ...{ name, dimensions, parameters, parts },
    encode: (texts) => Promise.resolve(encode(texts)),
    backward: ({ data }) =>
      Promise.resolve().then(() => [{ parameter: parameters[0].name, rows: kernel.scatter(data) }]),
    embedder: () =>
      createEmbedder(bodyOf(encode, { name, dimensions, maxLength: maxLength ?? undefined }), plainSettings),
    save: (folder) => saveStaticModel(parts(), folder, { layout }),
    optimizer: (settings) => bagOptimizer(kernel, parameters, settings),
    dispose: () => kernel.end(),
  };
}

/** Texts that are embedded at once outside of training. */
const EMBED = 2048;

/** What embeds with the table as it is now; disposing of it leaves the table to the learner. */
function bodyOf(
  encode: (texts: readonly string[]) => Matrix,
  about: Pick<TextBody, "name" | "dimensions" | "maxLength">,
): TextBody {
  return {
    ...about,
    async embed(texts, output, job) {
      for (let from = 0; from < texts.length; from += EMBED) {
        const group = texts.slice(from, from + EMBED);
        output.set(encode(group).data, from * about.dimensions);
        // oxlint-disable-next-line no-await-in-loop -- one group after the other
        await job.advance(group.length);
      }
    },
    dispose: () => Promise.resolve(),
  };
}

/** Texts to ids as the saved model will: no special tokens, without the unknown one where the model leaves it out, cut at the end. */
function tokensOf(
  tokenizer: Tokenizer,
  { maxLength, skipUnknown }: { maxLength: number | null; skipUnknown: boolean },
): (texts: readonly string[]) => TokenRanges {
  const unknown = skipUnknown ? unknownId(tokenizer) : undefined;
  return (texts) => {
    const encoded = tokenizer.encodeIds(texts, {
      addSpecialTokens: false,
      ...(maxLength !== null && { maxLength }),
    });
    return unknown === undefined || !encoded.ids.includes(unknown) ? encoded : without(encoded, unknown);
  };
}

function without({ ids, starts }: TokenRanges, left: number): TokenRanges {
  const kept = new Int32Array(ids.length);
  const ends = new Int32Array(starts.length);
  let count = 0;
  for (let text = 0; text + 1 < starts.length; text += 1) {
    for (let at = starts[text]; at < starts[text + 1]; at += 1) if (ids[at] !== left) kept[count++] = ids[at];
    ends[text + 1] = count;
  }
  return { ids: kept.slice(0, count), starts: ends };
}

/** A row that is left out of the means is zero, so that sentence-transformers, which takes it along, finds the same direction. */
function unknownRow(tokenizer: Tokenizer, dimensions: number): [from: number, to: number] {
  const id = unknownId(tokenizer);
  return id === undefined ? [0, 0] : [id * dimensions, (id + 1) * dimensions];
}

function unknownId(tokenizer: Tokenizer): number | undefined {
  const { unk_token: token, unk_id: id } = tokenizer.json.model as { unk_token?: unknown; unk_id?: unknown };
  if (typeof token === "string") return tokenizer.tokenToId(token);
  return typeof id === "number" ? id : undefined;
}

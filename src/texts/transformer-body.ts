/**
 * The body of an embedder on a transformer: texts → ids → batches by length → hidden states → modules → vectors,
 * put back in the order of the texts. Padding is always at the end, whatever the tokenizer's file says, so that a
 * text's vector does not depend on its neighbours.
 */
import { Matrix } from "../matrix/index.ts";
import type { Encoding } from "../tokenizers/index.ts";
import type { GraphPooling, TokenBatch } from "../transformers/index.ts";
import { padBatch, planBatches } from "./batches.ts";
import type { TokenVectors } from "./embedder.ts";
import type { EmbedJob, TextBody } from "./text-body.ts";
import type { ModuleBatch, TextModule } from "./modules/module.ts";
import type { PoolingModule } from "./modules/pooling.ts";
import type { TransformerModule } from "./modules/transformer.ts";
import { applyModules, connectModules } from "./pipeline.ts";

interface TransformerBodyParts {
  name: string;
  first: TransformerModule;
  /** The modules after the first. */
  modules: readonly TextModule[];
}

/** Throws `mismatch` when the modules do not fit the transformer or each other. */
export function createTransformerBody({ name, first, modules }: TransformerBodyParts): TextBody {
  const { transformer } = first;
  const dimensions = connectModules(modules, { token_embeddings: transformer.dimensions }, name);
  const inGraph = graphPooling(first, modules);
  const leavesPromptOut = modules.some((module) => isPooling(module) && !module.includePrompt);
  const onTokens = modules.filter(({ input, output }) => input === "token_embeddings" && output === "token_embeddings");

  const tokenVectors = async (tokens: TokenBatch): Promise<Matrix> => {
    const { data, rows, columns } = await transformer.run(tokens);
    return new Matrix(data, rows * columns, transformer.dimensions);
  };
  const textVectors = async (tokens: TokenBatch, rectangle: ModuleBatch): Promise<Matrix> => {
    if (!inGraph || rectangle.promptLength > 0)
      return applyModules(modules, { token_embeddings: await tokenVectors(tokens) }, rectangle);
    const { data, rows } = await transformer.pool(tokens, inGraph);
    return applyModules(
      modules.slice(1),
      { sentence_embedding: new Matrix(data, rows, transformer.dimensions) },
      rectangle,
    );
  };

  return {
    name,
    dimensions,
    maxLength: first.maxLength,
    async embed(texts, output, job) {
      for (const { positions, tokens, rectangle } of batchesOf(
        texts,
        first,
        leavesPromptOut ? job : { ...job, prompt: "" },
      )) {
        // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
        const vectors = await textVectors(tokens, rectangle);
        for (const [row, position] of positions.entries()) output.set(vectors.row(row), position * dimensions);
        // oxlint-disable-next-line no-await-in-loop
        await job.advance(positions.length);
      }
    },
    async embedTokens(texts, job) {
      const results: TokenVectors[] = Array.from({ length: texts.length });
      for (const { positions, lengths, tokens, rectangle } of batchesOf(
        texts,
        first,
        leavesPromptOut ? job : { ...job, prompt: "" },
      )) {
        // oxlint-disable-next-line no-await-in-loop
        let vectors = await tokenVectors(tokens);
        for (const module of onTokens) vectors = module.apply(vectors, rectangle);
        for (const [row, position] of positions.entries()) {
          const start = row * rectangle.columns * vectors.columns;
          const data = vectors.data.slice(start, start + lengths[position] * vectors.columns);
          const encoding = encodingOf(first, texts[position]);
          results[position] = {
            vectors: new Matrix(data, lengths[position], vectors.columns),
            tokens: encoding.tokens,
            ids: Int32Array.from(encoding.ids),
            offsets: Int32Array.from(encoding.offsets.flat()),
          };
        }
        // oxlint-disable-next-line no-await-in-loop
        await job.advance(positions.length);
      }
      return results;
    },
    dispose: () => transformer.dispose(),
  };
}

interface TextBatch {
  /** Which of the texts, by row. */
  positions: Uint32Array;
  /** Tokens of each text, by its position. */
  lengths: Int32Array;
  tokens: TokenBatch;
  rectangle: ModuleBatch;
}

/** The texts as batches of padded ids, the longest texts first. */
function* batchesOf(texts: readonly string[], first: TransformerModule, job: EmbedJob): Generator<TextBatch> {
  const flat = first.tokenizer.encodeIds(texts, { maxLength: first.maxLength });
  const lengths = Int32Array.from(texts, (_, i) => flat.starts[i + 1] - flat.starts[i]);
  const promptLength = job.prompt === "" ? 0 : countPromptTokens(first, job.prompt);
  const padId = first.transformer.config?.padTokenId ?? 0;
  for (const positions of planBatches(lengths, job.batchTokens)) {
    const tokens = padBatch(flat, positions, padId);
    const { rows, columns, attentionMask: mask } = tokens;
    yield { positions, lengths, tokens, rectangle: { rows, columns, mask, promptLength } };
  }
}

/** The text's tokens with names and offsets, cut as the fast ids are. */
function encodingOf({ tokenizer, maxLength }: TransformerModule, text: string): Encoding {
  return tokenizer.encode(text, { truncation: maxLength === undefined ? undefined : { maxLength } });
}

/** Tokens at the head of a text that stand for the prompt: those of the prompt alone, without a special token at its end. */
function countPromptTokens(first: TransformerModule, prompt: string): number {
  const { ids, specialTokensMask } = encodingOf(first, prompt);
  return ids.length - (specialTokensMask.at(-1) === 1 ? 1 : 0);
}

/** The pooling that the graph can do instead of the first module, which saves copying all token vectors out. */
function graphPooling({ transformer }: TransformerModule, [module]: readonly TextModule[]): GraphPooling | undefined {
  const modes = module && isPooling(module) ? module.modes : [];
  return modes.length === 1 ? transformer.poolings.find((pooling) => pooling === modes[0]) : undefined;
}

function isPooling(module: TextModule): module is PoolingModule {
  return "modes" in module;
}

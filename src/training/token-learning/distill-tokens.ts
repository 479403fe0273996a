/**
 * Token learning: a static model whose token vectors are learnt from what a transformer says of many texts, instead of from what it says of each token
 * alone. Reference: model2vec's Tokenlearn ("POTION"). Differs: the start is model2vec's distillation turned into the basis of the targets; the loss asks for
 * the neighbours in the batch too; the texts' partial whitening is folded into the table at the end.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { ModelSource } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { staticModelFiles, type StaticModelParts } from "../../texts/static/index.ts";
import { distill, type DistillOptions } from "../distill.ts";
import { int8Rows } from "../distill/int8-rows.ts";
import type { Learner } from "../learner.ts";
import { staticLearner } from "../static/static-learner.ts";
import { alignStart } from "./align-start.ts";
import { everyNth, everyNthOf } from "./every-nth.ts";
import { foldWhitening } from "./fold-whitening.ts";
import { type LearningSteps, learnTable } from "./learn-table.ts";
import { targetsOf } from "./target-basis.ts";
import { tokenLearningLoss, type TokenLearningLossOptions } from "./token-learning-loss.ts";

export interface DistillTokensOptions
  extends
    Omit<LearningSteps, "onProgress">,
    Pick<DistillOptions, "vocabulary" | "sifCoefficient" | "quantizeTo" | "maxLength" | "threads">,
    Omit<TokenLearningLossOptions, "dimensions"> {
  /** The transformer to learn from. */
  teacher: ModelSource;
  /** What to learn from: texts as the model will be given; 30,000 give most of what can be had. */
  texts: readonly string[];
  /** The teacher's vectors of the texts, [texts, teacher's dimensions]. Default: they are made here, which is three quarters of the work. */
  vectors?: Matrix | undefined;
  /** Most tokens of a text that the teacher reads. Default 128. */
  teacherLength?: number | undefined;
  /** How the teacher computes. Default "int8": three times as fast; its vectors differ by less than what is lost in learning. */
  teacherDtype?: "int8" | "float32" | undefined;
  /** A static model to start from, float32, in place of the teacher's tokens (`distill(teacher, { quantizeTo: "float32" })`). */
  start?: StaticModelParts | undefined;
  /** Length of a vector. Default 256. */
  dimensions?: number | undefined;
  /** Shorter prefixes that are to do as well (Matryoshka), e.g. [128, 64]. Default none. */
  shorter?: readonly number[] | undefined;
  /** Share of the whitening: 0 none, 1 all directions alike. Default 0.5. */
  whitening?: number | undefined;
  /** Called now and then; the stages are "start", "teacher" and "steps". */
  onProgress?: ((progress: DistillTokensProgress) => void) | undefined;
}

export interface DistillTokensProgress {
  stage: "start" | "teacher" | "steps";
  done: number;
  total: number;
  /** Of the last step. */
  loss?: number;
}

/** Texts that the start is turned by, and that the whitening is taken from. */
const [ALIGNED, WHITENED] = [20_000, 60_000];

/**
 * Learns a static model from a teacher and texts. Memory: two numbers of float32 a text and dimension, beside the table and twice its size for the optimizer.
 * Throws `mismatch` for vectors of other texts, `invalid-argument` for too few texts, and what {@link distill} throws.
 *
 * @example
 * const parts = await distillTokens({ teacher: "models/all-MiniLM-L6-v2", texts, shorter: [128, 64] });
 * await saveStaticModel(parts, "my-static-model");
 */
export async function distillTokens(options: DistillTokensOptions): Promise<StaticModelParts> {
  const { texts, shorter = [], whitening = 0.5 } = options;
  const dimensions = wholeNumber("dimensions", options.dimensions ?? 256, 1);
  checkOptions(options, dimensions);
  const start = options.start ?? (await startOf(options, dimensions));
  if (start.dimensions !== dimensions || !(start.rows instanceof Float32Array)) {
    throw new SemspaceError(
      "mismatch",
      `The start has ${start.dimensions} dimensions in ${start.rows.constructor.name}, ${dimensions} in float32 are needed.`,
    );
  }
  const targets = targetsOf(options.vectors ?? (await vectorsOf(options)), dimensions);
  const learner = await staticLearner({ model: staticModelFiles(start) }, { threads: options.threads });
  try {
    const table = new Matrix(learner.parameters[0].value, start.rows.length / dimensions, dimensions);
    const some = everyNthOf(texts.length, ALIGNED).map((i) => texts[i]);
    alignStart(table, { means: await encodeAll(learner, some), targets: everyNth(targets, ALIGNED) });
    const loss = tokenLearningLoss({ ...options, dimensions: [dimensions, ...shorter] });
    await learnTable(learner, { texts, targets, loss }, { ...options, onProgress: stepReport(options) });
    if (whitening > 0) {
      const seen = everyNthOf(texts.length, WHITENED).map((i) => texts[i]);
      foldWhitening(table, await encodeAll(learner, seen), { power: whitening, turn: shorter.length === 0 });
    }
    return finished(table, start, options);
  } finally {
    await learner.dispose();
  }
}

function checkOptions(
  { texts, vectors, shorter = [], whitening = 0.5 }: DistillTokensOptions,
  dimensions: number,
): void {
  if (vectors && vectors.rows !== texts.length) {
    throw new SemspaceError("mismatch", `${texts.length} texts and ${vectors.rows} vectors. Pass one vector a text.`);
  }
  if (shorter.some((size) => !Number.isInteger(size) || size < 1 || size >= dimensions)) {
    throw new SemspaceError(
      "invalid-argument",
      `shorter must be whole numbers from 1 to ${dimensions - 1}, got ${shorter.join(", ")}.`,
    );
  }
  if (!(whitening >= 0 && whitening <= 1)) {
    throw new SemspaceError("invalid-argument", `whitening must lie between 0 and 1, got ${whitening}.`);
  }
  if (texts.length < 2 * dimensions) {
    throw new SemspaceError(
      "invalid-argument",
      `${texts.length} texts are too few to learn ${dimensions} dimensions from: at least ${2 * dimensions}, better 30,000 and more. Without texts, use distill.`,
    );
  }
}

function startOf(
  { teacher, vocabulary, sifCoefficient, maxLength, ...options }: DistillTokensOptions,
  dimensions: number,
) {
  const { threads, signal, onProgress } = options;
  const settings = { vocabulary, sifCoefficient, maxLength, threads, signal, pcaDimensions: dimensions };
  const progress = (report: { done: number; total: number }) => onProgress?.({ stage: "start", ...report });
  return distill(teacher, { ...settings, quantizeTo: "float32", progress });
}

async function vectorsOf({ teacher, texts, onProgress, ...options }: DistillTokensOptions): Promise<Matrix> {
  const { threads, signal, teacherLength = 128, teacherDtype = "int8" } = options;
  const embedder = await loadEmbedder(teacher, { threads, maxLength: teacherLength, dtype: teacherDtype });
  try {
    const progress = ({ done }: { done: number }) => onProgress?.({ stage: "teacher", done, total: texts.length });
    return await embedder.encode(texts, { progress, ...(signal && { signal }) });
  } finally {
    await embedder.dispose();
  }
}

function stepReport({ onProgress }: DistillTokensOptions): LearningSteps["onProgress"] {
  return ({ step, steps, loss }) => onProgress?.({ stage: "steps", done: step, total: steps, loss });
}

async function encodeAll(learner: Learner, texts: readonly string[]): Promise<Matrix> {
  const matrix = Matrix.zeros(texts.length, learner.dimensions);
  for (let from = 0; from < texts.length; from += 1024) {
    // oxlint-disable-next-line no-await-in-loop -- one batch at a time bounds the memory
    matrix.data.set((await learner.encode(texts.slice(from, from + 1024))).data, from * learner.dimensions);
  }
  return matrix;
}

/** The learnt table in the start's files. */
function finished(table: Matrix, start: StaticModelParts, options: DistillTokensOptions): StaticModelParts {
  const { shorter = [] } = options;
  const quantized = options.quantizeTo === "float32" ? undefined : int8Rows(table);
  return {
    ...start,
    rows: quantized ? quantized.rows : Float32Array.from(table.data),
    weightOf: quantized?.scales,
    config: { ...start.config, ...(shorter.length > 0 && { matryoshka_dims: [table.columns, ...shorter] }) },
  };
}

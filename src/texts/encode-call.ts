/** The options of one call of encode, checked before any text is read. */
import { SemspaceError, oneOf, wholeNumber } from "../errors.ts";
import { pauses } from "../platform/pauses.ts";
import { type Matrix, type Precision, precisions, quantizationRanges } from "../matrix/index.ts";
import { type EncodeOptions, type Output, defaultBatchTokens, outputs } from "./embedder.ts";
import { type ModelSettings, type Task, promptFor } from "./settings.ts";
import type { EmbedJob, TextBody } from "./text-body.ts";

/** One call of encode, its options checked. */
export interface Call {
  readonly body: TextBody;
  readonly job: EmbedJob;
  readonly signal: AbortSignal | undefined;
  readonly output: Output;
  readonly precision: Precision;
  /** Dimensions kept; `body.dimensions` keeps all. */
  readonly columns: number;
  readonly normalize: boolean;
  /** Known before any text is read; undefined when they come from the vectors of the call, or are not needed. */
  readonly ranges: Matrix | undefined;
}

export interface CallArguments {
  options: EncodeOptions;
  task: Task;
  total: number | undefined;
  /** Texts known before the call; 0 for a stream. */
  texts: number;
}

/** Throws `invalid-argument`, `mismatch` or `unsupported` for options that the model cannot follow. */
export function startCall(
  body: TextBody,
  settings: ModelSettings,
  { options, task, total, texts }: CallArguments,
): Call {
  const output = oneOf("output", options.output ?? "sentence", outputs);
  const precision = oneOf("precision", options.precision ?? "float32", precisions);
  if (output === "tokens") refuseForTokens(body, options);
  const truncateDim = options.truncateDim ?? settings.truncateDim;
  const columns = Math.min(wholeNumber("truncateDim", truncateDim, 1), body.dimensions);
  const scaled = precision === "int8" || precision === "uint8";
  const given = scaled
    ? (options.ranges ?? (options.calibration && quantizationRanges(options.calibration)))
    : undefined;
  if (scaled && !given && texts < 2 && total !== 0) {
    const what = total === undefined ? "a stream" : "a single text";
    throw new SemspaceError(
      "invalid-argument",
      `${precision} of ${what} needs the ranges of the values. Pass ranges or calibration.`,
    );
  }
  if (given && given.columns !== columns) {
    throw new SemspaceError("mismatch", `The ranges are for ${given.columns} dimensions, the vectors have ${columns}.`);
  }
  let done = 0;
  const pause = pauses();
  const job: EmbedJob = {
    prompt: promptFor(settings, task, options),
    batchTokens: wholeNumber("batchTokens", options.batchTokens ?? defaultBatchTokens, 1),
    async advance(count) {
      done += count;
      options.progress?.({ done, total });
      await pause();
      options.signal?.throwIfAborted();
    },
  };
  return {
    body,
    job,
    signal: options.signal,
    output,
    precision,
    columns,
    normalize: options.normalize ?? false,
    ranges: given,
  };
}

function refuseForTokens(body: TextBody, options: EncodeOptions): void {
  if (!body.embedTokens) {
    throw new SemspaceError(
      "unsupported",
      `${body.name} has no token vectors in context. Use output "sentence", or a transformer model.`,
    );
  }
  const ignored = (["normalize", "truncateDim", "ranges", "calibration"] as const).find((name) => options[name]);
  const named = ignored ?? (options.precision && options.precision !== "float32" ? "precision" : undefined);
  if (named) throw new SemspaceError("invalid-argument", `${named} does not apply to output "tokens". Leave it out.`);
}

/** From the `post_processor` part of a tokenizer.json to what adds the special tokens. */
import type { Encoding } from "../encoding.ts";
import { makePart, type Part, readParts } from "../tokenizer-json.ts";
import { bertProcessing, robertaProcessing } from "./bert.ts";
import { byteLevelProcessing } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";
import { templateProcessing } from "./template.ts";

/** Throws `unsupported` for an unknown type, `invalid-file` for a malformed part. */
export function createPostProcessor(json: Part): PostProcessor {
  return makePart(json, "post-processor", {
    BertProcessing: bertProcessing,
    ByteLevel: byteLevelProcessing,
    RobertaProcessing: robertaProcessing,
    Sequence: sequence,
    TemplateProcessing: templateProcessing,
  });
}

function sequence(json: Part): PostProcessor {
  const steps = readParts(json, "processors").map(createPostProcessor);
  return {
    added: (isPair) => steps.reduce((sum, step) => sum + step.added(isPair), 0),
    process: (encodings, addSpecialTokens) =>
      steps.reduce<readonly Encoding[]>((now, step) => step.process(now, addSpecialTokens), encodings) as Encoding[],
  };
}

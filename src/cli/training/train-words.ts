/** One training of `words train`: begun, resumed from a checkpoint, or a model trained further; and how what it gives is written. */
import { SemspaceError } from "../../errors.ts";
import {
  type CountProgress,
  type EncodedCorpus,
  encodeCorpus,
  type FastTextModel,
  loadFastText,
  loadGlove,
  loadVocabulary,
  loadWord2Vec,
  loadWordVectors,
  saveFastText,
  saveWordVectors,
  trainFastText,
  trainGlove,
  type TrainingProgress,
  trainWord2Vec,
  Vocabulary,
  type WordVectors,
} from "../../words/index.ts";
import type { Progress } from "../progress.ts";
import { isModelFile, type Plan } from "./plan.ts";
import { openText, type Text } from "./text-options.ts";
import { countingNote } from "./training-note.ts";

export interface Watch {
  signal: AbortSignal;
  progress: Progress;
  onProgress: (progress: TrainingProgress) => void;
}

/** The vectors, which of fastText are made only where they are wanted, and of fastText the model. */
export interface TrainedWords {
  vectors: () => WordVectors;
  fastText?: FastTextModel;
}

/** Does what the plan says, up to the writing of the vectors; rejects with the signal's reason. */
export async function trainWords(plan: Plan, watch: Watch): Promise<TrainedWords> {
  const { settings, text } = plan;
  const minCount = settings["minCount"] as number | undefined;
  const opened = await openText(plan.input, { ...text, minCount, ...watch });
  const save = text["save-vocabulary"];
  const vocabulary = text.vocabulary === undefined ? undefined : await loadVocabulary(text.vocabulary);
  if (plan.continue !== undefined || plan.method === "glove") {
    const job = { plan, watch };
    const trained = await (plan.continue === undefined
      ? trainGloveOn({ ...opened, ...(vocabulary && { vocabulary }) }, job)
      : trainFurther(plan.continue, opened, job));
    const { words, counts = [] } = trained.vectors();
    if (save !== undefined) await new Vocabulary(words, counts).save(save);
    return trained;
  }
  const corpus = await encodeCorpus(opened.source, {
    ...settings,
    ...opened,
    ...(vocabulary && { vocabulary }),
    signal: watch.signal,
    onProgress: (tokens) => watch.progress.update("reading words", tokens, 0),
  });
  try {
    if (save !== undefined) await corpus.vocabulary.save(save);
    return await trainEncoded(corpus, { plan, watch });
  } finally {
    await corpus.dispose();
  }
}

interface Job {
  plan: Plan;
  watch: Watch;
}

async function trainEncoded(
  corpus: EncodedCorpus,
  { plan, watch: { signal, onProgress } }: Job,
): Promise<TrainedWords> {
  const options = { ...plan.settings, ...keeping(plan), signal, onProgress };
  return plan.method === "fasttext"
    ? ofFastText(await trainFastText(corpus, { ...options, pretrainedVectors: plan.pretrained }))
    : ofVectors(await trainWord2Vec(corpus, options));
}

/** GloVe reads the text itself: once it is counted, its memory is free. */
async function trainGloveOn(text: Text & { vocabulary?: Vocabulary }, { plan, watch }: Job): Promise<TrainedWords> {
  const { source, ...reading } = text;
  const { signal, onProgress, progress } = watch;
  const initial = plan.initial === undefined ? undefined : await loadWordVectors(plan.initial);
  const onCounting = (now: CountProgress): void =>
    progress.update(now.phase, Math.round(now.fraction * 1000), 1000, { note: countingNote(now) });
  const options = { ...plan.settings, ...reading, ...keeping(plan), initial, signal, onCounting, onProgress };
  return ofVectors(await trainGlove(source, options));
}

function keeping({ checkpoint, resume }: Plan): { checkpoint: string | undefined; resume: string | undefined } {
  return { checkpoint, resume: resume ? checkpoint : undefined };
}

/** Throws `invalid-file` for a file that holds no such model. */
async function trainFurther(
  path: string,
  text: Text,
  { plan, watch: { signal, onProgress } }: Job,
): Promise<TrainedWords> {
  const { source, ...reading } = text;
  const options = { ...plan.settings, ...reading, checkpoint: plan.checkpoint, signal, onProgress };
  if (plan.method === "fasttext") {
    const model = await loadFastText(path);
    if (model.settings.kind !== "supervised") return ofFastText(await model.train(source, options));
    const message = `${path} is a classifier: semspace words classify train --continue trains it further.`;
    throw new SemspaceError("unsupported", message);
  }
  const load = plan.method === "word2vec" ? loadWord2Vec : loadGlove;
  const model = await load(path).catch((cause: unknown) => {
    if (!(cause instanceof SemspaceError) || cause.code !== "invalid-file") throw cause;
    const message = `${cause.message} --continue takes what words train ${plan.method} --checkpoint has written.`;
    throw new SemspaceError("invalid-file", message, { cause });
  });
  return ofVectors(await model.train(source, options));
}

function ofVectors({ vectors }: { vectors: WordVectors }): TrainedWords {
  return { vectors: () => vectors };
}

function ofFastText(fastText: FastTextModel): TrainedWords {
  let made: WordVectors | undefined;
  return { fastText, vectors: () => (made ??= fastText.wordVectors()) };
}

/** Writes by the output's ending; `.bin` and `.ftz` of fastText are whole models. Gives the names of the files. */
export async function saveTrained({ vectors, fastText }: TrainedWords, output: string): Promise<string[]> {
  if (fastText && isModelFile(output)) {
    await saveFastText(output.endsWith(".ftz") ? await fastText.quantize({ normalize: true }) : fastText, output);
    return [output];
  }
  return saveWordVectors(vectors(), output);
}

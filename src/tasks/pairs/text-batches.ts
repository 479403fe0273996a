/** Texts as they are given (a list, or a stream) in batches of a size that an embedder likes. */
import { SemspaceError, shown } from "../../errors.ts";

/** A list of texts, or a stream that is read once. */
export type TextSource = readonly string[] | Iterable<string> | AsyncIterable<string>;

export interface TextBatch {
  texts: readonly string[];
  /** Texts up to the end of this batch. */
  done: number;
  /** Undefined for a stream. */
  total: number | undefined;
}

const BATCH = { texts: 4096, characters: 2_000_000 };

/** Throws `invalid-argument` for what is no text, and the signal's reason when aborted. */
export async function* textBatches(
  source: TextSource,
  { signal }: { signal?: AbortSignal },
): AsyncGenerator<TextBatch, void, undefined> {
  const total = Array.isArray(source) ? source.length : undefined;
  if (typeof source === "string")
    throw new SemspaceError(
      "invalid-argument",
      "Texts must be a list or a stream of strings, got one string. Put it into an array.",
    );
  let texts: string[] = [];
  let characters = 0;
  let done = 0;
  for await (const text of source) {
    if (typeof text !== "string")
      throw new SemspaceError("invalid-argument", `Text ${done + texts.length} must be a string, got ${shown(text)}.`);
    texts.push(text);
    characters += text.length;
    if (texts.length < BATCH.texts && characters < BATCH.characters) continue;
    signal?.throwIfAborted();
    done += texts.length;
    yield { texts, done, total };
    texts = [];
    characters = 0;
  }
  signal?.throwIfAborted();
  if (texts.length > 0) yield { texts, done: done + texts.length, total };
}

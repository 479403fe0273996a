/**
 * Cuts many texts into windows: groups of consecutive texts small enough to be held, tokenised and sorted at once.
 * Nothing else of an input is held, so memory does not grow with the number of texts.
 */
import { SemspaceError } from "../errors.ts";

/** A window is full at this many texts or UTF-16 units, whichever comes first. Larger windows sort better and pad less. */
export interface WindowLimits {
  texts: number;
  characters: number;
}

/** Windows of an array, in order. Throws `invalid-argument` for an item that is not a string, and names it. */
export function* windowsOfArray(texts: readonly string[], limits: WindowLimits): Generator<readonly string[]> {
  for (let start = 0; start < texts.length;) {
    let end = start;
    for (
      let characters = 0;
      end < texts.length && end - start < limits.texts && characters < limits.characters;
      end += 1
    ) {
      characters += checked(texts[end], end).length;
    }
    yield start === 0 && end === texts.length ? texts : texts.slice(start, end);
    start = end;
  }
}

/** Windows of a stream, in order. Reads on only when the next window is asked for; an abort also ends the wait for a slow source. */
export async function* windowsOfStream(
  texts: AsyncIterable<string>,
  limits: WindowLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[], void, undefined> {
  const source = texts[Symbol.asyncIterator]();
  const abort = abortion(signal);
  let ended = false;
  let position = 0;
  try {
    while (!ended) {
      const window: string[] = [];
      for (let characters = 0; window.length < limits.texts && characters < limits.characters; position += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one text after the other is the point of a stream
        const next = await (abort ? Promise.race([source.next(), abort.promise]) : source.next());
        if (next.done) {
          ended = true;
          break;
        }
        window.push(checked(next.value, position));
        characters += next.value.length;
      }
      if (window.length > 0) yield window;
    }
  } finally {
    abort?.release();
    // Not awaited: a source that still waits for its next text would hold up the abort.
    if (!ended) void Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

function checked(text: unknown, position: number): string {
  if (typeof text === "string") return text;
  throw new SemspaceError(
    "invalid-argument",
    `Text ${position} must be a string, got ${text === null ? "null" : typeof text}.`,
  );
}

function abortion(signal: AbortSignal | undefined): { promise: Promise<never>; release: () => void } | undefined {
  if (!signal) return undefined;
  const { promise, reject } = deferred();
  const listener = (): void => reject(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return { promise, release: () => signal.removeEventListener("abort", listener) };
}

function deferred(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  // It may reject while nobody waits; whoever races against it hears of it.
  promise.catch(() => undefined);
  return { promise, reject };
}

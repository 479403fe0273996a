/** gzip as bytes come and go, by the runtime's own streams. */
import { SemspaceError } from "../errors.ts";

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Packs pieces. */
export async function* gzipped(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* piped(pieces, new CompressionStream("gzip"));
}

/** Unpacks the pieces of a gzip file; `name` is for messages. Throws `invalid-file` for one that is broken or cut short. */
export async function* gunzipped(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* piped(pieces, new DecompressionStream("gzip"));
  } catch (cause) {
    if (cause instanceof SemspaceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${name} is no whole gzip file (${reason}). Fetch it again or unpack it.`;
    throw new SemspaceError("invalid-file", message, { cause });
  }
}

/** Pieces are taken only as they are asked for; whoever stops early ends their source too. */
async function* piped(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await source.return?.();
    },
  });
  const reader = stream.pipeThrough(transform).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

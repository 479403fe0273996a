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

/**
 * Pieces are taken only as they are asked for; whoever stops early ends their source too. Every piece is waited for: `pipeThrough`
 * of Node 20 lets 16,384 of them wait in memory.
 */
async function* piped(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  let failure: { cause: unknown } | undefined;
  const fed = (async () => {
    for await (const piece of pieces) await writer.write(piece as Uint8Array<ArrayBuffer>);
    await writer.close();
  })().catch(async (cause: unknown) => {
    failure = { cause };
    await writer.abort(cause).catch(() => undefined);
  });
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      yield value;
    }
  } catch (cause) {
    throw failure ? failure.cause : cause;
  } finally {
    await reader.cancel().catch(() => undefined);
    await fed;
  }
}

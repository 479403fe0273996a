/** One session for all who open the same graph over the same weights: an embedder, a search and a head of one folder. */
import type { Session } from "./session.ts";

interface Shared {
  readonly session: Promise<Session>;
  users: number;
}

const open = new Map<string, Shared>();

/** Gives the session that is open under `key`, or opens one; it is closed when the last of those who got it has disposed of it. */
export async function shareSession(key: string, start: () => Promise<Session>): Promise<Session> {
  const shared = open.get(key) ?? { session: start(), users: 0 };
  open.set(key, shared);
  shared.users += 1;
  let disposed = false;
  const leave = (): boolean => {
    shared.users -= 1;
    if (shared.users > 0) return false;
    if (open.get(key) === shared) open.delete(key);
    return true;
  };
  const session = await shared.session.catch((error: unknown) => {
    leave();
    throw error;
  });
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    run: (feeds, fetch) => session.run(feeds, fetch),
    async dispose() {
      if (disposed) return;
      disposed = true;
      if (leave()) await session.dispose();
    },
  };
}

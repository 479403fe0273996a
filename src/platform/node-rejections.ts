/** Promises that a library leaves behind: when one fails, Node would end the program. */

/** What tells a stray; one listener serves all of them. */
const guards = new Set<(reason: unknown) => boolean>();

function onRejection(reason: unknown): void {
  if (![...guards].some((isStray) => isStray(reason))) throw reason;
}

export async function guardStrays<Result>(
  isStray: (reason: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  if (guards.size === 0) process.on("unhandledRejection", onRejection);
  const guard = (reason: unknown): boolean => isStray(reason);
  guards.add(guard);
  try {
    return await work();
  } finally {
    // Rejections are told after the microtasks of this turn.
    await new Promise((resolve) => setImmediate(resolve));
    guards.delete(guard);
    if (guards.size === 0) process.off("unhandledRejection", onRejection);
  }
}

/** Long work that Ctrl-C (exit code 130) or a request to end (143) stops in its own way; a second one ends the program at once. */

/**
 * Gives 0 when the work is done, or the exit code of what stopped it, after `stopped` was called. Both ways remove temporary files: the
 * first as the work unwinds, the second on the program's "exit".
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<void>,
  stopped: () => Promise<void> | void,
): Promise<number> {
  const controller = new AbortController();
  let code = 0;
  const stop = (own: number) => (): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- asked a second time
    if (code !== 0) process.exit(own);
    code = own;
    controller.abort();
  };
  const listeners = { SIGINT: stop(130), SIGTERM: stop(143) };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  try {
    await work(controller.signal);
  } catch (error) {
    if (code === 0 || error !== controller.signal.reason) throw error;
    await stopped();
  } finally {
    for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
  }
  return code;
}

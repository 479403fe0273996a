/** Lets timers and input run now and then, so that an abort can arrive and a page stays alive during long work on one thread. */
export function pauses(everyMilliseconds = 50): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < everyMilliseconds) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}

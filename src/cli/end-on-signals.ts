/** Cleans up whatever ends the program: Ctrl-C (exit code 130), being asked to end (143), an error, or its own end. */

/** Calls `clean` when the program ends; the function that it gives takes that back. */
export function endOnSignals(clean: () => void): () => void {
  process.on("exit", clean);
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", terminated);
  return () => {
    process.off("exit", clean);
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", terminated);
  };
}

/* Without a listener the runtime would end the program without its "exit" event, on which the cleaning hangs. */
function interrupted(): never {
  process.exit(130);
}

function terminated(): never {
  process.exit(143);
}

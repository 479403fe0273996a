/** A thread of a {@link Team}: does parts of jobs as long as there are some, and ends when there is nothing to do. */
import { parentThread } from "#platform";
import { PART_BITS, places, takePart, type TeamKernel, type TeamStart } from "./team.ts";

/** Milliseconds without a job after which the thread ends. */
const PATIENCE = 20_000;

const parent = parentThread();

parent?.listen((message) => {
  work(message as TeamStart);
  void parent.end();
});

function work({ module, memory, control: buffer, kernels }: TeamStart): void {
  const control = new Int32Array(buffer);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = kernels.map((name) => exports[name] as TeamKernel);
  Atomics.add(control, places.members, 1);
  let seen = Atomics.load(control, places.next);
  for (;;) {
    const job = seen >> PART_BITS;
    const kernel = functions[Atomics.load(control, places.kernel)];
    const parameters = Atomics.load(control, places.parameters);
    const parts = Atomics.load(control, places.parts);
    for (let part = takePart(control, job); part >= 0; part = takePart(control, job)) {
      try {
        kernel(part, parts, parameters);
      } catch {
        Atomics.add(control, places.failed, 1);
      }
      Atomics.add(control, places.done, 1);
      Atomics.notify(control, places.done);
    }
    const now = Atomics.load(control, places.next);
    if (now >> PART_BITS === job && Atomics.wait(control, places.next, now, PATIENCE) === "timed-out") break;
    seen = Atomics.load(control, places.next);
  }
  Atomics.sub(control, places.members, 1);
}

import { expect, test } from "vitest";
import { runEpochs } from "./epochs.ts";
import { LaneControl } from "./lane-control.ts";
import type { LaneGroup } from "./lanes.ts";

function group(control: LaneControl): LaneGroup {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { lanes: 2, memory, control, run: () => Promise.resolve([]), end: () => Promise.resolve() };
}

test("lanes take each block once, and their counters are summed lane by lane", () => {
  const control = LaneControl.create(3, false);
  expect([control.takeBlock(), control.takeBlock(), control.takeBlock()]).toEqual([0, 1, 2]);
  control.add(0, { done: 5, loss: 1.5, losses: 2 });
  control.add(2, { done: 7, loss: 0.25, losses: 1 });
  expect(control.totals()).toEqual({ done: 12, loss: 1.75, losses: 3 });
  control.begin();
  expect(control.takeBlock()).toBe(0);
  expect(control.totals()).toEqual({ done: 12, loss: 0, losses: 0 });
});

test("epochs report their own mean loss and start behind the finished ones", async () => {
  const control = LaneControl.create(1, false);
  const seen: number[] = [];
  const losses = await runEpochs(group(control), {
    ...{ epochs: 4, finished: 2, perEpoch: 10 },
    run: (epoch) => Promise.resolve(control.add(0, { done: 10, loss: epoch * 8, losses: 4 })),
    afterEpoch: (epoch) => Promise.resolve(void seen.push(epoch)),
  });
  expect(losses).toEqual([4, 6]);
  expect(seen).toEqual([2, 3]);
});

test("a loss that is no number ends the training with what to do", async () => {
  const control = LaneControl.create(1, false);
  const run = (): Promise<void> => Promise.resolve(control.add(0, { done: 1, loss: Number.NaN, losses: 1 }));
  await expect(runEpochs(group(control), { epochs: 2, perEpoch: 1, run })).rejects.toThrow("smaller learningRate");
});

test("an error in onProgress ends the training and is what it rejects with", async () => {
  const control = LaneControl.create(1, false);
  const run = async (): Promise<void> => {
    while (!control.stopped) await new Promise((resolve) => void setTimeout(resolve, 5));
  };
  const onProgress = (): never => {
    throw new Error("the bar broke");
  };
  await expect(runEpochs(group(control), { epochs: 1, perEpoch: 1, run, onProgress })).rejects.toThrow("the bar broke");
});

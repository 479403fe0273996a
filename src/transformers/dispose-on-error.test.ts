import { expect, test } from "vitest";
import { disposeOnError } from "./dispose-on-error.ts";

test("a model is freed when the work after its loading fails, and only then", async () => {
  let freed = 0;
  const model = {
    async dispose() {
      freed += 1;
    },
  };
  expect(await disposeOnError(model, () => 7)).toBe(7);
  expect(freed).toBe(0);
  const failure = new Error("no labels");
  const fails = () => {
    throw failure;
  };
  await expect(disposeOnError(model, fails)).rejects.toBe(failure);
  await expect(disposeOnError(model, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(freed).toBe(2);
});

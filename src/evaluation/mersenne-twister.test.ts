import { expect, test } from "vitest";
import golden from "../../test/golden/mteb.json" with { type: "json" };
import { MersenneTwister } from "./mersenne-twister.ts";

test("numpy's RandomState shuffles a list the same way", () => {
  const list = golden.numbers.shuffled.map((_, i) => i);
  MersenneTwister.numpy(42).shuffle(list);
  expect(list).toEqual(golden.numbers.shuffled);
});

test("Python's random gives the same numbers, choices and samples, of small ranges and of large ones", () => {
  const random = MersenneTwister.python(42);
  expect(golden.numbers.random.map(() => random.random())).toEqual(golden.numbers.random);
  expect([...random.choices(1000, 12)]).toEqual(golden.numbers.choices);
  expect(random.sample(20, 7)).toEqual(golden.numbers.small);
  expect(random.sample(5000, 9)).toEqual(golden.numbers.large);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { relativeBucket } from "./mpnet.ts";

test("every relative position from -600 to 600 is in the bucket that transformers puts it in", () => {
  const path = join(import.meta.dirname, "../../../test/golden/encoders/buckets.json");
  const { first, buckets } = JSON.parse(readFileSync(path, "utf8")) as { first: number; buckets: number[] };
  expect(buckets.map((_bucket, i) => relativeBucket(first + i))).toEqual(buckets);
});

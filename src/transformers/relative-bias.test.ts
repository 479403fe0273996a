import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointFolder } from "../../test/golden-checkpoint.ts";
import { logBucket } from "./architectures/deberta-v2.ts";
import { relativeBucket } from "./relative-bias.ts";

interface Buckets {
  first: number;
  mpnet: number[];
  deberta: { buckets: number; distance: number; of: number[] }[];
}

const golden = JSON.parse(readFileSync(join(checkpointFolder("encoders"), "buckets.json"), "utf8")) as Buckets;

test("every relative position from -600 to 600 is in the bucket that transformers puts it in", () => {
  const { first, mpnet, deberta } = golden;
  const sizes = { buckets: 32, maxDistance: 128 };
  expect(mpnet.map((_bucket, i) => relativeBucket(first + i, sizes))).toEqual(mpnet);
  for (const { buckets, distance, of } of deberta)
    expect(of.map((_bucket, i) => logBucket(first + i, { buckets, maxDistance: distance }))).toEqual(of);
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../../test/real-models.ts";
import { subset } from "../operations/editing.ts";
import { loadWordVectors } from "./load.ts";

const folder = realModel("glove-6b-50d");

test.skipIf(!folder)(
  "GloVe's 400,000 words answer as they are known to, also product-quantised",
  async () => {
    const all = await loadWordVectors(join(folder!, "vectors.npy"));
    expect([all.size, all.dimensions]).toEqual([400_000, 50]);
    // The file is in Fortran order; the first numbers of "the" in glove.6B.50d.txt.
    expect([...all.vector("the").subarray(0, 3)]).toEqual([0.418, 0.24968, -0.41242].map(Math.fround));
    const analogy = { positive: ["king", "woman"], negative: ["man"] };
    const [queen] = all.mostSimilar(analogy, { top: 1 });
    expect(queen.word).toBe("queen");
    expect(queen.similarity).toBeCloseTo(0.8524, 4);

    const some = subset(all, all.words.slice(0, 10_000));
    const small = some.quantized({ subspaces: 25 });
    expect(small.mostSimilar(analogy, { top: 1 })[0].word).toBe("queen");
    let found = 0;
    for (let i = 100; i < 10_000; i += 500) {
      const exact = new Set(some.mostSimilar(some.words[i]).map(({ word }) => word));
      found += small.mostSimilar(some.words[i]).filter(({ word }) => exact.has(word)).length;
    }
    expect(found).toBeGreaterThan(160);
  },
  60_000,
);

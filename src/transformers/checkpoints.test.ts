import { expect, test } from "vitest";
import {
  attentionDifference,
  batchOf,
  changedCheckpoint,
  checkpointFolder,
  readGolden,
  tokenDifference,
} from "../../test/golden-checkpoint.ts";
import { loadTransformer } from "./load.ts";

const cases = ["encoders", "decoders"].flatMap((family) =>
  readGolden(family).map((golden) => ({ name: golden.name, family, golden })),
);

test.each(cases)(
  "$name gives the states and the attention of the reference, fused and not",
  { timeout: 30_000 },
  async ({ family, golden }) => {
    for (const fuse of [true, false]) {
      const outputs = { states: ["hidden"], ...(golden.layer ? { layers: [0, 1], attentions: [1] } : {}) } as const;
      const transformer = await loadTransformer(checkpointFolder(family, golden.name), { fuse, threads: 1, outputs });
      const { data } = await transformer.run(batchOf(golden));
      expect(tokenDifference(golden, data, golden.hidden)).toBeLessThan(2e-5);
      if (golden.layer && golden.embedded && golden.attention) {
        const names = ["hidden_states.0", "hidden_states.1", "attentions.1"];
        const got = await transformer.fetch(batchOf(golden), names);
        expect(tokenDifference(golden, got["hidden_states.0"].data, golden.embedded)).toBeLessThan(2e-5);
        expect(tokenDifference(golden, got["hidden_states.1"].data, golden.layer)).toBeLessThan(2e-5);
        expect(attentionDifference(golden, got["attentions.1"].data, golden.attention)).toBeLessThan(2e-5);
      }
      await transformer.dispose();
    }
  },
);

/**
 * What adds the same to all scores of a query: softmax does not see it. Keys of DeBERTa v2 also meet the queries of distances
 * (p2c), where there are any; with queries and distances alone (c2p), a bias of the distances' keys adds the same too.
 */
function isUnseen(name: string, kind: string): boolean {
  if (name === "deberta-v2-conv-groups") return /(key_proj|encoder\.LayerNorm)\.bias$/.test(kind);
  return /(attention\.self\.(key|layer_norm_k)|attention\.key|attn\.k|k_lin|k_proj|pos_key_proj)\.bias$/.test(kind);
}

/** Those whose tensors are also another's. */
const repeated = /^(bert-(?!gelu$)|mpnet-prefix|camembert|xlm-roberta|roberta-pad-0|distilbert-relu)/;

test.each(cases.filter(({ name }) => !repeated.test(name)))(
  "every kind of tensor of $name matters: zeroed, it changes the vectors",
  { timeout: 60_000 },
  async ({ family, golden }) => {
    const folder = checkpointFolder(family, golden.name);
    const names: string[] = [];
    await changedCheckpoint(folder, (tensors) => names.push(...Object.keys(tensors)));
    const unmoved: string[] = [];
    // What the first block has too is left out in later ones.
    const isFirst = (name: string) => !/\.[1-9]\./.test(name) || !names.includes(name.replace(/\.[1-9]\./, ".0."));
    for (const kind of names.filter(isFirst)) {
      const files = await changedCheckpoint(folder, (tensors) => (tensors[kind].data as Uint8Array).fill(0));
      const transformer = await loadTransformer(files, { threads: 1, outputs: { states: ["hidden"] } });
      const { data } = await transformer.run(batchOf(golden));
      await transformer.dispose();
      if (tokenDifference(golden, data, golden.hidden) < 1e-4) unmoved.push(kind);
    }
    expect(unmoved.filter((kind) => !isUnseen(golden.name, kind))).toEqual([]);
  },
);

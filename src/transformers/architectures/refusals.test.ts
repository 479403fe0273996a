import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changedCheckpoint, checkpointFolder } from "../../../test/golden-checkpoint.ts";
import { loadTransformer } from "../load.ts";
import { readArchitecture } from "./index.ts";

/** What each architecture of the modern encoders and decoders does not build, or no file should say. */
test.each([
  ["gpt2", { add_cross_attention: true }, "asks for add_cross_attention true; only decoders alone are built"],
  ["gpt2", { n_head: 3 }, "n_embd 16 cannot be shared among 3 n_head"],
  ["gpt2", { head_dim: 6 }, "asks for 4 heads of 6; only heads that share the hidden size 16 are built"],
  ["gpt2", { scale_attn_weights: "yes" }, 'scale_attn_weights must be true or false, got "yes"'],
  ["llama", { num_key_value_heads: 3 }, "4 num_attention_heads cannot share 3 num_key_value_heads"],
  [
    "llama",
    { rope_scaling: { type: "yarn" } },
    'rotary positions of type "yarn"; default, linear and llama3 are built',
  ],
  ["llama", { rope_scaling: { type: "linear" } }, "rope_scaling: factor must be a number above 0"],
  ["llama", { rope_scaling: [1] }, "rope_scaling must be an object, got [1]"],
  ["llama", { rope_theta: -1 }, "rope_theta must be a number above 0"],
  ["llama", { head_dim: 5 }, "its size must be even, up to 65536, got 5"],
  ["llama", { hidden_act: "mish" }, 'unknown activation "mish" in hidden_act'],
  ["qwen3", { layer_types: ["full_attention"] }, "layer_types must be a list of 2 names"],
  ["qwen3", { layer_types: ["full_attention", "linear"] }, "each one of full_attention, sliding_attention"],
  ["gemma3", { attn_logit_softcapping: 50 }, "attn_logit_softcapping; attention is built without"],
  ["gemma3", { query_pre_attn_scalar: 0 }, "query_pre_attn_scalar must be a number above 0"],
  ["modern-bert", { local_attention: 0 }, "local_attention must be a whole number from 1"],
  ["modern-bert", { rope_parameters: { full_attention: { rope_type: "dynamic" } } }, 'type "dynamic"'],
  ["nomic-bert", { num_experts: 8 }, "num_experts 8; only 0 is built"],
  ["nomic-bert", { prenorm: true }, "prenorm true; only false is built"],
  ["nomic-bert", { rotary_emb_fraction: 0.5 }, "rotary_emb_fraction 0.5; only 1 is built"],
  ["nomic-bert", { activation_function: "gelu" }, 'activation_function "gelu"; swiglu and geglu are built'],
  ["gte", { logn_attention_scale: true }, "logn_attention_scale true; only false is built"],
  ["gte", { position_embedding_type: "absolute" }, 'position_embedding_type "absolute"; only "rope" is built'],
  ["gte", { rope_scaling: { type: "dynamic", factor: 2 } }, 'rope_scaling of type "dynamic"; only "ntk" is built'],
  ["jina-bert", { feed_forward_type: "original" }, 'feed_forward_type "original"; geglu and reglu are built'],
  ["jina-bert", { is_decoder: true }, "is_decoder true; only encoders are built"],
  ["t5", { feed_forward_proj: 7 }, "feed_forward_proj must be a name like relu or gated-gelu, got 7"],
  ["t5", { feed_forward_proj: "gated-mish" }, 'unknown activation "mish" in feed_forward_proj'],
  ["t5", { relative_attention_num_buckets: 2 }, "relative_attention_num_buckets must be a whole number from 4"],
])("%s with %j is refused", async (name, config, message) => {
  const files = await changedCheckpoint(checkpointFolder("decoders", name), () => undefined, config);
  await expect(loadTransformer(files)).rejects.toThrow(message);
});

test("Jina's BERT is told from BERT by its positions, and a scaled NomicBERT takes texts as long as it was trained on", () => {
  const read = (name: string, changes: object = {}) => {
    const json = JSON.parse(readFileSync(join(checkpointFolder("decoders", name), "config.json"), "utf8")) as object;
    const { architecture, config } = readArchitecture({ ...json, ...changes }, "config.json");
    return architecture.maxPositions(config);
  };
  expect(() => read("jina-bert", { position_embedding_type: "relative_key" })).toThrow("relative_key");
  expect(read("jina-bert")).toBe(400);
  expect(read("nomic-bert")).toBe(400);
  expect(read("nomic-bert", { rotary_scaling_factor: 2, max_trained_positions: 128 })).toBe(128);
});

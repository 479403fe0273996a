"""Tiny seeded checkpoints of modern encoders and decoders with every parameter random, and what transformers computes from them.

Makes test/golden/decoders/NAME/{config.json, model.safetensors} and expected.json (float32 values as base64, little-endian).
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/decoders.py  (-P: the names of other scripts here are those of libraries)
Versions: bench/peers/requirements.txt.
"""
import base64
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from safetensors.torch import save_file
from transformers import (Gemma3TextConfig, Gemma3TextModel, GPT2Config, GPT2Model, LlamaConfig, LlamaModel, ModernBertConfig,
                          ModernBertModel, Qwen3Config, Qwen3Model, T5Config, T5EncoderModel)

sys.path.append(str(Path(__file__).parent))  # after the libraries
import published_encoders  # noqa: E402

out = Path(__file__).parent / "decoders"
columns = 24
# A whole row, one padded at the end, one padded at the start (decoders; encoders get it at the end), and a short one.
spans = {"causal": [(0, 24), (0, 9), (15, 24), (0, 2)], "both": [(0, 24), (0, 9), (0, 17), (0, 2)]}
vocabulary = 20
eager = dict(attn_implementation="eager")


def randomise(model, seed):
    """Every parameter random; gains around 1 (around 0 where the model adds 1), else a layer's contribution would be too small to see."""
    generator = torch.Generator().manual_seed(seed)
    gain = 0 if model.config.model_type == "gemma3_text" else 1
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            is_gain = parameter.ndim == 1 and name.endswith("weight")
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2 + (gain if is_gain else 0))


def packed(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).numpy().astype("<f4").tobytes()).decode()


def inputs_of(kind):
    ids = [[(row * 5 + column * 7 + column // 3) % (vocabulary - 4) + 4 for column in range(columns)] for row in range(4)]
    mask = torch.tensor([[1 if start <= column < end else 0 for column in range(columns)] for start, end in spans[kind]])
    ids = torch.where(mask == 1, torch.tensor(ids), torch.tensor(1))
    return ids, mask


class Published(torch.nn.Module):
    """A model of published_encoders.py as a module: `shapes` are those of its tensors."""

    def __init__(self, function, config, shapes):
        super().__init__()
        self.function, self.config = function, SimpleNamespace(model_type=config["model_type"], json=config)
        self.tensors = {key: torch.nn.Parameter(torch.empty(shape)) for key, shape in shapes.items()}

    def named_parameters(self):
        return self.tensors.items()

    def parameters(self):
        return self.tensors.values()

    def state_dict(self):
        return self.tensors

    def forward(self, input_ids, attention_mask, token_type_ids=None, **_):
        types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        states, attentions = self.function(self.tensors, self.config.json, input_ids, attention_mask, types)
        return SimpleNamespace(last_hidden_state=states[-1], hidden_states=states, attentions=attentions)


def save(name, model, config, rename=lambda key: key, dtype=torch.float16):
    """The files of a checkpoint, as the hub has them; the model goes on with weights of that type."""
    model.eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype).float())
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    weights = {rename(key): value.to(dtype).contiguous() for key, value in model.state_dict().items() if rename(key)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def run(model, kind, ids, mask, types=None):
    inputs = dict(input_ids=ids, attention_mask=mask)
    if types is not None:
        inputs["token_type_ids"] = types
    if kind == "causal":
        inputs["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)
    with torch.no_grad():
        return model(**inputs, output_hidden_states=True, output_attentions=True)


def checkpoint(name, model, config, kind="causal", seed=1, with_types=False, **options):
    """`hidden`, `embedded` and `layer` (the states after the first block) hold real tokens only, row by row; `attention` (of the second block) each row's last token."""
    randomise(model, seed)
    save(name, model, config, **options)
    ids, mask = inputs_of(kind)
    types = (ids % 3 == 0).long() if with_types else None
    result = run(model, kind, ids, mask, types)
    at = mask == 1
    seen = torch.stack([result.attentions[1][row, :, end - 1] for row, (_, end) in enumerate(spans[kind])])
    long = torch.tensor([[i * 7 % (vocabulary - 4) + 4 for i in range(config.get("long", 300))]])
    whole = run(model, kind, long, torch.ones_like(long)).last_hidden_state
    return dict(name=name, causal=kind == "causal", ids=ids.flatten().tolist(), mask=mask.flatten().tolist(), rows=len(ids), columns=columns,
                **({"types": types.flatten().tolist()} if with_types else {}),
                hidden=packed(result.last_hidden_state[at]), embedded=packed(result.hidden_states[0][at]), layer=packed(result.hidden_states[1][at]), attention=packed(seen),
                long=dict(ids=long[0].tolist(), last=packed(whole[0, -2:])))


def gpt2(name, seed, rename=lambda key: key, **changes):
    config = dict(model_type="gpt2", vocab_size=vocabulary, n_positions=304, n_embd=16, n_layer=2, n_head=4, n_inner=24,
                  activation_function="gelu_new", layer_norm_epsilon=1e-5) | changes
    return checkpoint(name, GPT2Model(GPT2Config(**config, **eager)), config, seed=seed, rename=rename)


def llama(name, seed, kind=LlamaModel, config_kind=LlamaConfig, rename=lambda key: key, **changes):
    config = dict(model_type="llama", vocab_size=vocabulary, max_position_embeddings=400, hidden_size=16, num_hidden_layers=2,
                  num_attention_heads=4, num_key_value_heads=2, intermediate_size=24, hidden_act="silu", rms_norm_eps=1e-6, rope_theta=10000.0,
                  pad_token_id=None) | changes
    # The configuration class may halve numbers and move keys; the file keeps them as published.
    return checkpoint(name, kind(config_kind(**json.loads(json.dumps(config)), **eager)), config, seed=seed, rename=rename,
                      **({"kind": "both"} if config.get("use_bidirectional_attention") else {}))


def qwen3(name, seed, **changes):
    return llama(name, seed, Qwen3Model, Qwen3Config, model_type="qwen3", head_dim=6, rope_theta=1000000, **changes)


def gemma3(name, seed, **changes):
    config = dict(model_type="gemma3_text", head_dim=8, num_hidden_layers=3, hidden_activation="gelu_pytorch_tanh", query_pre_attn_scalar=24,
                  sliding_window=6, sliding_window_pattern=2, rope_theta=1000000.0, rope_local_base_freq=10000.0, pad_token_id=0) | changes
    return llama(name, seed, Gemma3TextModel, Gemma3TextConfig, **config)


def modern_bert(name, seed, rename=lambda key: key, **changes):
    config = dict(model_type="modernbert", vocab_size=vocabulary, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=24,
                  hidden_activation="gelu", max_position_embeddings=400, norm_eps=1e-5, norm_bias=False, attention_bias=False, mlp_bias=False,
                  local_attention=6, global_attn_every_n_layers=2, global_rope_theta=160000.0, local_rope_theta=10000.0, pad_token_id=1) | changes
    return checkpoint(name, ModernBertModel(ModernBertConfig(**json.loads(json.dumps(config)), **eager)), config, "both", seed, rename=rename)


def t5(name, seed, **changes):
    config = dict(model_type="t5", vocab_size=vocabulary, d_model=16, d_kv=6, d_ff=24, num_layers=2, num_heads=3, n_positions=512,
                  relative_attention_num_buckets=32, layer_norm_epsilon=1e-6, feed_forward_proj="relu", pad_token_id=0) | changes
    model = T5EncoderModel(T5Config(**config, **eager))
    # The table is shared; a checkpoint has it once.
    return checkpoint(name, model, config, "both", seed, rename=lambda key: None if key == "encoder.embed_tokens.weight" else key)


def linears(sizes):
    """Shapes of Linears: name → (inputs, outputs, has a bias)."""
    return {name + part: shape for name, (inputs, outputs, bias) in sizes.items()
            for part, shape in ((".weight", (outputs, inputs)), *(((".bias", (outputs,)),) if bias else ()))}


def norms(*names, size=16):
    return {name + part: (size,) for name in names for part in (".weight", ".bias")}


def nomic(name, seed, bias=False, **changes):
    config = dict(model_type="nomic_bert", vocab_size=vocabulary, n_embd=16, n_head=2, n_layer=2, n_inner=200, n_positions=400, activation_function="swiglu",
                  layer_norm_epsilon=1e-12, rotary_emb_base=1000, rotary_emb_fraction=1.0, rotary_emb_interleaved=False, rotary_emb_scale_base=None,
                  rotary_scaling_factor=None, qkv_proj_bias=bias, mlp_fc1_bias=bias, mlp_fc2_bias=bias, prenorm=False, causal=False,
                  use_rms_norm=False, type_vocab_size=2) | changes
    shapes = {"embeddings.word_embeddings.weight": (vocabulary, 16), "embeddings.token_type_embeddings.weight": (2, 16), **norms("emb_ln")}
    for i in range(2):
        layer = f"encoder.layers.{i}."
        # The published code rounds the wide layer up to a multiple of 256.
        shapes |= linears({layer + "attn.Wqkv": (16, 48, bias), layer + "attn.out_proj": (16, 16, bias), layer + "mlp.fc11": (16, 256, bias),
                           layer + "mlp.fc12": (16, 256, bias), layer + "mlp.fc2": (256, 16, bias)}) | norms(layer + "norm1", layer + "norm2")
    return checkpoint(name, Published(published_encoders.nomic, config, shapes), config, "both", seed, with_types=True)


def gte(name, seed, prefix="", **changes):
    config = dict(model_type="new", vocab_size=vocabulary, hidden_size=16, num_attention_heads=2, num_hidden_layers=2, intermediate_size=24,
                  max_position_embeddings=400, hidden_act="gelu", layer_norm_eps=1e-12, layer_norm_type="layer_norm", position_embedding_type="rope",
                  rope_theta=500000, rope_scaling=dict(factor=2.0, type="ntk"), type_vocab_size=0, pack_qkv=True, logn_attention_scale=False) | changes
    shapes = {"embeddings.word_embeddings.weight": (vocabulary, 16), **norms("embeddings.LayerNorm")}
    if config["type_vocab_size"]:
        shapes["embeddings.token_type_embeddings.weight"] = (config["type_vocab_size"], 16)
    for i in range(2):
        layer = f"encoder.layer.{i}."
        shapes |= linears({layer + "attention.qkv_proj": (16, 48, True), layer + "attention.o_proj": (16, 16, True),
                           layer + "mlp.up_gate_proj": (16, 48, False), layer + "mlp.down_proj": (24, 16, True)}) | norms(layer + "attn_ln", layer + "mlp_ln")
    return checkpoint(name, Published(published_encoders.gte, config, shapes), config, "both", seed, rename=lambda key: prefix + key,
                      with_types=config["type_vocab_size"] > 1)


def jina(name, seed, is_variant=False, **changes):
    config = dict(model_type="bert", vocab_size=vocabulary, hidden_size=18, num_attention_heads=3, num_hidden_layers=2, intermediate_size=24,
                  max_position_embeddings=400, hidden_act="gelu", layer_norm_eps=1e-12, position_embedding_type="alibi", feed_forward_type="geglu",
                  type_vocab_size=2) | changes
    size = 18
    shapes = {"embeddings.word_embeddings.weight": (vocabulary, size), "embeddings.token_type_embeddings.weight": (2, size),
              **norms("embeddings.LayerNorm", size=size)}
    for i in range(2):
        layer = f"encoder.layer.{i}."
        wide, narrow = ("up_gated_layer", "down_layer") if is_variant else ("gated_layers", "wo")
        more = ("attention.self.layer_norm_q", "attention.self.layer_norm_k", "layer_norm_1", "layer_norm_2") if is_variant else ("mlp.layernorm",)
        shapes |= linears({f"{layer}attention.self.{part}": (size, size, True) for part in ("query", "key", "value")} | {
            layer + "attention.output.dense": (size, size, True), layer + "mlp." + wide: (size, 48, False),
            layer + "mlp." + narrow: (24, size, True)}) | norms(layer + "attention.output.LayerNorm", *(layer + one for one in more), size=size)
    return checkpoint(name, Published(published_encoders.jina, config, shapes), config, "both", seed, with_types=True)


cases = [
    gpt2("gpt2", 1),
    gpt2("gpt2-scaled", 2, lambda key: "transformer." + key, n_inner=None, activation_function="relu", scale_attn_by_inverse_layer_idx=True),
    llama("llama", 3),
    llama("llama-scaled", 4, rename=lambda key: "model." + key, num_key_value_heads=4, head_dim=8, attention_bias=True, mlp_bias=True, rope_theta=500000.0,
          rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=256)),
    llama("llama-linear", 5, num_key_value_heads=1, head_dim=8, rope_scaling=dict(type="linear", factor=4.0)),
    qwen3("qwen3", 6),
    qwen3("qwen3-window", 7, num_key_value_heads=4, attention_bias=True, use_sliding_window=True, sliding_window=5, max_window_layers=1),
    gemma3("gemma3", 8),
    gemma3("gemma3-embedding", 9, use_bidirectional_attention=True, num_key_value_heads=1, rope_scaling=dict(rope_type="linear", factor=8.0),
           layer_types=["sliding_attention", "sliding_attention", "full_attention"]),
    modern_bert("modern-bert", 10, rename=lambda key: "model." + key),
    modern_bert("modern-bert-biased", 11, norm_bias=True, attention_bias=True, mlp_bias=True, num_hidden_layers=4, global_attn_every_n_layers=3,
                hidden_activation="gelu_pytorch_tanh", local_attention=9),
    t5("t5", 12),
    t5("t5-gated", 13, feed_forward_proj="gated-gelu", relative_attention_num_buckets=12, relative_attention_max_distance=20),
    nomic("nomic-bert", 14),
    nomic("nomic-bert-biased", 15, bias=True, activation_function="geglu", rotary_emb_base=10000),
    gte("gte", 16),
    gte("gte-types", 17, prefix="new.", type_vocab_size=2, rope_theta=20000, rope_scaling=None),
    jina("jina-bert", 18),
    jina("jina-bert-normed", 19, is_variant=True, feed_forward_type="reglu"),
]
(out / "expected.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")

"""Tiny seeded checkpoints of modern encoders and decoders with every parameter random, and what transformers computes from them.

Makes test/golden/decoders/NAME/{config.json, model.safetensors} and expected.json (float32 values as base64, little-endian).
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/decoders.py  (-P: the names of other scripts here are those of libraries)
Versions: bench/peers/requirements.txt.
"""
import base64
import json
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file
from transformers import (Gemma3TextConfig, Gemma3TextModel, GPT2Config, GPT2Model, LlamaConfig, LlamaModel, Qwen3Config,
                          Qwen3Model)

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


def run(model, kind, ids, mask):
    inputs = dict(input_ids=ids, attention_mask=mask)
    if kind == "causal":
        inputs["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)
    with torch.no_grad():
        return model(**inputs, output_hidden_states=True, output_attentions=True)


def checkpoint(name, model, config, kind="causal", seed=1, **options):
    """`hidden` and `layer` (the states after the first block) hold real tokens only, row by row; `attention` (of the second block) each row's last token."""
    randomise(model, seed)
    save(name, model, config, **options)
    ids, mask = inputs_of(kind)
    result = run(model, kind, ids, mask)
    at = mask == 1
    seen = torch.stack([result.attentions[1][row, :, end - 1] for row, (_, end) in enumerate(spans[kind])])
    long = torch.tensor([[i * 7 % (vocabulary - 4) + 4 for i in range(config.get("long", 300))]])
    whole = run(model, kind, long, torch.ones_like(long)).last_hidden_state
    return dict(name=name, causal=kind == "causal", ids=ids.flatten().tolist(), mask=mask.flatten().tolist(), rows=len(ids), columns=columns,
                hidden=packed(result.last_hidden_state[at]), layer=packed(result.hidden_states[1][at]), attention=packed(seen),
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
]
(out / "expected.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")

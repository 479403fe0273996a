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
from transformers import GPT2Config, GPT2Model

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
    config = dict(model_type="gpt2", vocab_size=vocabulary, n_positions=304, n_embd=32, n_layer=2, n_head=4, n_inner=40,
                  activation_function="gelu_new", layer_norm_epsilon=1e-5) | changes
    return checkpoint(name, GPT2Model(GPT2Config(**config, **eager)), config, seed=seed, rename=rename)


cases = [
    gpt2("gpt2", 1),
    gpt2("gpt2-scaled", 2, lambda key: "transformer." + key, n_embd=16, n_inner=None, activation_function="relu", scale_attn_by_inverse_layer_idx=True),
]
(out / "expected.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")

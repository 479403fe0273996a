"""The encoders whose code is published beside their weights and not in transformers 5.3, as plain functions of their tensors.

Written from the published code, which was read and not copied: nomic-ai/nomic-bert-2048 (modeling_hf_nomic_bert.py),
Alibaba-NLP/new-impl (modeling.py), jinaai/jina-bert-implementation and jinaai/jina-bert-v2-qk-post-norm (modeling_bert.py).
On 2026-11-24 the tensors of "nomic-bert" and "gte-types" gave the same in transformers 5.24, which has both, to 6e-7.
Each gives (hidden states of all layers, attention of all layers) of ids and a mask, both [rows, columns].
"""
import math

import torch
from torch.nn.functional import gelu, layer_norm, relu, silu


def norm(x, w, name, epsilon):
    return layer_norm(x, (x.shape[-1],), w[name + ".weight"], w[name + ".bias"], epsilon)


def linear(x, w, name):
    y = x @ w[name + ".weight"].T
    return y + w[name + ".bias"] if name + ".bias" in w else y


def heads(x, count):
    return x.view(*x.shape[:2], count, -1).transpose(1, 2)


def turned(x, frequencies):
    """x is [rows, heads, columns, size]; the first half of a head pairs with the second."""
    angles = torch.outer(torch.arange(x.shape[2], dtype=torch.float32), frequencies)
    cos, sin = angles.cos(), angles.sin()
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


def frequencies(base, size):
    return 1.0 / (base ** (torch.arange(0, size, 2, dtype=torch.float32) / size))


def attend(q, k, v, bias):
    probabilities = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias, -1)
    return (probabilities @ v).transpose(1, 2).flatten(2), probabilities


def padding_bias(mask):
    return (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min


def embedded(ids, types, w):
    return w["embeddings.word_embeddings.weight"][ids] + (
        w["embeddings.token_type_embeddings.weight"][types] if "embeddings.token_type_embeddings.weight" in w else 0)


def nomic(w, c, ids, mask, types):
    epsilon = c["layer_norm_epsilon"]
    x = norm(embedded(ids, types, w), w, "emb_ln", epsilon)
    states, attentions = [x], []
    turns = frequencies(c["rotary_emb_base"], c["n_embd"] // c["n_head"])
    gate = dict(swiglu=silu, geglu=gelu)[c["activation_function"]]
    for i in range(c["n_layer"]):
        name = f"encoder.layers.{i}."
        q, k, v = (heads(part, c["n_head"]) for part in linear(x, w, name + "attn.Wqkv").chunk(3, -1))
        context, probabilities = attend(turned(q, turns), turned(k, turns), v, padding_bias(mask))
        x = norm(linear(context, w, name + "attn.out_proj") + x, w, name + "norm1", epsilon)
        wide = linear(x, w, name + "mlp.fc11") * gate(linear(x, w, name + "mlp.fc12"))
        x = norm(linear(wide, w, name + "mlp.fc2") + x, w, name + "norm2", epsilon)
        states.append(x)
        attentions.append(probabilities)
    return states, attentions


def gte(w, c, ids, mask, types):
    epsilon = c["layer_norm_eps"]
    x = norm(embedded(ids, types, w), w, "embeddings.LayerNorm", epsilon)
    states, attentions = [x], []
    size = c["hidden_size"] // c["num_attention_heads"]
    factor = c["rope_scaling"]["factor"] if c["rope_scaling"] else 1
    turns = frequencies(c["rope_theta"] * factor, size) / factor ** (2 / size)
    for i in range(c["num_hidden_layers"]):
        name = f"encoder.layer.{i}."
        q, k, v = (heads(part, c["num_attention_heads"]) for part in linear(x, w, name + "attention.qkv_proj").chunk(3, -1))
        context, probabilities = attend(turned(q, turns), turned(k, turns), v, padding_bias(mask))
        x = norm(x + linear(context, w, name + "attention.o_proj"), w, name + "attn_ln", epsilon)
        up, gate = linear(x, w, name + "mlp.up_gate_proj").chunk(2, -1)
        x = norm(x + linear(gelu(gate) * up, w, name + "mlp.down_proj"), w, name + "mlp_ln", epsilon)
        states.append(x)
        attentions.append(probabilities)
    return states, attentions


def slopes(count):
    def of_power(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]

    power = 2 ** math.floor(math.log2(count))
    return of_power(power) + of_power(2 * power)[0::2][:count - power]


def jina(w, c, ids, mask, types):
    epsilon, count = c["layer_norm_eps"], c["num_attention_heads"]
    x = norm(embedded(ids, types, w), w, "embeddings.LayerNorm", epsilon)
    states, attentions = [x], []
    columns = torch.arange(ids.shape[1])
    distance = (columns[None] - columns[:, None]).abs()
    bias = -torch.tensor(slopes(count))[None, :, None, None] * distance + padding_bias(mask)
    gate = dict(geglu=gelu, reglu=relu)[c["feed_forward_type"]]
    for i in range(c["num_hidden_layers"]):
        name = f"encoder.layer.{i}."
        q, k, v = (linear(x, w, f"{name}attention.self.{part}") for part in ("query", "key", "value"))
        is_variant = name + "attention.self.layer_norm_q.weight" in w
        if is_variant:
            q, k = (norm(y, w, f"{name}attention.self.layer_norm_{part}", epsilon) for y, part in ((q, "q"), (k, "k")))
        context, probabilities = attend(heads(q, count), heads(k, count), heads(v, count), bias)
        attended = norm(linear(context, w, name + "attention.output.dense") + x, w, name + "attention.output.LayerNorm", epsilon)
        if is_variant:
            x = norm(x + attended, w, name + "layer_norm_1", epsilon)
            up, gated = linear(x, w, name + "mlp.up_gated_layer").chunk(2, -1)
            x = norm(x + linear(up * gate(gated), w, name + "mlp.down_layer"), w, name + "layer_norm_2", epsilon)
        else:
            gated, other = linear(attended, w, name + "mlp.gated_layers").chunk(2, -1)
            x = norm(linear(gate(gated) * other, w, name + "mlp.wo") + attended, w, name + "mlp.layernorm", epsilon)
        states.append(x)
        attentions.append(probabilities)
    return states, attentions

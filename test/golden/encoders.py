"""Tiny seeded checkpoints with every parameter random, and the hidden states that transformers computes from them.

Makes test/golden/encoders/NAME/{config.json, model.safetensors} and expected.json, buckets.json; real.json from models in the cache (npm run models).
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/encoders.py  (-P: the names of other scripts here are those of libraries)
Versions: bench/peers/requirements.txt.
"""
import json
import re
from pathlib import Path

import numpy
import onnxruntime
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoModel, BertConfig, BertModel, MPNetConfig, MPNetModel
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

out = Path(__file__).parent / "encoders"
small = dict(vocab_size=20, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40,
             max_position_embeddings=24)

# Three rows of different length; one token of the second row has the id that MPNet takes for padding.
ids = {
    "bert": [[2, 5, 9, 11, 19, 7, 3, 4], [2, 8, 1, 3, 0, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0, 0]],
    # Long enough for distances that share a bucket.
    "mpnet": [[0, *(i % 16 + 4 for i in range(0, 90, 5)), 2], [0, 8, 1, 6, 2] + [1] * 15, [0, 2] + [1] * 18],
}
lengths = {"bert": [8, 4, 2], "mpnet": [20, 5, 2]}
types = [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 0, 0], [0] * 8]


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Scales around 1, else every layer's contribution would be too small to see.
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2 + name.endswith("LayerNorm.weight"))


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


def checkpoint(name, model, rename=lambda key: key, dtype=torch.float32):
    """Saves the weights under other names or in another type, and what the model (with weights of that type) gives."""
    model = model.eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype).float())
    kind = model.config.model_type
    columns = max(lengths[kind])
    mask = torch.tensor([[1] * n + [0] * (columns - n) for n in lengths[kind]])
    inputs = dict(input_ids=torch.tensor(ids[kind]), attention_mask=mask)
    if kind == "bert":
        inputs["token_type_ids"] = torch.tensor(types)
    with torch.no_grad():
        hidden = model(**inputs).last_hidden_state
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    weights = {rename(k): v.to(dtype).contiguous() for k, v in model.state_dict().items() if not k.startswith("pooler.")}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    kept = {k: v for k, v in model.config.to_dict().items() if k in (
        *small, "model_type", "hidden_act", "layer_norm_eps", "type_vocab_size", "pad_token_id", "relative_attention_num_buckets")}
    (folder / "config.json").write_text(json.dumps(kept, indent=2) + "\n")
    return dict(name=name, ids=sum(ids[kind], []), mask=mask.flatten().tolist(), types=sum(types, []) if kind == "bert" else None, rows=3, columns=columns,
                hidden=rounded(torch.cat([hidden[i, :n] for i, n in enumerate(lengths[kind])])))


def bert(seed, **config):
    model = BertModel(BertConfig(**small, attn_implementation="eager", **config), add_pooling_layer=False)
    randomise(model, seed)
    return model


def mpnet(seed):
    model = MPNetModel(MPNetConfig(**small, pad_token_id=1, attn_implementation="eager"), add_pooling_layer=False)
    randomise(model, seed)
    return model


def legacy(key):
    return re.sub(r"LayerNorm\.bias$", "LayerNorm.beta", re.sub(r"LayerNorm\.weight$", "LayerNorm.gamma", "bert." + key))


cases = [
    checkpoint("bert-gelu", bert(1)),
    checkpoint("bert-gelu-new", bert(2, hidden_act="gelu_new", layer_norm_eps=1e-5)),
    checkpoint("bert-relu", bert(3, hidden_act="relu")),
    checkpoint("bert-silu", bert(4, hidden_act="silu")),
    checkpoint("bert-legacy-names", bert(5), rename=legacy),
    checkpoint("bert-f16", bert(6), dtype=torch.float16),
    checkpoint("bert-bf16", bert(7), dtype=torch.bfloat16),
    checkpoint("mpnet", mpnet(8)),
    checkpoint("mpnet-prefix-f16", mpnet(9), rename=lambda key: "mpnet." + key, dtype=torch.float16),
]
(out / "expected.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


offsets = torch.arange(-600, 601)
buckets = MPNetEncoder.relative_position_bucket(offsets)
(out / "buckets.json").write_text(json.dumps(dict(first=-600, buckets=buckets.tolist()), separators=(",", ":")) + "\n")

# Real models: first and last token of a short, a middle and a long text, padded into one batch.
texts = ["", "A man is playing a guitar.", "The theory of everything, they say, is still out of reach. " * 9]
models = Path.home() / ".cache" / "semspace" / "models"
real = []
for name in ["bert-tiny-splade", "all-MiniLM-L6-v2", "all-mpnet-base-v2"]:
    tokenizer = Tokenizer.from_file(str(models / name / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    model = AutoModel.from_pretrained(models / name, add_pooling_layer=False, dtype=torch.float32).eval()
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    columns = max(map(len, rows))
    padded = [row + [model.config.pad_token_id] * (columns - len(row)) for row in rows]
    mask = [[1] * len(row) + [0] * (columns - len(row)) for row in rows]
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor(padded), attention_mask=torch.tensor(mask)).last_hidden_state
    real.append(dict(name=name, ids=sum(padded, []), mask=sum(mask, []), rows=3, columns=columns,
                     first=rounded(hidden[:, 0]), last=rounded(torch.stack([h[len(r) - 1] for h, r in zip(hidden, rows)]))))
(out / "real.json").write_text(json.dumps(real, separators=(",", ":")) + "\n")

# A ready ONNX export, run by onnxruntime.
bge = models / "bge-small-en-v15-onnx"
tokenizer = Tokenizer.from_file(str(bge / "tokenizer.json"))
tokenizer.enable_truncation(64)
tokenizer.no_padding()
rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
columns = max(map(len, rows))
padded = [row + [0] * (columns - len(row)) for row in rows]
mask = [[1] * len(row) + [0] * (columns - len(row)) for row in rows]
session = onnxruntime.InferenceSession(bge / "onnx" / "model.onnx")
feeds = dict(input_ids=padded, attention_mask=mask, token_type_ids=[[0] * columns] * 3)
hidden = torch.tensor(session.run(["last_hidden_state"], {k: numpy.array(v, dtype=numpy.int64) for k, v in feeds.items()})[0])
(out / "bge.json").write_text(json.dumps(dict(ids=sum(padded, []), mask=sum(mask, []), rows=3, columns=columns,
                                              first=rounded(hidden[:, 0])), separators=(",", ":")) + "\n")

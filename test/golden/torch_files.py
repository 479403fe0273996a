"""Small files of torch.save in both formats, and the values that torch reads from them.

Makes test/golden/torch_files.json and test/golden/published. Run: ~/.cache/semspace/peers/venv/bin/python -P test/golden/torch_files.py
Versions: bench/peers/requirements.txt.
"""
import base64
import io
import json
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

generator = torch.Generator().manual_seed(1)
base = torch.randn(4, 6, generator=generator)
shared = torch.randn(5, 3, generator=generator)

cases = {
    "plain": {"a.weight": base, "a.bias": torch.randn(4, generator=generator), "scalar": torch.tensor(2.5)},
    "views": {
        "transposed": base.t(), "middle": base[1:3], "column": base[:, 2], "every second": base[::2, 1::2],
        "permuted": torch.randn(2, 3, 4, generator=generator).permute(2, 0, 1), "empty": torch.zeros(0, 3),
        "one row": base[2:3, ::1].t(),
    },
    "shared": {"tied.one": shared, "tied.two": shared, "part": shared[2:]},
    "kinds": {
        "half": base.half(), "bfloat16": base.bfloat16(), "double": base.double(), "long": torch.tensor([[1, -2, 2 ** 31 - 1]]),
        "int": torch.tensor([7, -8], dtype=torch.int32), "short": torch.tensor([3], dtype=torch.int16),
        "char": torch.tensor([-1, 5], dtype=torch.int8), "byte": torch.tensor([255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
    },
    "dense": {"linear.weight": base, "linear.bias": shared[:4, 0].clone()},
    "static": {"embedding.weight": base},
    "parameters": OrderedDict(weight=torch.nn.Parameter(base), epoch=3, note="none of these is a tensor", none=None),
}


def saved(value, legacy):
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=not legacy)
    return base64.b64encode(file.getvalue()).decode()


def values(tensors):
    return {name: {"shape": list(tensor.shape), "values": [float(f"{x:.9g}") for x in tensor.detach().float().flatten().tolist()]}
            for name, tensor in tensors.items() if isinstance(tensor, torch.Tensor)}


class Command:
    def __reduce__(self):
        import os
        return (os.system, ("echo gone",))


cyclic = {"weight": base}
cyclic["itself"] = cyclic
hostile = {
    "command": {"weight": base, "hook": Command()},
    "module": torch.nn.Linear(2, 2),
    "sparse": {"weight": base.to_sparse()},
    "complex": {"weight": torch.zeros(2, dtype=torch.complex64)},
    "nested": {"state_dict": {"weight": base}, "epoch": 1},
    "a list": [base],
    "repeated": {"weight": torch.zeros(1).expand(1000, 1000)},
}
result = {
    "cases": [
        {"name": name, "zip": saved(value, False), "legacy": saved(value, True), "tensors": values(value)}
        for name, value in cases.items()
    ],
    "cyclic": {"zip": saved(cyclic, False), "legacy": saved(cyclic, True), "tensors": values({"weight": base})},
    "hostile": [{"name": name, "zip": saved(value, False), "legacy": saved(value, True)} for name, value in hostile.items()],
}
(Path(__file__).parent / "torch_files.json").write_text(json.dumps(result))

# One checkpoint in every form in which it could have been published.
here = Path(__file__).parent
config = BertConfig(vocab_size=20, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, intermediate_size=40, max_position_embeddings=24)
weights = {key: (torch.randn(value.shape, generator=generator) * 0.2 + key.endswith("LayerNorm.weight")).bfloat16()
           for key, value in BertModel(config, add_pooling_layer=False).state_dict().items()}
names = sorted(weights)
shards = {"pytorch_model-00001-of-00002.bin": names[::2], "pytorch_model-00002-of-00002.bin": names[1::2]}


def publish(name, legacy=False, tensors=weights, files=None):
    folder = here / "published" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(config.to_json_string(use_diff=False))
    for file, keys in ({"pytorch_model.bin": names} if files is None else files).items():
        part = OrderedDict((key, tensors[key]) for key in keys)
        torch.save(part, folder / file, _use_new_zipfile_serialization=not legacy)
    return folder


save_file(weights, publish("bert-safetensors", files={}) / "model.safetensors", metadata={"format": "pt"})
publish("bert-zip")
publish("bert-legacy", legacy=True)
publish("bert-views", tensors={key: value.t().contiguous().t() if value.dim() == 2 else value for key, value in weights.items()})
index = {"metadata": {"total_size": 0}, "weight_map": {key: file for file, keys in shards.items() for key in keys}}
(publish("bert-shards", files=shards) / "pytorch_model.bin.index.json").write_text(json.dumps(index))

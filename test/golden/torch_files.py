"""Small files of torch.save in both formats, and the values that torch reads from them.

Makes test/golden/torch_files.json. Run: ~/.cache/semspace/peers/venv/bin/python -P test/golden/torch_files.py
Versions: bench/peers/requirements.txt.
"""
import base64
import io
import json
from collections import OrderedDict
from pathlib import Path

import torch

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

"""Exports a sentence-transformers folder's encoder to ONNX with the layout that transformers.js reads. Arguments: folder, target."""
import json
import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoModel

source, target = map(Path, sys.argv[1:])
(target / "onnx").mkdir(parents=True, exist_ok=True)
for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "sentence_bert_config.json"):
    shutil.copy(source / name, target / name)


class Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = AutoModel.from_pretrained(source, attn_implementation="eager").eval()

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        return self.model(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state


# MPNet has no token types.
inputs = ["input_ids", "attention_mask", "token_type_ids"]
if json.loads((source / "config.json").read_text())["model_type"] == "mpnet":
    inputs.pop()
axes = {name: {0: "batch", 1: "tokens"} for name in [*inputs, "last_hidden_state"]}
example = (torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long), torch.zeros(2, 7, dtype=torch.long))[: len(inputs)]
torch.onnx.export(
    Encoder(), example, str(target / "onnx/model.onnx"),
    input_names=inputs, output_names=["last_hidden_state"], dynamic_axes=axes, opset_version=17, dynamo=False,
)

"""Trains transformers' BertForMaskedLM in a folder on given batches: AdamW with decay on matrices, clip 1, no dropout.

Requests: {"steps": n} trains n more steps and gives their losses, CPU and wall seconds.
"""
import json
import os
import sys
import time

import torch
from transformers import BertForMaskedLM

folder, batches_file = sys.argv[1:3]
given = json.load(open(batches_file))
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
model = BertForMaskedLM.from_pretrained(folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="sdpa", dtype=torch.float32)
model.train()
parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.AdamW([
    {"params": [p for p in parameters if p.ndim > 1], "weight_decay": given["decay"]},
    {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
], lr=0.0)
step = 0


def train(steps):
    global step
    losses = []
    for _ in range(steps):
        batch = given["batches"][step]
        for group in optimizer.param_groups:
            group["lr"] = given["rates"][step]
        ids = torch.tensor(batch["ids"]).reshape(batch["rows"], batch["columns"])
        # Logits at the places that are asked for, as ours: transformers itself computes all of them.
        hidden = model.bert(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.flatten(0, 1)
        logits = model.cls(hidden[torch.tensor(batch["positions"])])
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(batch["labels"]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        step += 1
    return losses


for line in sys.stdin:
    request = json.loads(line)
    cpu, wall = time.process_time(), time.perf_counter()
    losses = train(request["steps"])
    print(json.dumps({"losses": losses, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}), flush=True)

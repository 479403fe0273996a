"""Fine-tunes a sentence-transformers model on STS-B: cosine similarity loss, AdamW, linear schedule, dropout 0, the batches in the given order.

Requests: {"steps": n} trains n more steps and gives their losses, CPU and wall seconds; {"evaluate": true} Spearman on dev; {"memory": true} the peak.
"""
import json
import os
import resource
import sys
import time

import numpy
import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer

folder, batches_file = sys.argv[1:3]
given = json.load(open(batches_file))
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
model = SentenceTransformer(folder, device="cpu")
for module in model.modules():
    if isinstance(module, torch.nn.Dropout):
        module.p = 0.0
model.train()
parameters = [parameter for name, parameter in model.named_parameters() if "pooler" not in name]
optimizer = torch.optim.AdamW(parameters, lr=0.0, weight_decay=0.0, eps=1e-8)
step = 0


def train(steps):
    global step
    losses = []
    for _ in range(steps):
        batch = given["batches"][step]
        for group in optimizer.param_groups:
            group["lr"] = given["rates"][step]
        vectors = [model(model.preprocess(batch[column]) if hasattr(model, "preprocess") else model.tokenize(batch[column]))["sentence_embedding"] for column in ("a", "b")]
        loss = torch.nn.functional.mse_loss(torch.cosine_similarity(*vectors), torch.tensor(batch["scores"]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        step += 1
    return losses


def evaluate():
    model.eval()
    with torch.no_grad():
        a, b = (model.encode(given["dev"][column], convert_to_numpy=True, show_progress_bar=False, batch_size=64) for column in ("a", "b"))
    model.train()
    a, b = (x / numpy.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    return float(spearmanr((a * b).sum(1), given["dev"]["scores"])[0])


for line in sys.stdin:
    request = json.loads(line)
    cpu, wall = time.process_time(), time.perf_counter()
    answer = {}
    if "steps" in request:
        answer["losses"] = train(request["steps"])
    if request.get("evaluate"):
        answer["spearman"] = evaluate()
    answer |= {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    print(json.dumps(answer), flush=True)

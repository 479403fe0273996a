"""Trains setfit's classifier on given examples. Request: {"model", "texts", "labels", "test", "seed"}; answer: seconds, predictions."""

import importlib
import importlib.util
import json
import os
import sys
import time
import types

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
import transformers  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402
from sentence_transformers.sentence_transformer import losses  # noqa: E402

# setfit 1.1 does not import beside transformers 5; its sampler does, in a package that is only a place.
package = types.ModuleType("setfit")
package.__path__ = list(importlib.util.find_spec("setfit").submodule_search_locations)
package.logging = transformers.utils.logging
sys.modules["setfit"] = package
sampler = importlib.import_module("setfit.sampler")

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def run(request: dict) -> dict:
    """setfit 1.1's own pairs, loss, settings and head; its trainer's loop is written out."""
    torch.manual_seed(request["seed"])
    model = SentenceTransformer(request["model"], device="cpu")
    labels = sorted(set(request["labels"]))
    numbers = [labels.index(label) for label in request["labels"]]
    pairs = list(sampler.ContrastiveDataset(request["texts"], numbers, False, sampling_strategy="oversampling"))
    loss = losses.CosineSimilarityLoss(model)
    decayed = [p for n, p in model.named_parameters() if "bias" not in n and "LayerNorm" not in n]
    others = [p for n, p in model.named_parameters() if "bias" in n or "LayerNorm" in n]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=2e-5)
    batches = torch.randperm(len(pairs)).split(16)
    warmup = round(0.1 * len(batches))
    rate = lambda step: (step + 1) / max(warmup, 1) if step < warmup else (len(batches) - step) / max(1, len(batches) - warmup)
    model.train()
    start = time.perf_counter()
    for step, batch in enumerate(batches):
        rows = [pairs[i] for i in batch.tolist()]
        features = [model.preprocess([row[name] for row in rows]) for name in ("sentence_1", "sentence_2")]
        target = torch.tensor([float(row["label"]) for row in rows])
        for group in optimizer.param_groups:
            group["lr"] = 2e-5 * rate(step)
        optimizer.zero_grad()
        loss(features, target).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    model.eval()
    head = LogisticRegression().fit(model.encode(request["texts"]), numbers)
    seconds = time.perf_counter() - start
    predictions = [labels[i] for i in head.predict(model.encode(request["test"], batch_size=64))]
    return {"seconds": seconds, "predictions": predictions, "pairs": len(pairs)}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)

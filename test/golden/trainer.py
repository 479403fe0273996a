"""Fixture of src/training: values and gradients of sentence-transformers' ranking loss and Matryoshka, steps of torch's optimizers,
learning rates of transformers' schedules. Versions: sentence-transformers 6.2, torch 2.15, transformers 5.3.

    OMP_NUM_THREADS=1 python test/golden/trainer.py
"""

import json
from pathlib import Path

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import losses, modules
from sentence_transformers.util import cos_sim, dot_score
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

torch.set_num_threads(1)
ROWS, WIDTH = 6, 16
random = np.random.default_rng(6)
columns = [random.normal(size=(ROWS, WIDTH)).astype(np.float32) for _ in range(4)]
# Pairs are near to each other, so that the losses are not saturated.
columns[1] = columns[0] * 0.4 + columns[1]

tokenizer = Tokenizer(WordLevel({"a": 0}, unk_token="a"))
model = SentenceTransformer(modules=[modules.StaticEmbedding(tokenizer, embedding_dim=WIDTH)])


def numbers(values):
    return [float(f"{value:.9g}") for value in np.asarray(values, dtype=np.float64).ravel()]


def case(name, count, options, dims=None, weights=None):
    tensors = [torch.tensor(column, requires_grad=True) for column in columns[:count]]
    keys = {"similarity": "similarity_fct", "partition": "partition_mode"}
    given = {keys.get(key, key): value for key, value in options.items() if key != "hardness"}
    if "similarity_fct" in given:
        given["similarity_fct"] = dot_score if given["similarity_fct"] == "dot" else cos_sim
    if "hardness" in options:
        given["hardness_mode"], given["hardness_strength"] = options["hardness"]["mode"], options["hardness"]["strength"]
    inner = losses.MultipleNegativesRankingLoss(model, **given)
    if dims is None:
        value = inner.compute_loss_from_embeddings(tensors, None)
    else:
        value = sum(
            weight * inner.compute_loss_from_embeddings([torch.nn.functional.normalize(t[:, :dim], dim=-1) for t in tensors], None)
            for dim, weight in zip(dims, weights)
        )
    value.backward()
    result = {"name": name, "columns": count, "options": options, "value": float(value), "gradients": [numbers(t.grad) for t in tensors]}
    return result if dims is None else result | {"dims": dims, "weights": weights}


ALL = ["query_to_doc", "query_to_query", "doc_to_query", "doc_to_doc"]
cases = [
    case("pairs", 2, {}),
    case("hard negatives", 4, {"scale": 10}),
    case("dot", 3, {"similarity": "dot", "scale": 1}),
    case("symmetric", 2, {"directions": ["query_to_doc", "doc_to_query"], "partition": "per_direction"}),
    case("all directions", 3, {"directions": ALL}),
    *[case(mode, 3, {"hardness": {"mode": mode, "strength": 9.0}}) for mode in ["in_batch_negatives", "hard_negatives", "all_negatives"]],
    case("matryoshka", 3, {}, [16, 8], [1, 0.5]),
    case("matryoshka over all directions", 2, {"directions": ALL}, [12, 5], [1, 2]),
]


def optimizer_case(name, make, options):
    value = torch.nn.Parameter(torch.tensor(columns[0].copy()))
    optimizer = make([value])
    for step in range(4):
        value.grad = torch.tensor(columns[1 + step % 3].copy())
        # A row without a gradient, as of a token that does not occur.
        value.grad[2] = 0
        optimizer.step()
    return {"name": name, "options": options, "value": numbers(value.detach())}


optimizers = [
    optimizer_case("adamw", lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1), {"weightDecay": 0.1}),
    optimizer_case("adamw", lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0), {"betas": [0.8, 0.95], "epsilon": 1e-6}),
    optimizer_case("adagrad", lambda p: torch.optim.Adagrad(p, lr=0.05), {}),
]


def rates(name, warmup, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler = transformers.get_scheduler(
        {"constant": "constant_with_warmup"}.get(name, name), optimizer, num_warmup_steps=warmup, num_training_steps=steps
    )
    values = []
    for _ in range(steps + 1):
        values.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return {"schedule": name, "warmup": warmup, "steps": steps, "rates": values}


schedules = [rates(name, warmup, 10) for name in ["linear", "cosine", "constant"] for warmup in [0, 3]]
fixture = {
    "rows": ROWS,
    "width": WIDTH,
    "columns": [numbers(column) for column in columns],
    "cases": cases,
    "optimizers": optimizers,
    "schedules": schedules,
}
Path(__file__).with_name("trainer.json").write_text(json.dumps(fixture) + "\n")

"""Paraphrase mining by sentence-transformers and bitext mining as its example bitext_mining.py does (max) and LASER's mine_bitexts.

Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/pairs.py
Versions: bench/peers/requirements.txt.
"""
import json
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import util

rng = np.random.default_rng(5)


def mine(source, target, margin, k=4):
    a = source / np.linalg.norm(source, axis=1, keepdims=True)
    b = target / np.linalg.norm(target, axis=1, keepdims=True)
    sims = a @ b.T
    forward = np.argsort(-sims, axis=1, kind="stable")[:, :k]
    backward = np.argsort(-sims.T, axis=1, kind="stable")[:, :k]
    forward_sims = np.take_along_axis(sims, forward, 1)
    backward_sims = np.take_along_axis(sims.T, backward, 1)
    forward_mean, backward_mean = forward_sims.mean(1), backward_sims.mean(1)
    fn = {"ratio": lambda x, y: x / y, "distance": lambda x, y: x - y, "absolute": lambda x, y: x}[margin]
    forward_scores = np.array([[fn(sims[i, j], (forward_mean[i] + backward_mean[j]) / 2) for j in forward[i]] for i in range(len(a))])
    backward_scores = np.array([[fn(sims[i, j], (forward_mean[i] + backward_mean[j]) / 2) for i in backward[j]] for j in range(len(b))])
    forward_best = forward[np.arange(len(a)), forward_scores.argmax(1)]
    backward_best = backward[np.arange(len(b)), backward_scores.argmax(1)]
    indices = np.stack([np.concatenate([np.arange(len(a)), backward_best]), np.concatenate([forward_best, np.arange(len(b))])], 1)
    scores = np.concatenate([forward_scores.max(1), backward_scores.max(1)])
    seen_source, seen_target, pairs = set(), set(), []
    for at in np.argsort(-scores, kind="stable"):
        i, j = indices[at]
        if i in seen_source or j in seen_target:
            continue
        seen_source.add(i)
        seen_target.add(j)
        pairs.append([int(i), int(j), float(scores[at])])
    return pairs


points = rng.standard_normal((60, 8)).astype(np.float32)
points[40:] = points[:20] + rng.standard_normal((20, 8)).astype(np.float32) * 0.2
target = (points[rng.permutation(60)[:45]] + rng.standard_normal((45, 8)) * 0.3).astype(np.float32)
mined = {
    f"{top_k}-{most}": util.paraphrase_mining_embeddings(torch.tensor(points), query_chunk_size=7, corpus_chunk_size=11, max_pairs=most, top_k=top_k)
    for top_k, most in [(100, 500000), (3, 500000), (5, 25)]
}
golden = {
    "points": [round(float(x), 6) for x in points.ravel()],
    "target": [round(float(x), 6) for x in target.ravel()],
    "mined": {key: [[i, j, round(s, 6)] for s, i, j in pairs][:200] for key, pairs in mined.items()},
    "counts": {key: len(pairs) for key, pairs in mined.items()},
    "bitext": {m: [[i, j, round(s, 5)] for i, j, s in mine(points.astype(np.float64), target.astype(np.float64), m)] for m in ["ratio", "distance", "absolute"]},
}
(Path(__file__).parent / "pairs.json").write_text(json.dumps(golden))

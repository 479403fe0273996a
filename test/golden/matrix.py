"""Fixtures of src/matrix: similarities and quantisation by sentence-transformers, principal components by scikit-learn and model2vec.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/matrix.py
"""

import json
from pathlib import Path

import numpy as np
from model2vec.distill.inference import apply_pca
from sentence_transformers import util
from sentence_transformers.util.quantization import quantize_embeddings
from sklearn.decomposition import PCA

random = np.random.default_rng(5)


def matrix(rows, columns):
    return random.normal(size=(rows, columns)).round(3).astype(np.float32)


def floats(values):
    return [float(f"{value:.9g}") for value in np.asarray(values).ravel()]


a, b = matrix(4, 11), matrix(6, 11)
a[2] = 0
similarity = {
    "a": floats(a), "b": floats(b), "columns": 11,
    "full": {n: floats(f(a, b)) for n, f in [("cosine", util.cos_sim), ("dot", util.dot_score), ("euclidean", util.euclidean_sim), ("manhattan", util.manhattan_sim)]},
    "pairs": {n: floats(f(a, b[:4])) for n, f in [("cosine", util.pairwise_cos_sim), ("dot", util.pairwise_dot_score), ("euclidean", util.pairwise_euclidean_sim), ("manhattan", util.pairwise_manhattan_sim)]},
}

x = matrix(7, 13)
x[:, 4] = 0.5  # a dimension without range
calibration = matrix(5, 13)
ranges = np.vstack([calibration.min(0), calibration.max(0)])
quantization = {"x": floats(x), "calibration": floats(calibration), "columns": 13, "own": {}, "calibrated": {}}
for precision in ["int8", "uint8", "binary", "ubinary"]:
    quantization["own"][precision] = quantize_embeddings(x, precision).ravel().tolist()
    quantization["calibrated"][precision] = quantize_embeddings(x, precision, ranges=ranges).ravel().tolist()

spread = matrix(40, 9) * np.linspace(3, 0.2, 9, dtype=np.float32) + 1
points = (spread @ matrix(9, 9)).round(3).astype(np.float32)
fitted = PCA(n_components=6, svd_solver="full").fit(points.astype(np.float64))
pca = {
    "points": floats(points), "columns": 9, "count": 6, "components": floats(fitted.components_),
    "variance": floats(fitted.explained_variance_), "ratio": floats(fitted.explained_variance_ratio_),
    "projected": floats(fitted.transform(points.astype(np.float64))),
    "model2vec": floats(apply_pca(points.astype(np.float64), 6)),
}

target = Path(__file__).with_suffix(".json")
target.write_text(json.dumps({"similarity": similarity, "quantization": quantization, "pca": pca}) + "\n")

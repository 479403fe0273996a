"""Fixtures of src/texts/words: SIF by the formulas of its authors (https://github.com/PrincetonML/SIF, SIF_embedding.py).

    ~/.cache/semspace/peers/venv/bin/python -P test/golden/sif.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD

random = np.random.default_rng(11)
words = [f"w{i}" for i in range(40)]
vectors = (random.normal(size=(40, 6)) + random.normal(size=6)).round(3)
counts = [int(4000 / (i + 1)) for i in range(40)]
texts = [" ".join(words[min(39, int(random.exponential(8)))] for _ in range(random.integers(2, 12))) for _ in range(60)]
a = 1e-3

weights = {word: a / (a + count / sum(counts)) for word, count in zip(words, counts)}


def weighted_average(text):
    tokens = text.split()
    return sum(weights[token] * vectors[words.index(token)] for token in tokens) / len(tokens)


average = np.array([weighted_average(text) for text in texts])
svd = TruncatedSVD(n_components=1, n_iter=7, random_state=0).fit(average)
removed = average - average.dot(svd.components_.T) * svd.components_
plain = np.array([np.mean([vectors[words.index(token)] for token in text.split()], axis=0) for text in texts])


def numbers(values):
    return [float(f"{value:.8g}") for value in np.asarray(values).ravel()]


fixture = {
    "words": words, "vectors": numbers(vectors), "counts": counts, "texts": texts, "a": a,
    "mean": numbers(plain[:10]), "weighted": numbers(average[:10]), "removed": numbers(removed[:10]),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(fixture) + "\n")

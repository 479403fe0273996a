"""Scores of bm25s (method "lucene") on texts of made-up words, for src/search/lexical.test.ts.

Run: python test/golden/lexical.py   (Python with bench/peers/requirements.txt)
"""
import json
import random
from pathlib import Path

import bm25s

random.seed(7)
words = [f"w{i}" for i in range(60)]
weights = [1 / (i + 1) for i in range(60)]
texts = [random.choices(words, weights, k=random.choice([1, 3, 8, 20, 60])) for _ in range(80)]
queries = [["w0"], ["w3", "w17"], ["w5", "w5", "w40", "w59"], ["w1", "missing", "w30"], ["missing"]]

cases = []
for k1, b in ((1.5, 0.75), (0.9, 0.4), (0.0, 1.0)):
    index = bm25s.BM25(method="lucene", k1=k1, b=b)
    index.index(texts, show_progress=False)
    scores = []
    for query in queries:
        known = [word for word in query if word in index.vocab_dict]
        scores.append([round(float(x), 7) for x in index.get_scores(known)] if known else [0.0] * len(texts))
    cases.append({"k1": k1, "b": b, "scores": scores})

fixture = {
    "source": f"bm25s {bm25s.__version__}",
    "texts": [" ".join(text) for text in texts],
    "queries": [" ".join(query) for query in queries],
    "cases": cases,
}
Path(__file__).with_suffix(".json").write_text(json.dumps(fixture) + "\n")

"""Exact top-10 of float32 vectors with numpy and faiss (IndexFlatIP): line 1 of stdin says where the vectors are written, then one request a line."""
import json
import sys
import time

import faiss
import numpy as np

ROWS, COLUMNS, QUERIES, K = 1_000_000, 256, 64, 10


def unit(rng, rows):
    vectors = rng.standard_normal((rows, COLUMNS), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def answer(value):
    print(json.dumps(value), flush=True)


request = json.loads(sys.stdin.readline())
rng = np.random.default_rng(7)
rows, queries = unit(rng, ROWS), unit(rng, QUERIES)
rows.tofile(request["rows"])
queries.tofile(request["queries"])
flat = faiss.IndexFlatIP(COLUMNS)
flat.add(rows)
answer({"threads": faiss.omp_get_max_threads()})


def with_numpy(count):
    if count == 1:
        scores = rows @ queries[0]
        best = np.argpartition(scores, -K)[-K:]
        return [best[np.argsort(-scores[best])]]
    scores = queries[:count] @ rows.T
    best = np.argpartition(scores, -K, axis=1)[:, -K:]
    return [one[np.argsort(-scores[i, one])] for i, one in enumerate(best)]


def with_faiss(count):
    return flat.search(queries[:count], K)[1]


for line in sys.stdin:
    request = json.loads(line)
    work = with_numpy if request["by"] == "numpy" else with_faiss
    start = time.perf_counter()
    found = work(request["queries"])
    answer({"seconds": time.perf_counter() - start, "found": [list(map(int, one)) for one in found]})

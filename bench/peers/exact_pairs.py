"""All pairs of rows of a float32 file whose cosine reaches a threshold, by numpy: {"path", "dimensions", "threshold"} → {"pairs": [[i, j, cosine]], "seconds"}."""
import json
import sys
import time

import numpy as np

for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    rows = np.fromfile(request["path"], dtype=np.float32).reshape(-1, request["dimensions"])
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    pairs = []
    for at in range(0, len(rows), 1000):
        scores = rows[at:at + 1000] @ rows[at:].T
        for i, j in zip(*np.nonzero(scores >= request["threshold"])):
            if j > i:
                pairs.append([int(at + i), int(at + j), float(scores[i, j])])
    print(json.dumps({"pairs": pairs, "seconds": time.perf_counter() - start}), flush=True)

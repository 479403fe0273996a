"""hnswlib on one thread: arguments are the file of float32 vectors, rows, columns, queries (the rows behind); the first request builds, later ones are {"ef": n}."""
import json
import sys
import time

import hnswlib
import numpy as np

rows, columns, queries = (int(value) for value in sys.argv[2:5])
vectors = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, columns)
base, asked = vectors[:rows], vectors[rows : rows + queries]
index = hnswlib.Index(space="cosine", dim=columns)
index.init_index(max_elements=rows, ef_construction=200, M=16, random_seed=1)
index.set_num_threads(1)
sys.stdin.readline()
start = time.process_time()
index.add_items(base)
print(json.dumps({"build": time.process_time() - start}), flush=True)
for line in sys.stdin:
    index.set_ef(json.loads(line)["ef"])
    start = time.process_time()
    found = [index.knn_query(query, k=10)[0][0] for query in asked]
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "found": [list(map(int, one)) for one in found]}), flush=True)

"""bm25s on given tokens. Request: {"documents": [[token]], "queries": [[token]], "k1", "b", "k"}.
Answer: positions of the best k documents of each query, seconds for the index and for all queries."""
import json
import sys
import time

import bm25s

for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    index = bm25s.BM25(method="lucene", k1=request["k1"], b=request["b"])
    index.index(request["documents"], show_progress=False)
    indexed = time.perf_counter()
    rankings = []
    for query in request["queries"]:
        found, scores = index.retrieve([query], k=request["k"], show_progress=False)
        rankings.append([int(i) for i, score in zip(found[0], scores[0]) if score > 0])
    done = time.perf_counter()
    print(json.dumps({"rankings": rankings, "indexSeconds": indexed - start, "querySeconds": done - indexed}), flush=True)

"""model2vec 0.10 on the texts of a file: one thread, or its best mode with all cores.

A request is `{"texts": PATH, "mode": "one" | "all"}`; PATH holds a JSON array. Answers `{"seconds": …, "mode": …}`.
"""

import json
import os
import sys
import time

from model2vec import StaticModel

model = StaticModel.from_pretrained(sys.argv[1])
cache = {}


def encode(texts, mode):
    """Rust's tokenizers use all cores unless told otherwise; model2vec's own threads turn that off for good, so it runs last."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if mode == "rust threads" else "false"
    return model.encode(texts, use_multiprocessing=mode == "multiprocessing", multiprocessing_threshold=0)


for line in sys.stdin:
    request = json.loads(line)
    texts = cache.setdefault(request["texts"], None) or json.load(open(request["texts"]))
    cache[request["texts"]] = texts
    modes = ["one"] if request["mode"] == "one" else ["rust threads", "multiprocessing"]
    best = None
    for mode in modes:
        start = time.perf_counter()
        encode(texts, mode)
        seconds = time.perf_counter() - start
        if best is None or seconds < best["seconds"]:
            best = {"seconds": seconds, "mode": mode}
    print(json.dumps(best), flush=True)

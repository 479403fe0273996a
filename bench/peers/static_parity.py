"""Vectors of static models by model2vec 0.10 and sentence-transformers 6.2.

A request is `{"folder": PATH, "reader": "model2vec" | "sentence-transformers", "texts": PATH, "output": PATH}`; float32 vectors go to
`output`. Answers `{"rows": …, "columns": …}`.
"""

import json
import sys

import numpy as np
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer

for line in sys.stdin:
    request = json.loads(line)
    texts = json.load(open(request["texts"]))
    if request["reader"] == "model2vec":
        vectors = StaticModel.from_pretrained(request["folder"]).encode(texts, use_multiprocessing=False)
    else:
        vectors = SentenceTransformer(request["folder"], device="cpu").encode(texts)
    np.asarray(vectors, dtype=np.float32).tofile(request["output"])
    print(json.dumps({"rows": vectors.shape[0], "columns": vectors.shape[1]}), flush=True)

"""A linear tagger on vectors that our side made: scikit-learn's LogisticRegression labels each token for itself.
Request: {"train": file, "test": file, "columns": n, "labels": [], "C": number} -> {"predicted": [], "seconds": of the fit}"""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
for line in sys.stdin:
    request = json.loads(line)
    train, test = (np.fromfile(request[name], "<f4").reshape(-1, request["columns"]) for name in ("train", "test"))
    start = time.perf_counter()
    model = LogisticRegression(C=request["C"], max_iter=200).fit(train, request["labels"])
    seconds = time.perf_counter() - start
    print(json.dumps({"predicted": model.predict(test).tolist(), "seconds": seconds}), flush=True)

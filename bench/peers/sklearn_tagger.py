"""A linear tagger on vectors that our side made: scikit-learn's LogisticRegression labels each token for itself.
Request: {"train": file, "others": [files], "columns": n, "labels": [], "C": number} -> {"predicted": a list a file}"""
import json
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
for line in sys.stdin:
    request = json.loads(line)
    read = lambda path: np.fromfile(path, "<f4").reshape(-1, request["columns"])
    model = LogisticRegression(C=request["C"], max_iter=200).fit(read(request["train"]), request["labels"])
    print(json.dumps({"predicted": [model.predict(read(path)).tolist() for path in request["others"]]}), flush=True)

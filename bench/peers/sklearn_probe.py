"""scikit-learn and scipy on vectors that our side made. Requests, one JSON line each:
{"task": "probe", "train": file, "test": file, "columns": n, "trainLabels": [], "testLabels": [], "C": number, "tolerance": number}
  -> accuracy and macro F1 of LogisticRegression on the float32 files, seconds of the fit
{"task": "sts", "a": file, "b": file, "columns": n, "scores": []} -> Spearman of the cosines"""
import json
import sys
import time
import warnings

import numpy as np
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

warnings.simplefilter("ignore")


def probe(request):
    train, test = (np.fromfile(request[name], "<f4").reshape(-1, request["columns"]) for name in ("train", "test"))
    start = time.perf_counter()
    model = LogisticRegression(C=request["C"], tol=request["tolerance"], max_iter=5000).fit(train, request["trainLabels"])
    seconds = time.perf_counter() - start
    predicted = model.predict(test)
    return {"accuracy": float((predicted == np.array(request["testLabels"])).mean()),
            "macroF1": float(f1_score(request["testLabels"], predicted, average="macro")), "seconds": seconds}


def sts(request):
    a, b = (np.fromfile(request[name], "<f4").reshape(-1, request["columns"]).astype(np.float64) for name in ("a", "b"))
    norms = np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-12)
    return {"spearman": float(spearmanr((a * b).sum(axis=1) / norms, request["scores"]).statistic)}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"probe": probe, "sts": sts}[request["task"]](request)), flush=True)

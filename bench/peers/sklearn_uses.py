"""scikit-learn, umap-learn on vectors that our side made. One JSON request a line; seconds are those of the process's CPU.
{"task": "logistic", "train": file, "test": file, "rows", "columns", "trainLabels", "testLabels", "C"} -> accuracy, seconds
{"task": "kmeans", "vectors": file, "rows", "columns", "clusters", "seed", "batch"?} -> labels, inertia, rounds, seconds
{"task": "hdbscan", "vectors": file, "rows", "columns", "least", "pick": [rows]} -> labels, seconds
{"task": "umap", "vectors": file, "rows", "columns", "pick", "ours": [[x, y]]} -> trustworthiness of umap-learn and of ours, seconds
{"task": "routes", "vectors": file, "columns", "labels", "asked": file, "keep"} -> per asked row the label, or null below the threshold"""
import json
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")


def vectors(path, request):
    values = np.fromfile(path, "<f4").reshape(-1, request["columns"])
    return values[request["pick"]] if "pick" in request else values[: request.get("rows", len(values))]


def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def logistic(request):
    from sklearn.linear_model import LogisticRegression
    train = vectors(request["train"], request)
    test = np.fromfile(request["test"], "<f4").reshape(-1, request["columns"])[: len(request["testLabels"])]
    model, seconds = timed(lambda: LogisticRegression(C=request["C"], max_iter=5000).fit(train, request["trainLabels"]))
    return {"accuracy": float((model.predict(test) == np.array(request["testLabels"])).mean()), "seconds": seconds}


def kmeans(request):
    from sklearn.cluster import KMeans, MiniBatchKMeans
    x = vectors(request["vectors"], request)
    arguments = dict(n_clusters=request["clusters"], n_init=1, random_state=request["seed"])
    model = MiniBatchKMeans(batch_size=request["batch"], **arguments) if request.get("batch") else KMeans(**arguments)
    model, seconds = timed(lambda: model.fit(x))
    return {"labels": model.labels_.tolist(), "inertia": float(model.inertia_), "rounds": int(model.n_iter_), "seconds": seconds}


def hdbscan(request):
    from sklearn.cluster import HDBSCAN
    model, seconds = timed(lambda: HDBSCAN(min_cluster_size=request["least"], copy=True).fit(vectors(request["vectors"], request)))
    return {"labels": model.labels_.tolist(), "seconds": seconds}


def umap(request):
    from sklearn.manifold import trustworthiness
    from umap import UMAP
    x = vectors(request["vectors"], request)
    UMAP(n_epochs=5).fit(x[:100])  # compiles
    flat, seconds = timed(lambda: UMAP(random_state=1).fit_transform(x))
    return {"theirs": float(trustworthiness(x, flat, n_neighbors=15)), "seconds": seconds,
            "ours": float(trustworthiness(x, np.array(request["ours"]), n_neighbors=15))}


def routes(request):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    x, asked = (np.fromfile(request[name], "<f4").reshape(-1, request["columns"]) for name in ("vectors", "asked"))
    y = np.array(request["labels"])
    model = LogisticRegression(max_iter=1000).fit(x, y)
    unseen = cross_val_predict(LogisticRegression(max_iter=1000), x, y, cv=StratifiedKFold(5, shuffle=True, random_state=0), method="predict_proba")
    threshold = np.quantile(unseen.max(axis=1), 1 - request["keep"])
    probabilities = model.predict_proba(asked)
    best = probabilities.max(axis=1)
    return {"routes": [str(label) if p >= threshold else None for label, p in zip(model.classes_[probabilities.argmax(axis=1)], best)]}


for line in sys.stdin:
    request = json.loads(line)
    tasks = {"logistic": logistic, "kmeans": kmeans, "hdbscan": hdbscan, "umap": umap, "routes": routes}
    print(json.dumps(tasks[request["task"]](request)), flush=True)

"""mteb 2.26's formulas on vectors that our side made (float32 files). Requests:
{"task": "sts", "a", "b", "columns", "scores"} -> cosine_spearman, cosine_pearson (STSEvaluator)
{"task": "retrieval", "queries", "documents", "columns", "queryIds", "documentIds", "qrels"} -> means by pytrec_eval of the 1,000 best
{"task": "classification", "train", "test", "columns", "trainLabels", "testLabels"} -> draws, accuracy, f1 (AbsTaskClassification)
{"task": "clustering", "labels", "groups"} -> v_measure of these groups"""
import json
import sys
import warnings
from collections import defaultdict

import numpy as np
import pytrec_eval
from scipy.stats import pearsonr, spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, v_measure_score
from sklearn.metrics.pairwise import paired_cosine_distances

warnings.simplefilter("ignore")
CUTOFFS = (1, 3, 5, 10, 20, 100, 1000)


def vectors(request, name):
    return np.fromfile(request[name], "<f4").reshape(-1, request["columns"])


def sts(request):
    cosine = 1 - paired_cosine_distances(vectors(request, "a"), vectors(request, "b"))
    return {"cosine_spearman": spearmanr(request["scores"], cosine)[0], "cosine_pearson": pearsonr(request["scores"], cosine)[0]}


def retrieval(request):
    queries, documents = vectors(request, "queries"), vectors(request, "documents")
    queries = queries / np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-12)
    documents = documents / np.maximum(np.linalg.norm(documents, axis=1, keepdims=True), 1e-12)
    scores = queries @ documents.T
    run = {}
    for row, query in enumerate(request["queryIds"]):
        order = np.argsort(-scores[row])[:1000]
        run[query] = {request["documentIds"][i]: float(scores[row, i]) for i in order}
    names = {f"{name}.{','.join(map(str, CUTOFFS))}" for name in ("ndcg_cut", "map_cut", "recall", "P")} | {"recip_rank"}
    by_query = pytrec_eval.RelevanceEvaluator(request["qrels"], names).evaluate({q: run[q] for q in request["qrels"]})
    mean = lambda name: float(np.mean([one[name] for one in by_query.values()]))
    found = {f"{ours}_at_{k}": mean(f"{theirs}_{k}") for k in CUTOFFS
             for ours, theirs in (("ndcg", "ndcg_cut"), ("map", "map_cut"), ("recall", "recall"), ("precision", "P"))}
    return {**found, "mrr_at_1000": mean("recip_rank")}


def classification(request):
    train, test = vectors(request, "train"), vectors(request, "test")
    labels = request["trainLabels"]
    order, draws, accuracies, f1s = list(range(len(labels))), [], [], []
    for _ in range(10):
        np.random.RandomState(42).shuffle(order)
        counter, chosen = defaultdict(int), []
        for i in order:
            if counter[labels[i]] < 8:
                chosen.append(i)
                counter[labels[i]] += 1
        draws.append(chosen)
        predicted = LogisticRegression(max_iter=100, random_state=42).fit(train[chosen], [labels[i] for i in chosen]).predict(test)
        accuracies.append(float((predicted == np.array(request["testLabels"])).mean()))
        f1s.append(f1_score(request["testLabels"], predicted, average="macro"))
    return {"draws": draws, "accuracy": float(np.mean(accuracies)), "f1": float(np.mean(f1s))}


def clustering(request):
    return {"v_measure": v_measure_score(request["labels"], request["groups"])}


tasks = {"sts": sts, "retrieval": retrieval, "classification": classification, "clustering": clustering}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(tasks[request["task"]](request)), flush=True)

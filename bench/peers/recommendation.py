"""Recommenders of Python on sequences of items (whole numbers below n). Request: {"model", "sequences": [[]], "n": items, "top": k, …} ->
{"ranked": [[k unseen items] a sequence]}; for item2vec one such list for each number of last items in "last" (0 is all):
  popularity   by count
  als          implicit's AlternatingLeastSquares: factors, regularization, alpha
  item2vec     gensim's Word2Vec (skip-gram): window, ns_exponent, vector_size, sample, epochs; the mean of the last unit vectors"""
import json
import sys

import numpy as np
import scipy.sparse as sparse
from gensim.models import Word2Vec
from implicit.als import AlternatingLeastSquares


def ranked(scores, seen, top):
    scores = scores.astype(np.float64).copy()
    scores[list(seen)] = -np.inf
    # Equal scores by item number.
    return np.lexsort((np.arange(len(scores)), -scores))[:top].tolist()


def popularity(request):
    counts = np.bincount(np.concatenate(request["sequences"]), minlength=request["n"])
    return {"ranked": [ranked(counts, one, request["top"]) for one in request["sequences"]]}


def als(request):
    sequences = request["sequences"]
    rows = np.concatenate([[user] * len(one) for user, one in enumerate(sequences)])
    columns = np.concatenate(sequences)
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(sequences), request["n"]))
    model = AlternatingLeastSquares(factors=request["factors"], regularization=request["regularization"], alpha=request["alpha"],
                                    iterations=15, random_state=42, num_threads=1)
    model.fit(matrix, show_progress=False)
    scores = model.user_factors @ model.item_factors.T
    return {"ranked": [ranked(scores[user], one, request["top"]) for user, one in enumerate(sequences)]}


def item2vec(request):
    sequences = request["sequences"]
    names = ("window", "ns_exponent", "vector_size", "sample", "epochs")
    model = Word2Vec([[str(item) for item in one] for one in sequences], sg=1, min_count=1, workers=1, seed=1,
                     **{name: request[name] for name in names})
    vectors = np.zeros((request["n"], model.vector_size))
    for word, i in model.wv.key_to_index.items():
        vectors[int(word)] = model.wv.vectors[i]
    lengths = np.linalg.norm(vectors, axis=1)
    vectors /= np.maximum(lengths, 1e-9)[:, None]
    lists = {}
    for last in request["last"]:
        lists[last] = []
        for one in sequences:
            scores = vectors @ vectors[one[-last:] if last else one].mean(0)
            scores[lengths == 0] = -np.inf
            lists[last].append(ranked(scores, one, request["top"]))
    return {"lists": lists}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"popularity": popularity, "als": als, "item2vec": item2vec}[request["model"]](request)), flush=True)

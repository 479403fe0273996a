"""gensim on one file of word vectors. Argument: the file. Requests: {"do": "load"} reads it again, {"do": "similar", "words": […]} asks for neighbours,
{"do": "evaluate", "analogies": path, "pairs": […]} measures."""
import json
import logging
import sys
import time

from gensim.models import KeyedVectors

logging.disable(logging.CRITICAL)
vectors = None
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "load":
        vectors = None
        start = time.perf_counter()
        vectors = KeyedVectors.load_word2vec_format(sys.argv[1], no_header=True)
        answer = {"seconds": time.perf_counter() - start, "words": len(vectors)}
    elif request["do"] == "similar":
        vectors.most_similar("the")
        start = time.perf_counter()
        found = [vectors.most_similar(word) for word in request["words"]]
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "found": [[word for word, _ in each] for each in found]}
    else:
        score, _ = vectors.evaluate_word_analogies(request["analogies"], restrict_vocab=30000)
        correlations = [vectors.evaluate_word_pairs(path)[1][0] for path in request["pairs"]]
        answer = {"accuracy": score, "correlations": [float(value) for value in correlations]}
    print(json.dumps(answer), flush=True)

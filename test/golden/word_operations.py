"""Fixtures of src/words/operations: the edge cases of gensim's KeyedVectors, on the table of word_vectors.json.

    ~/.cache/semspace/peers/venv/bin/python -P test/golden/word_operations.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

warnings.simplefilter("ignore")
here = Path(__file__).parent
golden = json.loads((here / "word_vectors.json").read_text())
words, columns = golden["table"]["words"], golden["table"]["columns"]
raw = np.float32(golden["operations"]["raw"])
vectors = np.float32(golden["table"]["vectors"]).reshape(-1, columns)


def keyed():
    kv = KeyedVectors(columns)
    kv.add_vectors(words, vectors)
    for word, count in zip(words, golden["table"]["counts"]):
        kv.set_vecattr(word, "count", count)
    return kv


def numbers(values):
    return [float(f"{value:.9g}") for value in np.asarray(values).ravel()]


def neighbors(pairs):
    return [[word, float(f"{score:.9g}")] for word, score in pairs]


def error(call):
    """What gensim raises, by the name of its class; None when it answers."""
    try:
        call()
        return None
    except Exception as raised:
        return type(raised).__name__


class Index:
    def most_similar(self, vector, num_neighbors):
        return [("of", float(np.linalg.norm(vector))), ("the", float(num_neighbors))]


kv = keyed()
cases = {
    # of repeated items, of indices, of weights alone, of parts of the table
    "repeated": neighbors(kv.most_similar(["king", "king", "rome"], topn=4)),
    "indices": neighbors(kv.most_similar(positive=[2, "woman"], negative=[4], topn=4)),
    "negativeOnly": neighbors(kv.most_similar(negative=["king"], topn=3)),
    "zeroWeight": neighbors(kv.most_similar(positive=[("king", 0.0), "rome"], topn=3)),
    "restrictBeyond": neighbors(kv.most_similar("king", topn=3, restrict_vocab=1000)),
    "restrictOverClip": neighbors(kv.most_similar("king", topn=3, restrict_vocab=9, clip_start=12, clip_end=20)),
    "fewInRange": neighbors(kv.most_similar("king", topn=10, clip_start=0, clip_end=4)),
    "topZero": kv.most_similar("king", topn=0),
    "allClipped": numbers(kv.most_similar("king", topn=None, clip_start=3, clip_end=9)),
    "indexer": neighbors(kv.most_similar(["king", "rome"], topn=7, indexer=Index())),
    "cosmulOne": neighbors(kv.most_similar_cosmul("king", topn=4)),
    "cosmulVectors": neighbors(kv.most_similar_cosmul(positive=[raw, "rome"], negative=[vectors[3]], topn=4)),
    "cosmulAll": numbers(kv.most_similar_cosmul(positive=["rome", "france"], negative=["italy"], topn=None)),
    # of words that are not there
    "meanMissing": numbers(kv.get_mean_vector(["missing", "absent"])),
    "meanNegative": numbers(kv.get_mean_vector(["king", "rome"], weights=[-1.0, -3.0], post_normalize=True)),
    "nSimilarityMissing": float(kv.n_similarity(["king", "missing"], ["rome", "rome", "absent"])),
    "centralityRepeated": [[word, float(score)] for score, word in kv.rank_by_centrality("king king rome banana missing".split())],
    "centralityOne": [[word, float(score)] for score, word in kv.rank_by_centrality(["king"])],
    "closerThanSelf": kv.closer_than("king", "king"), "rankSelf": kv.rank("king", "king"),
    "closerThanFar": len(kv.closer_than("king", "banana")),
    "givenWithItself": kv.most_similar_to_given("king", ["rome", "king", "king"]),
    "wmdMissing": float(kv.wmdistance("king missing rome".split(), "queen paris absent".split())),
    "wmdOverlap": float(kv.wmdistance("king rome".split(), "rome king".split())),
    "wmdShared": float(kv.wmdistance("king king rome".split(), "king".split())),
    "distancesOfItself": numbers(kv.distances("king", ["king"])),
    # the kinds of refusal
    "errors": {
        "missing": error(lambda: kv.most_similar("missing")),
        "nothing": error(lambda: kv.most_similar()),
        "cosmulNothing": error(lambda: kv.most_similar_cosmul(negative=["king"])),
        "meanNothing": error(lambda: kv.get_mean_vector([])),
        "meanStrict": error(lambda: kv.get_mean_vector(["king", "missing"], ignore_missing=False)),
        "weights": error(lambda: kv.get_mean_vector(["king"], weights=[1.0, 2.0])),
        "nSimilarityNothing": error(lambda: kv.n_similarity([], ["king"])),
        "centralityNothing": error(lambda: kv.rank_by_centrality(["missing"])),
        "relativeNothing": error(lambda: kv.relative_cosine_similarity("king", "queen", topn=0)),
        "rankMissing": error(lambda: kv.rank("king", "missing")),
        "index": error(lambda: kv[99]),
    },
    "rows": numbers(kv[["rome", 2, "king"]]),
    "normedRow": numbers(kv.get_vector("rome", norm=True)),
}

added = keyed()
added.add_vectors(["king", "new", "newer"], np.stack([raw, raw * 2, raw * 3]))
cases["added"] = [added.index_to_key[-3:], numbers(added.get_vector("king")), numbers(added.get_vector("newer"))]
added.add_vectors(["newer", "king"], np.stack([raw, raw * 2]), replace=True)
cases["replaced"] = [len(added), numbers(added.get_vector("king")), numbers(added.get_vector("newer"))]
unit = keyed()
unit.unit_normalize_all()
cases["unit"] = numbers(unit.vectors[:3])
chosen = keyed().vectors_for_all(["rome", "king"], copy_vecattrs=True)
cases["chosenCounts"] = [int(chosen.get_vecattr(word, "count")) for word in chosen.index_to_key]

target = Path(__file__).with_suffix(".json")
target.write_text(json.dumps(cases, ensure_ascii=False) + "\n")

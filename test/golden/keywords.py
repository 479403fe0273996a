"""Oracles of src/tasks/keywords: KeyBERT 0.9's candidates and selections, on random vectors.

Run: python test/golden/keywords.py   (Python with bench/peers/requirements.txt)
"""
import json
from pathlib import Path

import keybert
import numpy as np
from keybert import KeyBERT
from keybert.backend import BaseEmbedder
from sklearn.feature_extraction.text import CountVectorizer

generator = np.random.default_rng(3)
known = {}


class Vectors(BaseEmbedder):
    """A vector for every text, drawn when it is first asked for."""

    def embed(self, documents, verbose=False):
        for text in documents:
            if text not in known:
                known[text] = np.round(generator.normal(size=5), 4).astype(np.float32)
        return np.stack([known[text] for text in documents])


text = ("Supervised learning is the machine learning task of learning a function that maps an input to an output, based on example "
        "input-output pairs. It infers a function from labeled training data; the 2nd optimal scenario isn't so easy.")
model = KeyBERT(model=Vectors())
settings = [
    {"keyphrase_ngram_range": (1, 1), "stop_words": "english"},
    {"keyphrase_ngram_range": (1, 2), "stop_words": "english", "use_mmr": True, "diversity": 0.7},
    {"keyphrase_ngram_range": (2, 3), "stop_words": None, "use_mmr": True, "diversity": 0.2},
    {"keyphrase_ngram_range": (1, 2), "stop_words": "english", "use_maxsum": True, "nr_candidates": 9, "top_n": 4},
]
cases = []
for options in settings:
    candidates = CountVectorizer(ngram_range=options["keyphrase_ngram_range"], stop_words=options["stop_words"]).fit([text])
    found = model.extract_keywords(text, **options)
    cases.append({"options": options, "candidates": candidates.get_feature_names_out().tolist(), "keywords": found})
result = {"keybert": keybert.__version__, "text": text, "vectors": {key: value.tolist() for key, value in known.items()}, "cases": cases}
Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=None) + "\n")

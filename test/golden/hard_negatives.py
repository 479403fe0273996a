"""sentence-transformers 6.2 `mine_hard_negatives` on vectors that the test repeats -> hard-negatives.json."""

import json
import math
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers.util import cos_sim, mine_hard_negatives, pairwise_cos_sim

torch.set_num_threads(1)


def vector(text: str) -> list[float]:
    """A text "q7" or "d7": its number decides its direction, its letter turns it a little."""
    number = int(text[1:])
    return [math.cos(number * 0.37 + k + (0.2 if text[0] == "q" else 0)) + 0.1 * math.sin(number * k) for k in range(6)]


class Model:
    def __init__(self) -> None:
        self.similarity, self.similarity_pairwise = cos_sim, pairwise_cos_sim
        self.similarity_fn_name = "cosine"
        self.prompts = {}
        self.default_prompt_name = None

    def _encode(self, texts, **_):
        return np.array([vector(text) for text in texts], dtype=np.float32)

    encode_query = encode_document = encode = _encode
    device = torch.device("cpu")


anchors = [f"q{i}" for i in range(12)] + ["q3"]
positives = [f"d{i}" for i in range(12)] + ["d20"]
corpus = [f"d{i}" for i in range(40)]
dataset = Dataset.from_dict({"anchor": anchors, "positive": positives})
settings = [
    {"num_negatives": 2},
    {"num_negatives": 3, "range_min": 2, "range_max": 9, "output_format": "n-tuple"},
    {"num_negatives": 2, "absolute_margin": 0.1, "output_format": "n-tuple"},
    {"num_negatives": 3, "relative_margin": 0.05, "output_format": "labeled-pair"},
    {"num_negatives": 2, "max_score": 0.9, "min_score": 0.2, "output_format": "labeled-list"},
    {"num_negatives": 2, "include_positives": True, "output_format": "n-tuple"},
]
cases = []
for options in settings:
    mined = mine_hard_negatives(dataset, Model(), corpus=corpus, verbose=False, **options)
    scored = mine_hard_negatives(dataset, Model(), corpus=corpus, verbose=False, output_scores=True, **options)
    columns = {name: list(mined[name]) for name in mined.column_names}
    scores = scored["scores"] if "scores" in scored.column_names else scored["score"]
    cases.append({"options": options, "columns": columns, "scores": [s if isinstance(s, list) else [s] for s in scores]})
path = Path(__file__).parent / "hard-negatives.json"
path.write_text(json.dumps({"anchors": anchors, "positives": positives, "corpus": corpus, "cases": cases}, separators=(",", ":")) + "\n")
print(path.stat().st_size, [len(case["columns"]["anchor"]) for case in cases])

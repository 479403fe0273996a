"""The same measure in Python: token vectors of sentence-transformers, mean of the word's pieces, nearest use of the same word.

Usage: senses.py MODEL_FOLDER; for each line on stdin prints {"right": count, "wrong": [[word, sense, sense of the neighbour]]}.
"""
import csv
import json
import re
import sys
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(sys.argv[1], device="cpu")
lines = list(csv.reader((Path(__file__).parent.parent / "senses.tsv").open(), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def use(word, sentence):
    found = re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE)
    offsets = model.tokenizer(sentence, return_offsets_mapping=True)["offset_mapping"]
    rows = [i for i, (start, end) in enumerate(offsets) if start < end and start < found.end() and end > found.start()]
    states = model.encode(sentence, output_value="token_embeddings")
    return torch.nn.functional.normalize(states[rows].mean(0), dim=0)


for _ in sys.stdin:
    uses = [use(word, sentence) for word, _, sentence in lines]
    wrong = []
    for i, (word, sense, _) in enumerate(lines):
        others = [j for j, (other, *_) in enumerate(lines) if other == word and j != i]
        nearest = max(others, key=lambda j: float(uses[i] @ uses[j]))
        if lines[nearest][1] != sense:
            wrong.append([word, sense, lines[nearest][1]])
    print(json.dumps({"right": len(lines) - len(wrong), "wrong": wrong}), flush=True)

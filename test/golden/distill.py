"""Fixture of src/training/distill.node.test.ts: bert-tiny distilled by model2vec, whole and with words added.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/distill.py
"""

import json
from pathlib import Path

import numpy as np
from model2vec.distill import distill

folder = Path.home() / ".cache/semspace/models/bert-tiny-splade"
words = ["guitarist", "New York", "cat", "Zürich", "xylophonist", "  ", "state-of-the-art"]


def sample(model, tokens):
    ids = [model.tokenizer.token_to_id(token) for token in tokens]
    return {"ids": ids, "vectors": [[float(f"{value:.6g}") for value in model.embedding[i]] for i in ids]}


# Far apart in the vocabulary, so that weights and the end are covered.
tokens = ["!", "the", "##ing", "cat", "music", "1999", "stock", "##～"]
plain = distill(str(folder), quantize_to="float32", pca_dims=16, device="cpu")
extended = distill(str(folder), vocabulary=words, quantize_to="float32", pca_dims=16, device="cpu")
first = distill(str(folder), quantize_to="float32", pca_dims=None, sif_coefficient=None, pooling="first", device="cpu")
added = [extended.tokens[i] for i in range(len(plain.tokens), len(extended.tokens))]
Path(__file__).with_suffix(".json").write_text(
    json.dumps({
        "count": len(plain.tokens), "tokens": tokens, "words": words, "added": added,
        "plain": sample(plain, tokens), "extended": sample(extended, [*tokens, *added]),
        "first": {"ids": sample(first, tokens)["ids"][:3], "vectors": [row[:32] for row in sample(first, tokens)["vectors"][:3]]},
    }, ensure_ascii=False) + "\n"
)

"""Token vectors, word vectors and attention as transformers 5 gives them, for the tiny model in tasks/token-classifier; groups as scikit-learn makes them.

Makes test/golden/context.json. Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/context.py
Versions: bench/peers/requirements.txt.
"""
import json
from pathlib import Path

import numpy
import torch
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_score
from transformers import AutoModel, AutoTokenizer

here = Path(__file__).parent
folder = here / "tasks" / "token-classifier"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModel.from_pretrained(folder, attn_implementation="eager").float().eval()
rounded = lambda values: numpy.round(numpy.asarray(values, dtype=numpy.float64), 7).tolist()

texts = ["Anna Smith reads the book.", "The 😀 bank of the river", "money", "Working in Acme's banking is a river of money!"]
cases = []
for text in texts:
    tokens = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = tokens.pop("offset_mapping")[0].tolist()
    words = tokens.word_ids()
    with torch.no_grad():
        output = model(**tokens, output_hidden_states=True, output_attentions=True)
    last = output.hidden_states[-1][0]
    found = sorted({word for word in words if word is not None})
    cases.append({
        "text": text,
        "tokens": tokens.tokens(),
        "offsets": offsets,
        "layers": [rounded(states[0]) for states in output.hidden_states],
        "words": [rounded(last[[i for i, own in enumerate(words) if own == word]].mean(0)) for word in found],
        "attentions": [rounded(maps[0]) for maps in output.attentions],
    })

random = numpy.random.default_rng(7)
points = numpy.concatenate([random.normal(centre, 1, (6, 5)) for centre in (0, 2, -3)])
distances = numpy.round(numpy.linalg.norm(points[:, None] - points[None], axis=2), 6)
cuts = []
for options in [dict(n_clusters=k) for k in (1, 2, 3, 5, 18)] + [dict(n_clusters=None, distance_threshold=t) for t in (1.0, 2.0, 3.5, 100.0)]:
    labels = AgglomerativeClustering(metric="precomputed", linkage="average", **options).fit_predict(distances)
    score = silhouette_score(distances, labels, metric="precomputed") if 1 < len(set(labels)) < len(labels) else None
    cuts.append({"clusters": options["n_clusters"], "distance": options.get("distance_threshold"), "labels": labels.tolist(), "silhouette": score})

(here / "context.json").write_text(json.dumps({"cases": cases, "distances": distances.tolist(), "cuts": cuts}) + "\n")

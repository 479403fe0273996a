"""Fixtures of src/matrix (clusters): HDBSCAN and linkages of scikit-learn, communities of sentence-transformers.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/clustering.py
"""

import json
from pathlib import Path

import hdbscan as original
import numpy as np
from sentence_transformers.util import community_detection
from sklearn.cluster import HDBSCAN, AgglomerativeClustering
from sklearn.metrics import silhouette_score
from sklearn.metrics.pairwise import euclidean_distances

random = np.random.default_rng(11)
centers = np.array([[0, 0, 0], [4, 0, 1], [0, 4, -1], [4, 4, 3]])
x = np.vstack([center + random.normal(size=(count, 3)) * spread for center, count, spread in zip(centers, (25, 15, 30, 12), (0.5, 0.3, 0.9, 0.4))]
              + [random.uniform(-3, 8, size=(18, 3))])
x = x[random.permutation(len(x))].round(3).astype(np.float32)
cases = []
for settings in ({"least": 5}, {"least": 5, "neighbors": 2}, {"least": 8, "neighbors": 4, "selection": "leaf"}, {"least": 60, "allowSingle": True}):
    arguments = dict(min_cluster_size=settings["least"], allow_single_cluster=settings.get("allowSingle", False),
                     cluster_selection_method=settings.get("selection", "eom"))
    model = HDBSCAN(min_samples=settings.get("neighbors"), copy=True, **arguments).fit(x.astype(np.float64))
    # The original package does not count the row itself.
    theirs = original.HDBSCAN(min_samples=settings.get("neighbors", settings["least"]) - 1, **arguments).fit(x.astype(np.float64))
    cases.append({"settings": settings, "labels": model.labels_.tolist(), "probabilities": model.probabilities_.round(6).tolist(),
                  "outliers": theirs.outlier_scores_.round(6).tolist()})
linkages = {kind: {str(k): AgglomerativeClustering(n_clusters=k, linkage=kind).fit(x).labels_.tolist() for k in (3, 7)}
            for kind in ("average", "complete", "single", "ward")}
labels = np.array(linkages["ward"]["7"])
communities = [{"threshold": t, "least": m, "found": community_detection(x, t, m, 16)} for t, m in ((0.9, 5), (0.98, 3), (0.75, 10))]
Path(__file__).with_suffix(".json").write_text(json.dumps({
    "x": [float(f"{v:.6g}") for v in x.ravel()], "columns": 3, "hdbscan": cases, "linkages": linkages,
    "silhouette": float(silhouette_score(x.astype(np.float64), labels)), "communities": communities},
    default=lambda v: v.item()) + "\n")

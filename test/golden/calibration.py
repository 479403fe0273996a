"""Fixtures of src/tasks/classification/calibration.ts: Platt's and the isotonic calibration of scikit-learn, and the temperature by scipy.

    ~/.cache/semspace/peers/venv/bin/python -P test/golden/calibration.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression

random = np.random.default_rng(8)
logits = random.normal(size=(120, 3)).round(3)
truth = np.array([random.choice(3, p=np.exp(row) / np.exp(row).sum()) for row in logits])
scores = (3 * logits).round(3)
targets = np.full((120, 3), 1 / 122 / 2)  # as if of n + 2 rows one had another label
targets[np.arange(120), truth] = 1 - 1 / 122
temperature = minimize_scalar(lambda t: -(targets * log_softmax(scores / t, axis=1)).sum(), bounds=(0.02, 50), method="bounded").x
platt, isotonic = [], np.zeros_like(scores)
for label in range(3):
    a, b = _sigmoid_calibration(scores[:, label], (truth == label).astype(float))
    platt.append({"slope": -float(a), "constant": -float(b)})
    said = 1 / (1 + np.exp(-scores[:, label]))
    isotonic[:, label] = IsotonicRegression(out_of_bounds="clip").fit(said, truth == label).predict(said)
Path(__file__).with_suffix(".json").write_text(json.dumps({
    "scores": scores.ravel().tolist(), "truth": truth.tolist(), "temperature": float(temperature), "platt": platt,
    "isotonic": isotonic.ravel().round(8).tolist()}) + "\n")

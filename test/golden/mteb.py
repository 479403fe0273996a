"""Oracles of src/evaluation for MTEB's recipes: mteb 2.26's formulas over scikit-learn, numpy and Python's random.

Run: python test/golden/mteb.py   (Python with bench/peers/requirements.txt)
"""
import json
import random
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

generator = np.random.default_rng(7)


def draws(labels, per_label, experiments):
    """AbsTaskClassification._undersample_data, called as _evaluate_subset calls it."""
    order = list(range(len(labels)))
    found = []
    for _ in range(experiments):
        np.random.RandomState(42).shuffle(order)
        counter = defaultdict(int)
        chosen = []
        for i in order:
            if counter[labels[i]] < per_label:
                chosen.append(i)
                counter[labels[i]] += 1
        found.append(chosen)
    return found


def few_shot():
    centres = generator.normal(size=(3, 6))
    def part(n):
        labels = generator.integers(0, 3, n)
        return (centres[labels] + generator.normal(size=(n, 6))).astype(np.float32), labels
    train, train_labels = part(60)
    test, test_labels = part(40)
    chosen = draws(train_labels.tolist(), 4, 3)
    experiments = []
    for rows in chosen:
        model = LogisticRegression(max_iter=100, random_state=42, tol=1e-6)
        predicted = model.fit(train[rows], train_labels[rows]).predict(test)
        experiments.append(label_scores(test_labels, predicted))
    return {"train": train.tolist(), "trainLabels": train_labels.tolist(), "test": test.tolist(),
            "testLabels": test_labels.tolist(), "draws": chosen, "experiments": experiments}


def label_scores(truth, predicted):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {"accuracy": metrics.accuracy_score(truth, predicted)}
        for average in ("macro", "weighted"):
            scores[average] = {
                "precision": metrics.precision_score(truth, predicted, average=average, zero_division=0),
                "recall": metrics.recall_score(truth, predicted, average=average, zero_division=0),
                "f1": metrics.f1_score(truth, predicted, average=average, zero_division=0)}
    return scores


def labels():
    cases = []
    for truth, predicted in (([0, 1, 2, 2, 1], [0, 2, 2, 3, 1]), ([5, 5, 5], [5, 5, 4]), (list(range(8)), [0, 0, 2, 3, 3, 3, 6, 1])):
        cases.append({"truth": truth, "predicted": predicted, **label_scores(truth, predicted)})
    return cases


def clusters():
    cases = []
    for truth, groups in ((generator.integers(0, 5, 80), generator.integers(0, 4, 80)),
                          (np.repeat([0, 1, 2], 10), np.repeat([2, 0, 1], 10)),
                          (np.zeros(6, int), np.arange(6)), (np.arange(6), np.zeros(6, int)), (np.zeros(4, int), np.zeros(4, int)),
                          (np.repeat([0, 1], 4), np.array([0, 0, 0, 1, 1, 1, 1, 1]))):
        homogeneity, completeness, v = metrics.homogeneity_completeness_v_measure(truth, groups)
        cases.append({"labels": truth.tolist(), "groups": groups.tolist(), "homogeneity": homogeneity, "completeness": completeness,
                      "vMeasure": v, "ari": metrics.adjusted_rand_score(truth, groups)})
    return cases


def pair(scores, truth):
    """AbsTaskPairClassification._compute_metrics_values."""
    rows = sorted(zip(scores, truth), key=lambda row: row[0], reverse=True)
    accuracy, f1 = 0.0, (0.0, 0.0, 0.0)
    positive, remaining = 0, sum(t == 0 for t in truth)
    for i in range(len(rows) - 1):
        if rows[i][1] == 1:
            positive += 1
        else:
            remaining -= 1
        if rows[i][0] == rows[i + 1][0]:
            continue
        accuracy = max(accuracy, (positive + remaining) / len(truth))
        if positive:
            precision, recall = positive / (i + 1), positive / sum(truth)
            value = 2 * precision * recall / (precision + recall)
            if value > f1[0]:
                f1 = (value, precision, recall)
    return {"accuracy": accuracy, "f1": f1[0], "precision": f1[1], "recall": f1[2],
            "ap": metrics.average_precision_score(truth, scores)}


def pairs():
    cases = []
    for n, values in ((60, None), (40, 5), (2, None), (3, 1)):
        truth = np.resize([1, 0, 0], n) if n < 10 else generator.integers(0, 2, n)
        scores = generator.normal(size=n) + truth if values is None else generator.integers(0, values, n).astype(float)
        scores = scores.astype(np.float32).astype(float)
        cases.append({"scores": scores.tolist(), "truth": truth.tolist(), **pair(scores.tolist(), truth.tolist())})
    return cases


def numbers():
    shuffled = list(range(30))
    np.random.RandomState(42).shuffle(shuffled)
    python = random.Random(42)
    return {"shuffled": shuffled, "random": [python.random() for _ in range(4)],
            "choices": python.choices(range(1000), k=12), "small": python.sample(range(20), k=7), "large": python.sample(range(5000), k=9)}


result = {"versions": {"sklearn": sklearn.__version__, "numpy": np.__version__}, "numbers": numbers(), "fewShot": few_shot(),
          "labels": labels(), "clusters": clusters(), "pairs": pairs()}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")

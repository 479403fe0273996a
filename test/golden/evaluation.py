"""Oracles of src/evaluation and src/matrix/logistic-regression: scipy, pytrec_eval, scikit-learn.

Run: python test/golden/evaluation.py   (Python with bench/peers/requirements.txt)
"""
import json
import warnings
from pathlib import Path

import numpy as np
import pytrec_eval
import scipy
import scipy.stats
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

random = np.random.default_rng(11)


def correlations():
    cases = []
    for a, b in (
        (random.normal(size=40), random.normal(size=40)),
        (random.integers(0, 6, 60).astype(float), random.integers(0, 4, 60).astype(float)),
        (np.array([1.0, 2.0]), np.array([5.0, 4.0])),
        (np.arange(9.0) * 1e-9 + 1e3, np.arange(9.0) ** 2),
    ):
        cases.append({"a": a.tolist(), "b": b.tolist(),
                      "pearson": float(scipy.stats.pearsonr(a, b).statistic),
                      "spearman": float(scipy.stats.spearmanr(a, b).statistic)})
    return cases


def retrieval():
    """Ties, negative grades, unjudged documents, short rankings, a query without relevant documents."""
    relevance, run = {}, {}
    for q in range(12):
        documents = [f"d{i}" for i in range(60)]
        judged = random.choice(documents, size=25, replace=False)
        grades = random.integers(-1, 4, size=25) if q != 3 else np.zeros(25, dtype=int)
        relevance[f"q{q}"] = {str(d): int(g) for d, g in zip(judged, grades)}
        found = random.choice(documents, size=[60, 40, 7, 3][q % 4], replace=False)
        # Halves give many ties; the last queries differ only beyond float32.
        scores = random.integers(0, 20, size=len(found)) / 2 if q < 8 else 1 + random.random(len(found)) * 1e-8
        run[f"q{q}"] = {str(d): float(s) for d, s in zip(found, scores)}
    measures = {"ndcg_cut.5,10", "map_cut.5,10", "map", "recall.5,10", "P.5,10", "recip_rank"}
    result = pytrec_eval.RelevanceEvaluator(relevance, measures).evaluate(run)
    return {"relevance": relevance, "run": run, "result": result}


def regressions():
    """The optimum itself (tolerance far below ours), on features rounded to float32."""
    cases = []
    for rows, columns, classes, C in ((40, 5, 2, 1.0), (90, 6, 3, 1.0), (61, 4, 5, 30.0), (50, 3, 2, 0.05)):
        centres = random.normal(size=(classes, columns))
        labels = np.arange(rows) % classes
        x = (centres[labels] + random.normal(size=(rows, columns))).astype(np.float32).round(4)
        model = LogisticRegression(C=C, tol=1e-10, max_iter=100_000).fit(x.astype(np.float64), labels)
        cases.append({"C": C, "columns": columns, "x": [round(float(v), 4) for v in x.ravel()], "labels": labels.tolist(),
                      "weights": model.coef_.ravel().tolist(), "intercepts": model.intercept_.tolist(),
                      "probabilities": model.predict_proba(x[:3].astype(np.float64)).ravel().tolist(),
                      "predicted": model.predict(x.astype(np.float64)).tolist()})
    return cases


def confusions():
    truth = random.choice(["ham", "spam", "news"], 50)
    predicted = random.choice(["ham", "spam", "other"], 50)
    labels = sorted(set(truth) | set(predicted))
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "labels": labels,
            "accuracy": accuracy_score(truth, predicted),
            "macroF1": f1_score(truth, predicted, average="macro", labels=labels),
            "counts": confusion_matrix(truth, predicted, labels=labels).tolist()}


warnings.simplefilter("ignore")
fixture = {
    "source": f"scipy {scipy.__version__}, pytrec-eval-terrier 0.5.11, scikit-learn {sklearn.__version__}",
    "correlations": correlations(),
    "retrieval": retrieval(),
    "regressions": regressions(),
    "confusions": confusions(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(fixture) + "\n")

"""Fixtures of src/words/fasttext: small models of the original with what it says of words and texts, and lid.176's predictions.

    ~/.cache/semspace/peers/venv/bin/python -P test/golden/fasttext.py

Writes test/golden/fasttext/models.json and test/golden/fasttext/languages.json (its sentences.txt is ours; the model comes from
`npm run models -- lid.176`).
"""

import base64
import json
import random
import tempfile
from pathlib import Path

import fasttext

fasttext.FastText.eprint = lambda *args: None
here = Path(__file__).parent / "fasttext"
work = Path(tempfile.mkdtemp())

animals = "cat dog straße žába кошка 猫 horse cows".split()
vehicles = "car bus train straßenbahn поезд 車 lorry ships".split()
common = "the a my runs stands sleeps is and old new big small".split()
draw = random.Random(5)
lines = []
for _ in range(400):
    kind = draw.choice(["animal", "vehicle"])
    own = animals if kind == "animal" else vehicles
    words = [draw.choice(own if draw.random() < 0.4 else common) for _ in range(draw.randint(3, 8))]
    extra = " __label__long" if len(words) > 6 else ""
    lines.append(f"__label__{kind}{extra} {' '.join(words)}\n")
labelled = work / "labelled.txt"
labelled.write_text("".join(lines), encoding="utf-8")
plain = work / "plain.txt"
plain.write_text("".join(" ".join(w for w in line.split() if not w.startswith("__")) + "\n" for line in lines), encoding="utf-8")

words = ["cat", "cats", "straße", "кошка", "猫", "猫車", "</s>", "zzz", "é", ""]
texts = ["the old cat sleeps", "my new 車 runs", "unseen zebra", "", "the\tbig  bus \u00a0 straßen", "__label__animal cat __label__none", "a </s> car", "猫"]


def entry(name, model):
    path = work / f"{name}.bin"
    model.save_model(str(path))
    result = {"file": base64.b64encode(path.read_bytes()).decode()}
    result["words"] = {word: [float(x) for x in model.get_word_vector(word)] for word in words}
    result["texts"] = []
    for text in texts:
        said = {"text": text, "vector": [float(x) for x in model.get_sentence_vector(text)]}
        if model.f.getArgs().model == fasttext.FastText.model_name.supervised:
            said["predictions"] = [[label, p] for p, label in model.f.predict(text + "\n", 3, 0.0, "strict")]
            said["above"] = [label for _, label in model.f.predict(text + "\n", -1, 0.3, "strict")]
        result["texts"].append(said)
    return result


def supervised(**options):
    return fasttext.train_supervised(str(labelled), dim=6, bucket=400, epoch=20, lr=0.5, thread=1, seed=1, verbose=0, **options)


models = {
    "softmax": entry("softmax", supervised()),
    "hs": entry("hs", supervised(loss="hs", minn=2, maxn=3)),
    "ova": entry("ova", supervised(loss="ova", wordNgrams=3)),
    "ns": entry("ns", supervised(loss="ns", minn=1, maxn=2, wordNgrams=2)),
    "skipgram": entry("skipgram", fasttext.train_unsupervised(str(plain), dim=6, bucket=300, minCount=1, thread=1, verbose=0)),
    "cbow": entry("cbow", fasttext.train_unsupervised(str(plain), model="cbow", dim=5, minn=0, maxn=0, minCount=1, thread=1, verbose=0)),
}
quantized = supervised(wordNgrams=2, minn=2, maxn=4)
quantized.quantize(qnorm=True, dsub=4)
models["quantized"] = entry("quantized", quantized)
pruned = supervised(wordNgrams=2, minn=2, maxn=4)
pruned.quantize(cutoff=270, retrain=False)
models["pruned"] = entry("pruned", pruned)
(here / "models.json").write_text(json.dumps({"corpus": lines[:60], "models": models}, ensure_ascii=False), encoding="utf-8")

lid = fasttext.load_model(str(Path.home() / ".cache/semspace/models/lid.176/lid.176.ftz"))
said = []
for line in (here / "sentences.txt").read_text(encoding="utf-8").splitlines():
    for text in line.split("|")[1:]:
        predictions = lid.f.predict(text + "\n", 3, 0.0, "strict")
        said.append([text, [label for _, label in predictions], [round(p, 7) for p, _ in predictions]])
(here / "languages.json").write_text("[\n" + ",\n".join(json.dumps(s, ensure_ascii=False) for s in said) + "\n]\n", encoding="utf-8")

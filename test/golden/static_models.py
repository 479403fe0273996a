"""Fixture of src/texts/static/real-models.node.test.ts: vectors of the shipped model and of static-10k-64d by model2vec.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/static_models.py
"""

import json
from pathlib import Path

from model2vec import StaticModel

root = Path(__file__).parent.parent.parent
folders = {"default": root / "models/default", "static-10k-64d": Path.home() / ".cache/semspace/models/static-10k-64d"}
texts = [
    "A man is playing a guitar.", "", "  ", "Zürich, naïve café: 50% of €1,000!", "日本語のテキスト и русский", "👩‍👩‍👧‍👦 emoji ‮rtl‬",
    "supercalifragilisticexpialidocious unknownword ꙮꙮ", "word " * 700 + "end",
]
vectors = {
    name: [[float(f"{value:.7g}") for value in row] for row in StaticModel.from_pretrained(folder).encode(texts)]
    for name, folder in folders.items()
}
Path(__file__).with_suffix(".json").write_text(json.dumps({"texts": texts, "vectors": vectors}, ensure_ascii=False) + "\n")

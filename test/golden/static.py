"""Fixtures of src/texts/static: small static models in every layout, with the vectors that model2vec and sentence-transformers give.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/static.py
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

random = np.random.default_rng(3)
texts = ["the cat sat", "", "Cats and DOGS, cats!", "unknown zebra", "zebra", "a" * 40, "the 😀😀 cat " * 9, "dog " * 30, "  \n "]


def word_piece(**options):
    words = ["[PAD]", "[UNK]", "the", "cat", "sat", "and", "dog", "##s", "a", "##a", ",", "!", "unknown"]
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]"])
    if "truncation" in options:
        tokenizer.enable_truncation(options["truncation"])
    if options.get("padding"):
        tokenizer.enable_padding(length=16)
    return tokenizer


def unigram():
    pieces = [("<pad>", 0.0), ("<unk>", 0.0), ("▁the", -2.0), ("▁cat", -2.5), ("s", -3.0), ("▁dog", -3.0), ("▁", -4.0), ("a", -5.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=1))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def table(rows, dtype=np.float32, dimensions=5):
    if dtype == np.int8:
        return random.integers(-127, 128, (rows, dimensions)).astype(np.int8)
    return random.normal(size=(rows, dimensions)).astype(dtype)


def modules(path, normalize):
    entries = [{"idx": 0, "name": "0", "path": path, "type": "sentence_transformers.models.StaticEmbedding"}]
    if normalize:
        entries.append({"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"})
    return entries


def write(folder, tensors, tokenizer, files, nested=""):
    (folder / nested).mkdir(exist_ok=True)
    save_file(tensors, folder / nested / "model.safetensors")
    tokenizer.save(str(folder / nested / "tokenizer.json"), pretty=False)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))


def case(name, tensors, tokenizer, files, nested="", readers=("model2vec", "sentence-transformers")):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(folder, tensors, tokenizer, files, nested)
        wanted = {}
        if "model2vec" in readers:
            wanted["model2vec"] = StaticModel.from_pretrained(folder).encode(texts)
        if "sentence-transformers" in readers:
            wanted["sentence-transformers"] = SentenceTransformer(temporary, device="cpu").encode(texts)
        return {
            "name": name,
            "files": {str(path.relative_to(folder)): base64.b64encode(path.read_bytes()).decode() for path in sorted(folder.rglob("*")) if path.is_file()},
            "vectors": {reader: [[float(f"{value:.9g}") for value in row] for row in vectors] for reader, vectors in wanted.items()},
        }


m2v = lambda **settings: {"config.json": {"model_type": "model2vec", "normalize": True, **settings}}
ids = 13
mapping = random.integers(0, 4, ids)
cases = [
    case("float32", {"embeddings": table(ids)}, word_piece(), {**m2v(), "modules.json": modules(".", True)}),
    case("not normalised", {"embeddings": table(ids)}, word_piece(), {**m2v(normalize=False), "modules.json": modules("", False)}),
    case("float64", {"embeddings": table(ids, np.float64)}, word_piece(), m2v(), readers=["model2vec"]),
    case("int8 alone", {"embeddings": table(ids, np.int8)}, word_piece(), m2v(), readers=["model2vec"]),
    case("int8 with row scales", {"embeddings": table(ids, np.int8), "weights": random.random(ids).astype(np.float32)}, word_piece(), {**m2v(), "modules.json": modules(".", True)}),
    case("mapping and double weights", {"embeddings": table(4), "mapping": mapping, "weights": random.random(ids)}, word_piece(), {**m2v(), "modules.json": modules(".", True)}),
    case("mapping, int8 and weights", {"embeddings": table(4, np.int8), "mapping": mapping.astype(np.int32), "weights": random.random(ids).astype(np.float32)}, word_piece(), m2v(), readers=["model2vec"]),
    case("cut at 5 tokens", {"embeddings": table(ids)}, word_piece(padding=True), m2v(max_length=5), readers=["model2vec"]),
    case("never cut", {"embeddings": table(ids)}, word_piece(truncation=4), m2v(max_length=None), readers=["model2vec"]),
    case("Unigram", {"embeddings": table(8)}, unigram(), {**m2v(), "modules.json": modules(".", True)}),
    case("early model2vec without a model type", {"embeddings": table(ids)}, word_piece(), {"config.json": {"normalize": True}}, readers=["model2vec"]),
    case("sentence-transformers root", {"embedding.weight": table(ids)}, word_piece(truncation=4), {"config_sentence_transformers.json": {"similarity_fn_name": "cosine"}, "modules.json": modules("", True)}),
    case("sentence-transformers subfolder", {"embedding.weight": table(ids)}, word_piece(), {"config_sentence_transformers.json": {}, "modules.json": modules("0_StaticEmbedding", False)}, nested="0_StaticEmbedding"),
]
Path(__file__).with_suffix(".json").write_text(json.dumps({"texts": texts, "cases": cases}, ensure_ascii=False) + "\n")

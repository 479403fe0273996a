"""Vectors of sentence-transformers for folders made of the checkpoints of encoders.py and decoders.py, a tokenizer of twenty words, and a pooling.

Makes test/golden/embedders.json: the texts, the two tokenizers, and for each checkpoint the vectors and how long texts may be.
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/embedders.py
Versions: bench/peers/requirements.txt.
"""
import base64
import json
import shutil
import tempfile
from pathlib import Path

from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors

here = Path(__file__).parent
words = "the river bank money old is by account deep water and of wide sea in near".split()
# The third is longer than any of the models takes.
texts = ["the old bank is by the river", "money", "the river of deep and wide water is near the sea " * 6]
# Ids of the special tokens, in order, as BERT has them and as RoBERTa has them.
specials = {"bert": ["[PAD]", "[UNK]", "[CLS]", "[SEP]"], "roberta": ["<s>", "<pad>", "</s>", "<unk>"]}
parts = {"bert": ("[CLS]", "[SEP]", "[PAD]", "[UNK]"), "roberta": ("<s>", "</s>", "<pad>", "<unk>")}
kinds = {"roberta": "roberta", "camembert": "roberta", "xlm-roberta": "roberta", "mpnet": "roberta", "distilbert": "bert", "albert": "bert",
         "electra-small": "bert", "deberta": "bert", "deberta-v3": "bert", "deberta-v2-xlarge": "bert"}
# Of decoders.py: pooling, and at which end the tokenizer pads (Qwen's embedders do so at the start).
decoders = {"modern-bert": ("cls", "right"), "t5-gated": ("mean", "right"), "gpt2": ("lasttoken", "right"), "llama-scaled": ("mean", "left"),
            "qwen3": ("lasttoken", "left"), "qwen3-window": ("lasttoken", "right"), "gemma3-embedding": ("mean", "right")}


def tokenizer_files(kind):
    first, last, pad, unknown = parts[kind]
    vocabulary = {token: i for i, token in enumerate(specials[kind] + words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(specials[kind])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, vocabulary[first]), (last, vocabulary[last])])
    config = dict(tokenizer_class="PreTrainedTokenizerFast", pad_token=pad, unk_token=unknown, cls_token=first, sep_token=last)
    return {"tokenizer.json": tokenizer.to_str(), "tokenizer_config.json": json.dumps(config)}


def embedder(name, kind, family, pooling="mean", padding="right"):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(here / family / name, folder, dirs_exist_ok=True)
        for path, text in tokenizers[kind].items():
            Path(folder, path).write_text(text)
        transformer = Transformer(folder)
        transformer.tokenizer.padding_side = padding
        if name in ("roberta", "camembert", "xlm-roberta", "mpnet"):
            # sentence-transformers takes 24 here, which fails: two of the rows are no positions.
            transformer.max_seq_length = 22
        width = transformer.get_word_embedding_dimension()
        model = SentenceTransformer(modules=[transformer, Pooling(width, pooling_mode=pooling)], device="cpu").float()
        vectors = model.encode(texts, convert_to_numpy=True)
        return dict(name=name, kind=kind, family=family, pooling=pooling, width=width, maxLength=model.max_seq_length,
                    vectors=base64.b64encode(vectors.astype("<f4").tobytes()).decode())


tokenizers = {kind: tokenizer_files(kind) for kind in specials}
cases = [embedder(name, kind, "encoders") for name, kind in kinds.items()]
cases += [embedder(name, "bert", "decoders", *how) for name, how in decoders.items()]
(here / "embedders.json").write_text(json.dumps(dict(texts=texts, tokenizers=tokenizers, cases=cases), indent=1) + "\n")

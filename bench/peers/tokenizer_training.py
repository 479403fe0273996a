"""Trains tokenizers with Rust tokenizers on one thread. Request: {"model", "texts": path, "size"}; answer: CPU seconds, the tokens, the merges."""

import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers  # noqa: E402
from tokenizers.implementations import (  # noqa: E402
    BertWordPieceTokenizer,
    ByteLevelBPETokenizer,
    SentencePieceUnigramTokenizer,
)

SPECIAL = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"]


def train(model: str, lines: list[str], size: int):
    if model == "wordpiece":
        tokenizer = BertWordPieceTokenizer()
        tokenizer.train_from_iterator(lines, vocab_size=size, show_progress=False)
    elif model == "byte-level-bpe":
        tokenizer = ByteLevelBPETokenizer()
        tokenizer.train_from_iterator(lines, vocab_size=size, special_tokens=["<|endoftext|>"], show_progress=False)
    elif model == "bpe":
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
        tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=2, limit_alphabet=1000, special_tokens=SPECIAL, show_progress=False)
        tokenizer.train_from_iterator(lines, trainer)
    else:
        tokenizer = SentencePieceUnigramTokenizer()
        tokenizer.train_from_iterator(lines, vocab_size=size, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False)
    return tokenizer


for request in map(json.loads, sys.stdin):
    with open(request["texts"], encoding="utf8", newline="\n") as file:
        lines = file.read().split("\n")
    start = time.process_time()
    tokenizer = train(request["model"], lines, request["size"])
    seconds = time.process_time() - start
    vocabulary = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"].get("merges", [])
    print(json.dumps({"seconds": seconds, "tokens": sorted(vocabulary, key=vocabulary.get), "merges": merges}), flush=True)

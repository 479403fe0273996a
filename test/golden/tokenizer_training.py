"""Tokenizers trained by Rust `tokenizers` 0.22 on the word counts of a small corpus -> tokenizer-training.json.

The corpus is made by a seeded generator that the test repeats: syllables joined into words, words into lines. WordPiece is trained three hundred times:
Rust numbers characters with a prefix in the random order of a hash map, so only a vocabulary that all runs have in common is an oracle.
"""

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from tokenizers.implementations import BertWordPieceTokenizer, ByteLevelBPETokenizer, SentencePieceUnigramTokenizer

here = Path(__file__).parent
SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sta", "tor", "vel", "an", "the", "ing", "é", "ß", "日", "本", "😀", "q"]
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"]


def corpus() -> list[str]:
    state = 7

    def draw(n: int) -> int:
        nonlocal state
        state = (state * 1103515245 + 12345) % 2147483648
        return (state >> 16) % n

    words = ["".join(SYLLABLES[draw(len(SYLLABLES))] for _ in range(1 + draw(4))) for _ in range(400)]
    # Frequent words are those with low numbers.
    return [" ".join(words[min(draw(400), draw(400), draw(400))] for _ in range(8)) + ("." if draw(2) else ", 12") for _ in range(600)]


lines = corpus()
golden: dict = {"lines": [lines[0], lines[599]]}

tokenizer = ByteLevelBPETokenizer()
tokenizer.train_from_iterator(lines, vocab_size=500, special_tokens=["<|endoftext|>"])
golden["byte-level-bpe"] = json.loads(tokenizer.to_str())["model"]



def limited_bpe(limit: int) -> dict:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=300, min_frequency=3, limit_alphabet=limit, max_token_length=6, special_tokens=SPECIAL, show_progress=False
    )
    tokenizer.train_from_iterator(lines, trainer)
    return json.loads(tokenizer.to_str())["model"]


# A limit at which no two characters are equally frequent, for Rust takes any of them.
golden["limit"] = next(limit for limit in range(24, 1, -1) if len({str(limited_bpe(limit)["merges"]) for _ in range(100)}) == 1)
golden["bpe"] = limited_bpe(golden["limit"])

# The largest vocabulary in which no tie decides what is in it.
for size in range(240, 150, -1):
    runs = set()
    for _ in range(300):
        tokenizer = BertWordPieceTokenizer()
        tokenizer.train_from_iterator(lines, vocab_size=size, show_progress=False)
        runs.add(tuple(sorted(tokenizer.get_vocab())))
    if len(runs) == 1:
        break
golden["wordpiece"] = runs.pop()

tokenizer = SentencePieceUnigramTokenizer()
tokenizer.train_from_iterator(lines, vocab_size=290, special_tokens=SPECIAL, unk_token="<unk>")
golden["unigram"] = json.loads(tokenizer.to_str())["model"]

for name in ("byte-level-bpe", "bpe"):
    model = golden[name]
    golden[name] = {"tokens": sorted(model["vocab"], key=model["vocab"].get), "merges": model["merges"]}
golden["unigram"] = {"vocab": golden["unigram"]["vocab"], "unk_id": golden["unigram"]["unk_id"]}
(here / "tokenizer-training.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
print({name: len(json.dumps(value)) for name, value in golden.items()}, golden['limit'], size)

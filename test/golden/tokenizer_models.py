"""Makes test/golden/tokenizer_models.json: each tokenizer model alone, small and odd ones too, on nasty words, as Rust
`tokenizers` cuts them. Rust counts offsets in bytes; they are turned into UTF-16 units, a byte inside a character widened to it.

HF_HUB_OFFLINE=1 python test/golden/tokenizer_models.py
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TARGET = Path(__file__).with_suffix(".json")

TEXT = """Semantic search finds texts by meaning. The quick brown fox jumps over the lazy dog; semantics, lexemes and
tokens. unbelievable unhappiness tokenization tokenizer tokenized. Größe, café, naïve, straße, Ελληνικά, привет мир,
日本語の文章, 中文句子, 한국어, हिन्दी, ไทย. e\u0301 🙂👍🏽 👩‍👩‍👧 fin. the the then there these that this those. low lower lowest newer wider."""

NASTY = ["", "a", "the", "thethethe", "tokenizations", "unhappier", "xyz", "<unk>", "[UNK]", "a<unk>b", "##the", "é", "e\u0301", "🙂", "🙂🙂", "👩‍👩‍👧",
         "日本語", "日x本", "\u0000", "\ufffd", " ", "▁the", "▁", "▁▁the", "Ġthe", "low</w>", "q", "qq", "qqthe", "theqq", "qtheq", "ﬁ", "İ", "\U0010ffff",
         "lowest", "a" * 99, "a" * 100, "a" * 101, "🙂" * 60, "the" * 60, "ab" * 40, "<0x41>", "न्दी"]


def words() -> list[str]:
    rng = random.Random(7)
    alphabet = sorted(set(TEXT)) + ["q", "ß", "🙃", "\u200d", "長"]
    made = ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 14))) for _ in range(60)]
    return NASTY + TEXT.split() + made


def to_utf16(word: str, start: int, end: int) -> tuple[int, int]:
    """Byte offsets to UTF-16 offsets: the start down, the end up, to whole characters."""
    at_byte, at_unit, low, high = 0, 0, None, None
    for char in word:
        size, units = len(char.encode()), 2 if ord(char) > 0xFFFF else 1
        if low is None and at_byte + size > start:
            low = at_unit
        at_byte, at_unit = at_byte + size, at_unit + units
        if high is None and at_byte >= end:
            high = at_unit
    return (at_unit if low is None else low, at_unit if high is None else high)


def train(model, trainer, pre_tokenizer) -> dict:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator([TEXT] * 3, trainer)
    return json.loads(tokenizer.to_str())["model"]


def byte_tokens(skip=()) -> list[str]:
    return [f"<0x{b:02X}>" for b in range(256) if b not in skip]


def with_bytes(model: dict, skip=()) -> dict:
    vocab = dict(model["vocab"])
    for token in byte_tokens(skip):
        vocab[token] = len(vocab)
    return {**model, "vocab": vocab, "byte_fallback": True}


def cases() -> dict[str, dict]:
    spaces = pre_tokenizers.WhitespaceSplit()
    piece = train(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=160, special_tokens=["[UNK]"], show_progress=False), spaces)
    bpe = train(models.BPE(unk_token="<unk>"), trainers.BpeTrainer(vocab_size=150, special_tokens=["<unk>"], limit_alphabet=70, show_progress=False), spaces)
    suffix = train(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), trainers.BpeTrainer(vocab_size=180, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False), spaces)
    prefix = train(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"), trainers.BpeTrainer(vocab_size=180, special_tokens=["<unk>"], continuing_subword_prefix="##", show_progress=False), spaces)
    level = train(models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(special_tokens=["<unk>"], show_progress=False), spaces)
    unigram = train(models.Unigram(), trainers.UnigramTrainer(vocab_size=140, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False), pre_tokenizers.Metaspace())
    lists = unigram["vocab"]
    return {
        "WordPiece": piece,
        "WordPiece, words of at most 5, no prefix": {**piece, "max_input_chars_per_word": 5, "continuing_subword_prefix": ""},
        "WordPiece of a handful": {"type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "@", "max_input_chars_per_word": 1000,
                                   "vocab": {"?": 7, "a": 3, "@a": 5, "@aa": 1, "the": 0, "@the": 2, "🙂": 40, "@🙂": 41}},
        "BPE": bpe,
        "BPE, unknown fused": {**bpe, "fuse_unk": True},
        "BPE without an unknown token": {**bpe, "unk_token": None},
        "BPE that ignores merges": {**bpe, "ignore_merges": True, "vocab": {**bpe["vocab"], "thethethe": 900, "日本語": 901}},
        "BPE with byte fallback": with_bytes({**bpe, "fuse_unk": True}),
        "BPE with half a byte fallback": with_bytes(bpe, skip={0x9F, 0xA5, 0xE0}),
        "BPE with half a byte fallback, unknown fused": with_bytes({**bpe, "fuse_unk": True}, skip={0x9F, 0xA5, 0xE0}),
        "BPE with a suffix": suffix,
        "BPE with a prefix": prefix,
        "BPE with merges as texts": {**bpe, "merges": [" ".join(pair) for pair in bpe["merges"]]},
        "Unigram": unigram,
        "Unigram with byte fallback": {**unigram, "byte_fallback": True, "vocab": lists + [[token, 0.0] for token in byte_tokens()]},
        "Unigram with half a byte fallback": {**unigram, "byte_fallback": True, "vocab": lists + [[token, 0.0] for token in byte_tokens({0x71})]},
        "Unigram of the documentation": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", 0.0], ["b", 0.0], ["c", 0.0], ["d", 0.0], ["cd", 1.0], ["ab", 2.0],
                                         ["abc", 5.0], ["abcd", 10.0], ["qq", -3.0], ["the", 1.5], ["t", 0.5], ["he", 1.0], ["the", 2.0], ["🙂🙂", 1.0], ["日", 1.0]]},
        "WordLevel": level,
    }


def main() -> None:
    every = words()
    results = []
    for name, model in cases().items():
        tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
                                                   "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model}))
        cuts = []
        for word in every:
            tokens = tokenizer.model.tokenize(word)
            flat = []
            for token in tokens:
                flat += [token.id, *to_utf16(word, *token.offsets)]
            cuts.append(flat)
        results.append({"name": name, "model": model, "cuts": cuts})
    TARGET.write_text(json.dumps({"words": every, "cases": results}, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(TARGET, TARGET.stat().st_size)


main()

"""Makes test/golden/tokenizer_files.json: small vocabulary files of every kind (vocab.txt, vocab.json + merges.txt, SentencePiece models trained
here), and the fast tokenizers that transformers makes of them: their parts, and the ids of texts and pairs. "files" of a case are the folder's;
those that are JSON stand under "json".

HF_HUB_OFFLINE=1 python test/golden/tokenizer_files.py
"""

import base64
import json
import tempfile
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

TARGET = Path(__file__).with_suffix(".json")

CORPUS = """Semantic search finds texts by meaning. The quick brown fox jumps over the lazy dog, 10 times; then 100 times more.
The tokenizer cuts a word into pieces, and the pieces of unknown words are found one by one. Größe, café, naïve, straße.
In the beginning there were letters, then there were 26 of them, then 1024 pieces. Ελληνικά, привет мир, 日本語の文章, 한국어.
these that this those other another mother brother low lower lowest newer wider sleeping running jumping searching"""

TEXTS = ["", " ", "a", "The tokenizer cuts a word.", "  two  spaces\tand\na line \u00a0 end  ", "unbelievable 1024 times", "café CAFÉ cafe\u0301", "ﬁne ½ ① ™ Ａ", "日本語の文章です 한국어",
         "🙂 👩‍👩‍👧 \u200b\u0000\ufffd", "<s>low</s> lowest<mask> [MASK] <unk> [SEP]", "<|endoftext|>low<|startoftext|> <|im|>x", "<extra_id_0> and <extra_id_99>", "don't I'll 's x'", "▁low ▁▁ lower"]
PAIRS = [["low", "lower"], ["the fox", ""], ["", "dog"]]


def sentence_piece(folder: Path, **options) -> bytes:
    corpus = folder / "corpus.txt"
    corpus.write_text(CORPUS)
    prefix = folder / "trained"
    sentencepiece.SentencePieceTrainer.train(input=str(corpus), model_prefix=str(prefix), hard_vocab_limit=False, minloglevel=2, **options)
    return (folder / "trained.model").read_bytes()


def rules(folder: Path) -> str:
    """A small character map: compatibility characters, a combining accent, tabs and lines as spaces, characters that vanish."""
    pairs = {"ﬁ": "fi", "½": "1/2", "①": "1", "™": "TM", "Ａ": "A", "e\u0301": "é", "\u00a0": " ", "\t": " ", "\n": " ", "\u200b": "", "\u0000": "", "É": "é"}
    path = folder / "rules.tsv"
    path.write_text("".join(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n" for source, target in pairs.items() if source != "\u0000"))
    return str(path)


def byte_level() -> tuple[str, str]:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator([CORPUS], trainers.BpeTrainer(vocab_size=330, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    return json.dumps(model["vocab"], ensure_ascii=False), "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in model["merges"]) + "\n"


def clip() -> tuple[str, str]:
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator([CORPUS.lower().replace(" ", "\n")], trainers.BpeTrainer(vocab_size=620, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    vocab = model["vocab"]
    for token in [*(a + "</w>" for a in sorted(alphabet)), "<|startoftext|>", "<|endoftext|>"]:
        vocab.setdefault(token, len(vocab))
    return json.dumps(vocab, ensure_ascii=False), "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in model["merges"]) + "\n"


def word_piece(specials: list[str]) -> str:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator([CORPUS.lower(), CORPUS], trainers.WordPieceTrainer(vocab_size=200, special_tokens=specials, show_progress=False))
    vocab = tokenizer.get_vocab()
    return "".join(f"{token}\n" for token in sorted(vocab, key=vocab.get))


def published(folder: Path, gpt2: dict) -> list[tuple[str, dict[str, bytes | str], dict | None, dict]]:
    """Folders with the JSON files that the models were published with: config.json tells the class, tokenizer_config.json little or nothing."""
    unigram = dict(model_type="unigram", character_coverage=0.98, normalization_rule_tsv=rules(folder))
    bpe = dict(model_type="bpe", byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False)
    spm = sentence_piece(folder, vocab_size=110, **unigram)
    deberta = sentence_piece(folder, vocab_size=110, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]", **unigram)
    albert = sentence_piece(folder, vocab_size=110, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, control_symbols=["[CLS]", "[SEP]", "[MASK]"], **unigram)
    t5 = sentence_piece(folder, vocab_size=100, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **unigram)
    gemma = sentence_piece(folder, vocab_size=460, pad_id=0, eos_id=1, bos_id=2, unk_id=3, bos_piece="<bos>", eos_piece="<eos>", add_dummy_prefix=False,
                           user_defined_symbols=["<mask>", "\n", "\n\n", "▁▁", "▁▁▁", "<|im|>"], **bpe)
    vocab = list(json.loads(gpt2["vocab.json"]))
    bert = word_piece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    with_specials = {token: i for i, token in enumerate(["[PAD]", "[CLS]", "[SEP]", "[UNK]", *vocab, "[MASK]"])}
    deberta_v1 = {"vocab.json": json.dumps(with_specials, ensure_ascii=False), "merges.txt": gpt2["merges.txt"]}
    model = lambda model_type: {"config.json": {"model_type": model_type}}
    sentinels = [f"<extra_id_{i}>" for i in range(100)]
    return [
        ("DeBERTa v3 as published", {"spm.model": deberta}, {"do_lower_case": False, "vocab_type": "spm"}, model("deberta-v2")),
        ("DeBERTa v2, lower case and cut at punctuation", {"spm.model": deberta}, {"do_lower_case": True, "split_by_punct": True}, model("deberta-v2")),
        ("DeBERTa v3 with added_tokens.json", {"spm.model": deberta}, {"do_lower_case": False}, {
            **model("deberta-v2"), "added_tokens.json": {"[MASK]": 97, "<|im|>": 98},
            "special_tokens_map.json": {"cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": {"content": "[MASK]", "lstrip": True, "normalized": False, "rstrip": False, "single_word": False}}}),
        ("ALBERT as published", {"spiece.model": albert}, None, model("albert")),
        ("XLM-R as published", {"sentencepiece.bpe.model": spm}, None, model("xlm-roberta")),
        ("CamemBERT as published", {"sentencepiece.bpe.model": spm}, None, model("camembert")),
        ("T5 as published", {"spiece.model": t5}, {"model_max_length": 512, "extra_ids": 100, "additional_special_tokens": sentinels}, model("t5")),
        ("mT5 as published", {"spiece.model": t5}, {"extra_ids": 0, "additional_special_tokens": None}, model("mt5")),
        ("Gemma", {"tokenizer.model": gemma}, {"tokenizer_class": "GemmaTokenizer", "add_bos_token": True, "add_eos_token": False}, model("gemma3_text")),
        ("DeBERTa v1 as published", deberta_v1, {"do_lower_case": False, "vocab_type": "gpt2"}, model("deberta")),
        ("RoBERTa as published", gpt2, None, model("roberta")),
        ("GPT-2 as published", gpt2, {"model_max_length": 1024}, model("gpt2")),
        ("Qwen 3 from its older files", gpt2, {"tokenizer_class": "Qwen2Tokenizer"}, model("qwen3")),
        ("BERT as published", {"vocab.txt": bert}, {"do_lower_case": False, "model_max_length": 512}, model("bert")),
        ("BERT with a map of special tokens", {"vocab.txt": bert}, {"do_lower_case": True}, {**model("bert"), "special_tokens_map.json": {"mask_token": "lowest"}}),
    ]


def folders(folder: Path) -> list[tuple[str, dict[str, bytes | str], dict | None, dict]]:
    unigram = sentence_piece(folder, vocab_size=120, model_type="unigram", character_coverage=0.98, normalization_rule_tsv=rules(folder), user_defined_symbols=["<|im|>"])
    t5 = sentence_piece(folder, vocab_size=110, model_type="unigram", character_coverage=0.98, normalization_rule_tsv=rules(folder), pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    bpe = sentence_piece(folder, vocab_size=480, model_type="bpe", byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity", user_defined_symbols=["<|im|>"])
    bert, mpnet = word_piece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]), word_piece(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"])
    vocab, merges = byte_level()
    clip_vocab, clip_merges = clip()
    gpt2 = {"vocab.json": vocab, "merges.txt": merges}
    mask = {"content": "<mask>", "lstrip": True, "rstrip": False, "normalized": True, "single_word": False, "__type": "AddedToken"}
    named = [
        ("BERT", {"vocab.txt": bert}, {"tokenizer_class": "BertTokenizer"}),
        ("BERT, cased", {"vocab.txt": bert}, {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "tokenize_chinese_chars": False, "strip_accents": True}),
        ("MPNet", {"vocab.txt": mpnet}, {"tokenizer_class": "MPNetTokenizer", "do_lower_case": True}),
        ("GPT-2", gpt2, {"tokenizer_class": "GPT2Tokenizer"}),
        ("GPT-2 with a begin token", gpt2, {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "add_prefix_space": True}),
        ("RoBERTa", gpt2, {"tokenizer_class": "RobertaTokenizer", "mask_token": mask, "added_tokens_decoder": {"400": {"content": "<|im|>", "lstrip": False, "rstrip": False, "normalized": False, "single_word": False, "special": False}}}),
        ("CLIP", {"vocab.json": clip_vocab, "merges.txt": clip_merges}, {"tokenizer_class": "CLIPTokenizer"}),
        ("XLM-R", {"sentencepiece.bpe.model": unigram}, {"tokenizer_class": "XLMRobertaTokenizer", "mask_token": mask}),
        ("T5", {"spiece.model": t5}, {"tokenizer_class": "T5Tokenizer"}),
        ("Llama", {"tokenizer.model": bpe}, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True}),
        ("Llama, legacy", {"tokenizer.model": bpe}, {"tokenizer_class": "LlamaTokenizer", "legacy": True, "add_bos_token": True, "add_eos_token": True}),
    ]
    return [(name, files, config, {}) for name, files, config in named] + published(folder, gpt2)


def main() -> None:
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for name, files, config, more in folders(Path(temporary)):
            folder = Path(tempfile.mkdtemp(dir=temporary))
            for path, content in files.items():
                (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
            jsons = {**({} if config is None else {"tokenizer_config.json": config}), **more}
            for path, content in jsons.items():
                (folder / path).write_text(json.dumps(content))
            tokenizer = AutoTokenizer.from_pretrained(folder)
            backend = tokenizer.backend_tokenizer
            if name.startswith("DeBERTa v2") or name.startswith("DeBERTa v3"):
                # transformers 5.0 to 5.3 forget [CLS] and [SEP] (issue 44568, mended by 44570); this is what 4 and later versions of 5 do.
                backend.post_processor = processors.TemplateProcessing(single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
            parts = json.loads(backend.to_str())
            for normalizer in [parts["normalizer"] or {}]:
                normalizer.pop("precompiled_charsmap", None)
            results.append({
                "name": name,
                "files": {path: base64.b64encode(content).decode() if isinstance(content, bytes) else content for path, content in files.items()},
                "json": jsons,
                "parts": {key: parts[key] for key in ("added_tokens", "normalizer", "pre_tokenizer", "post_processor")},
                "ids": [backend.encode(text).ids for text in TEXTS],
                "pairs": [backend.encode(*pair).ids for pair in PAIRS],
                "decoded": [backend.decode(backend.encode(text).ids) for text in TEXTS],
            })
    TARGET.write_text(json.dumps({"texts": TEXTS, "pairs": PAIRS, "cases": results}, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(TARGET, TARGET.stat().st_size)


main()

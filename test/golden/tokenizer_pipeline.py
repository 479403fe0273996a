"""Fixtures of the tokenizers' parts and of whole tokenizers, from the Rust library (tokenizers 0.22.2, transformers 5.3).

HF_HUB_OFFLINE=1 python test/golden/tokenizer_pipeline.py    writes test/golden/tokenizers/*.json; whole tokenizers of real models come from
~/.cache/semspace/models, as test/real-models.ts finds them. Offsets are in code points; the tests turn them into UTF-16 indices.
"""
import json
import os
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = Path(__file__).parent / "tokenizers"
MODELS = Path(os.environ.get("SEMSPACE_CACHE", Path.home() / ".cache/semspace")) / "models"

TEXTS = [
    "", " ", "  \t ", "\n", "\r\n", "a", "Hello, world!", "Hello   world  ", "  leading", "trailing \n", "don't we'll I'm they've it's DON'T O'S o'ſ",
    "naïve café résumé", "e\u0301a\u0300o\u0302", "a\u0323\u0307 a\u0307\u0323 q\u0307\u0323", "Å Å A\u030a", "ﬁ ﬂ ﬀ Ⅷ ½ ² ㎏ ㋿ ℃", "ΑΣ ΟΔΟΣ Σ ς", "İstanbul ISPARTA ı I", "ǅ ǆ ẞ Straße STRASSE",
    "你好，世界！", "我爱北京天安门 and Beijing", "𠀀𪜀𫝀 astral 漢字", "日本語のテキスト、カタカナ ﾊﾟ が か\u3099", "한국어 텍스트 각 \u1112\u1161\u11ab \u1100\u1161",
    "😀 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ❤️", "x👨‍👩‍👧y", "مرحبا بالعالم ١٢٣", "שלום עולם שָׁלוֹם", "नमस्ते दुनिया क्षि", "สวัสดีชาวโลก น้ำ", "ကမ္ဘာ", "Привет, мир! Ёлка", "Xin chào thế giới",
    "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u0085g\u200bh\ufeffi\u00adj", "\u0000\u0001\u007f\u0080\ufffd ctrl", "zero\u200dwidth\u200cjoin", "tab\tnew\nline\r\nret\rurn", "…—–‘’“”«»•§¶†",
    "1234567890 3.14159 1,000,000 ٣ Ⅳ ①", "user@example.com https://a.b/c?d=e#f", "snake_case camelCase PascalCase kebab-case", "x = y[i] + {'a': 1}; // comment", "    def f(self):\n        return None",
    "#hashtag @mention $100 50% a&b <tag> a|b ^ ~ `q`", "[CLS] [SEP] [MASK] <s> </s> <mask> <unk>", "a[MASK]b  [MASK]  c", "the<mask>the <mask> the", "<|endoftext|>x<|endoftext|>", "unaffable antidisestablishmentarianism",
    "a" * 120, "ab " * 12, "!" * 20, "\u0301\u0300start", "\u0307\u0345 only marks \u093c", "▁already ▁▁ there▁", "##not ##a piece", "Ġ Ċ Ġword", "<0x41><0xE4>", "\U0001d400\U0001d56b math 𝔘𝔫𝔦", "ａｂｃ ＡＢＣ １２３", "\u0e33 \uff9e \u1161 alone",
    "\u2126\u212b\u017f", "a\u034fb", "🤦🏼‍♂️🤷", "क\u094d\u0937", "\u0600\u0661 \u06dd", "Zalgo: H\u0353\u0357e\u0321\u0489y", "mixed עברית and English 中文 عربي", "line\u000bvt\u000cff", "\U000e0041\U000e007f tag", "\U0010ffff \ue000 \u0378",
    "\u05e9\u05c1\u05b8 \u05e9\u05b8\u05c1", "1\u20e3 #\ufe0f\u20e3", "ﷺ", "\u1e9b\u0323", "\u0958 \u2adc", "\u212a\u00b5", "a\u0308\u0304 \u01d5 \u1ea7", "\u11383 \U00011383\U000113c9",
    "The quick brown fox jumps over the lazy dog. The dog sleeps; the fox runs!",
]
SHORT = [1, 6, 7, 11, 13, 15, 16, 17, 19, 21, 22, 23, 24, 26, 28, 29, 33, 34, 36, 38, 53, 55, 61, 62, 66, 70]


def flat(offsets):
    return [unit for pair in offsets for unit in pair]


def write(name, value):
    HERE.mkdir(exist_ok=True)
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n")
    print(name, len(text))


def part(made):
    """The JSON of a normalizer, pre-tokenizer, … as a tokenizer.json has it."""
    return json.loads(made.__getstate__())


def char_tokenizer(normalizer):
    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    return tokenizer


def charsmap():
    for name in ["static-10k-64d", "multilingual-e5-small-q4"]:
        path = MODELS / name / "tokenizer.json"
        if path.exists():
            return json.loads(path.read_text())["normalizer"]["precompiled_charsmap"]
    raise SystemExit("The Precompiled normalizer's map comes from static-10k-64d: npm run models -- static-10k-64d")


def from_json(kind, json_part):
    """A part that has no Python constructor with these fields: through a whole tokenizer.json."""
    base = json.loads(char_tokenizer(None).to_str())
    base[kind] = json_part
    return getattr(Tokenizer.from_str(json.dumps(base)), kind)


NORMALIZERS = [
    normalizers.BertNormalizer(), normalizers.BertNormalizer(lowercase=False), normalizers.BertNormalizer(strip_accents=False), normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False),
    normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents(), normalizers.Strip(), normalizers.Strip(right=False), normalizers.Strip(left=False),
    normalizers.Replace(" ", "▁"), normalizers.Replace("a", "<bc>"), normalizers.Replace(Regex(r"\s{2,}|e"), ""), normalizers.Replace(Regex(r"\d"), "00"), normalizers.Replace(Regex(r"x*"), "-"),
    normalizers.Prepend("▁"), normalizers.Nmt(), normalizers.ByteLevel(),
    normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]), normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase(), normalizers.Prepend("_")]),
    normalizers.Sequence([normalizers.Strip(), normalizers.NFC(), normalizers.ByteLevel()]),
]

LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PATTERNS = [LLAMA3, O200K, r"\w+|[^\w\s]+", r"\p{Han}|[[:alpha:]]++|[[:digit:]&&[^5-9]]+|\h{,2}|(?>a|ab)c", r"^ +|$|\bthe\b|\B1", r"(?i)[a-cä]+|k|σ|[x-z]", r".", r"(?m:.)", r"[^\S\n]+", r"\p{^L}\P{N}", r"[]a]|[a\]-]", r"(?<=o)\s|(?<!l)o(?=r)", r"x?"]
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
PRE_TOKENIZERS = [
    pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(), pre_tokenizers.Digits(individual_digits=True),
    pre_tokenizers.CharDelimiterSplit("e"), pre_tokenizers.UnicodeScripts(), pre_tokenizers.FixedLength(length=3),
    *[pre_tokenizers.Punctuation(behavior=behavior) for behavior in BEHAVIORS],
    *[pre_tokenizers.Split(" ", behavior, invert) for behavior in BEHAVIORS for invert in [False, True]],
    *[pre_tokenizers.ByteLevel(add_prefix_space=space, use_regex=regex) for space in [False, True] for regex in [False, True]],
    *[pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split) for scheme in ["always", "first", "never"] for split in [False, True]],
    pre_tokenizers.Metaspace(replacement="_"),
    pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(True)]),
]


def write_normalizers():
    precompiled = from_json("normalizer", {"type": "Precompiled", "precompiled_charsmap": charsmap()})
    cases = []
    for normalizer in [*NORMALIZERS, precompiled]:
        tokenizer = char_tokenizer(normalizer)
        indices = range(len(TEXTS)) if isinstance(normalizer, (normalizers.NFC, normalizers.NFKD, normalizers.Precompiled)) or normalizer is NORMALIZERS[0] else SHORT
        results = [[i, normalizer.normalize_str(TEXTS[i]), flat(tokenizer.encode(TEXTS[i]).offsets)] for i in indices if len(TEXTS[i]) < 80]
        config = {"type": "Precompiled"} if normalizer is precompiled else part(normalizer)
        cases.append({"json": config, "results": results})
    write("normalizers", {"texts": TEXTS, "cases": cases})


def write_pre_tokenizers():
    cases = []
    for index, pre_tokenizer in enumerate(PRE_TOKENIZERS):
        indices = SHORT if index > 6 else range(len(TEXTS))
        cases.append(pre_case(pre_tokenizer, [i for i in indices if len(TEXTS[i]) < 80]))
    for pattern in PATTERNS:
        try:
            made = pre_tokenizers.Split(Regex(pattern), "isolated")
        except Exception as problem:
            print(pattern, problem)
            continue
        cases.append(pre_case(made, [i for i in range(len(TEXTS)) if len(TEXTS[i]) < 60 and (i % 2 == 0 or pattern in (LLAMA3, O200K))]))
    write("pre-tokenizers", {"texts": TEXTS, "cases": cases})


def pre_case(pre_tokenizer, indices):
    results = []
    for i in indices:
        words = pre_tokenizer.pre_tokenize_str(TEXTS[i])
        results.append([i, [word for word, _ in words], flat([offsets for _, offsets in words])])
    return {"json": part(pre_tokenizer), "results": results}


def whole(encoding):
    return {
        "ids": encoding.ids, "typeIds": encoding.type_ids, "tokens": encoding.tokens, "offsets": flat(encoding.offsets), "wordIds": encoding.word_ids,
        "specialTokensMask": encoding.special_tokens_mask, "attentionMask": encoding.attention_mask, "sequenceIds": encoding.sequence_ids,
        "overflowing": [whole(cut) for cut in encoding.overflowing],
    }


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", ".", ",", "!"]


def word_tokenizer():
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(["[PAD]", "[CLS]", "[SEP]"])
    return tokenizer


def template(single, pair):
    return processors.TemplateProcessing(single=single, pair=pair, special_tokens=[("[CLS]", 2), ("[SEP]", 3)])


PROCESSORS = [
    None, template("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"), template("$A:1 [SEP]:2", "$B:1 [SEP] $A:0"), template("[CLS] $0 [SEP]", "[CLS] $A:0 [SEP] [SEP] $B:0 [SEP]"),
    processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)), processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2)), processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2), trim_offsets=False, add_prefix_space=False),
    processors.ByteLevel(trim_offsets=True), processors.Sequence([processors.ByteLevel(trim_offsets=False), template("[CLS] $A", "[CLS] $A $B:1")]),
]
FIRST, SECOND = "The quick brown fox, jumps over!", "the lazy dog jumps over the quick fox."


def write_encodings():
    cases = []
    for processor in PROCESSORS:
        tokenizer = word_tokenizer()
        if processor is not None:
            tokenizer.post_processor = processor
        base = json.loads(tokenizer.to_str())
        runs = []
        for pair in [None, SECOND]:
            for special in [True, False]:
                runs.append({"pair": pair, "special": special, "result": whole(tokenizer.encode(FIRST, pair, add_special_tokens=special))})
        simple = processor is PROCESSORS[1]
        for strategy in ["longest_first", "only_first", "only_second"] if simple else ["longest_first"]:
            for direction in ["right", "left"] if simple else ["right"]:
                for length, stride in ([(8, 0), (9, 1), (12, 2), (6, 2)] if simple else [(9, 1)]):
                    for pair in [None, SECOND]:
                        tokenizer.enable_truncation(length, stride=stride, strategy=strategy, direction=direction)
                        options = {"maxLength": length, "stride": stride, "strategy": strategy, "side": direction}
                        try:
                            result = whole(tokenizer.encode(FIRST, pair))
                        except BaseException as problem:  # a Rust panic is no Exception
                            result = str(problem)
                        runs.append({"pair": pair, "special": True, "truncation": options, "result": result})
        tokenizer.no_truncation()
        for padding in ([{"length": 20}, {"pad_to_multiple_of": 8, "direction": "left"}, {"length": 4}, {"pad_id": 5, "pad_type_id": 3, "pad_token": "<p>", "length": 16}] if simple else []):
            tokenizer.enable_padding(**padding)
            runs.append({"pair": None, "special": True, "padding": padding, "result": whole(tokenizer.encode(FIRST))})
            tokenizer.no_padding()
        cases.append({"json": base, "runs": runs})
    batch = word_tokenizer()
    batch.post_processor = PROCESSORS[1]
    batch.enable_padding(direction="left")
    batch.enable_truncation(7, stride=1)
    texts = [FIRST, ["the dog", SECOND], "", "fox"]
    encodings = batch.encode_batch([tuple(text) if isinstance(text, list) else text for text in texts])
    write("encodings", {"first": FIRST, "cases": cases, "batch": {"texts": texts, "results": [whole(encoding) for encoding in encodings]}})


def write_decoders():
    word = ["hello", "##ing", "world", "##s", ".", "do", "not", "'", "s", "n't", "##", "", " ,", "[SEP]"]
    byte = ["Hello", "Ġworld", "Ċ", "Ã", "©", "ð", "ŁĺĢ", "Ã", "漢", "<s>"]
    fallback = ["▁a", "<0xE4>", "<0xBD>", "<0xA0>", "x", "<0xE4>", "<0xBD>", "<0x41>", "<0xZZ>", "<0xe9>", "▁▁b", "▁"]
    end = ["hel", "lo</w>", "world</w>", "</w>x</w>"]
    speech = ["<pad>", "h", "h", "e", "l", "<pad>", "l", "o", "|", "|", "w", "<pad>", "'", "s"]
    lists = [word, byte, fallback, end, speech, [""], ["▁▁", "▁the"], ["   x  ", " ", "xxyxx"]]
    made = [
        decoders.WordPiece(), decoders.WordPiece(prefix="#", cleanup=False), decoders.ByteLevel(), decoders.ByteFallback(), decoders.Metaspace(), decoders.Metaspace(prepend_scheme="never"), decoders.Metaspace(replacement="x", prepend_scheme="first"),
        decoders.BPEDecoder(), decoders.BPEDecoder(suffix="lo"), decoders.CTC(), decoders.CTC(cleanup=False), decoders.Fuse(), decoders.Replace("▁", " "), decoders.Replace(Regex(r"[a-l]+"), "_"),
        decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]),
    ]
    cases = [{"json": part(decoder), "results": [[tokens, decoder.decode(tokens)] for tokens in lists]} for decoder in made]
    strip = [["   x  ", "xyx"], ["xx y", "xxyxx"]]
    for decoder in [decoders.Strip(" ", 2, 1), decoders.Strip("x", 1, 2)]:
        cases.append({"json": part(decoder), "results": [[tokens, decoder.decode(tokens)] for tokens in strip]})
    write("decoders", cases)


def write_added_tokens():
    tokenizer = word_tokenizer()
    flags = ["single_word", "lstrip", "rstrip", "normalized", "special"]
    tokenizer.add_tokens([
        AddedToken("<l>", lstrip=True), AddedToken("<r>", rstrip=True), AddedToken("<lr>", lstrip=True, rstrip=True, normalized=False), AddedToken("ABC", single_word=True, normalized=False), AddedToken("Dog", single_word=True),
        AddedToken("do", normalized=True), AddedToken("<long", normalized=False), AddedToken("<longer>", normalized=False), AddedToken("É", normalized=True), AddedToken("😀", normalized=False), AddedToken("quick", normalized=False), AddedToken(" sp ", normalized=False),
    ])
    tokenizer.add_special_tokens([AddedToken("<MASK>", lstrip=True, special=True), AddedToken("<x>", special=True, normalized=True)])
    texts = [
        "the <l> dog", "the<l>dog", "the <r>  dog <r>", "a \u3000<lr> \n b", "ABC abc ABCD xABC _ABC éABC ABC! ABC", "Dog dog DOGS hotdog dog.", "do dog undo", "<long <longer> <longe", "É é e\u0301", "x😀😀y 😀",
        "quick Quick quickly", "a sp b  sp  sp c", "[CLS] the [SEP][PAD]", "[cls]", "the <MASK><MASK> <mask>", "<x><X>", "", "   ", " <l>", "<r> ", "<lr> <lr>", "<l> <MASK>  <r> ABC", "over<lr>\u00a0ABC 𝔸ABC ABC𝔸",
    ]
    results = [[text, *(lambda e: [e.ids, e.tokens, flat(e.offsets), e.word_ids])(tokenizer.encode(text))] for text in texts]
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    decoded = [[skip, tokenizer.decode([0, 4, 15, 16, 21, 27, 28, 99], skip_special_tokens=skip)] for skip in [True, False]]
    write("added-tokens", {"json": json.loads(tokenizer.to_str()), "results": results, "vocabulary": vocabulary, "decoded": decoded, "flags": flags})


CORPUS = [text for text in TEXTS if len(text) > 3] * 3 + [line for line in Path(__file__).read_text().split("\n") if line]


def t5_style():
    """Like T5: Unigram, its Precompiled map (here NFKC), Metaspace, one </s> at the end."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>", "<extra_id_0>"]
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=400, special_tokens=special, unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def llama3_style():
    """Like Llama 3: byte-level BPE with its Split pattern and ignore_merges, <|begin_of_text|> in front."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|eot_id|>"])
    start = ("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", special_tokens=[start])])
    return tokenizer


def llama2_style():
    """Like Llama 2 and Mistral: SentencePiece BPE with byte fallback, "▁" put in front by the normalizer."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>", *[f"<0x{byte:02X}>" for byte in range(256)]]
    tokenizer.train_from_iterator([text for text in CORPUS if text.isascii()], trainers.BpeTrainer(vocab_size=600, special_tokens=special, show_progress=False))
    tokenizer = Tokenizer.from_str(json.dumps({**json.loads(tokenizer.to_str()), "added_tokens": json.loads(tokenizer.to_str())["added_tokens"][:3]}))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return tokenizer


def whole_results(tokenizer, texts):
    results = []
    for text in texts:
        encoding = tokenizer.encode(text)
        results.append([encoding.ids, flat(encoding.offsets), tokenizer.decode(encoding.ids)])
    return results


def write_trained():
    for name, tokenizer in [("t5-style", t5_style()), ("llama3-style", llama3_style()), ("llama2-style", llama2_style())]:
        texts = [text for text in TEXTS if len(text) < 90]
        write(name, {"json": json.loads(tokenizer.to_str()), "texts": texts, "results": whole_results(tokenizer, texts)})


REAL = ["all-MiniLM-L6-v2", "bge-small-zh-v15-onnx", "all-mpnet-base-v2", "multilingual-e5-small-q4", "static-10k-64d", "tokenizer-clip-bpe"]


def write_real():
    results = {}
    for name in REAL:
        tokenizer = Tokenizer.from_file(str(MODELS / name / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        results[name] = {"size": tokenizer.get_vocab_size(), "results": whole_results(tokenizer, TEXTS)}
    write("real", {"texts": TEXTS, "models": results})


if __name__ == "__main__":
    for step in [write_normalizers, write_pre_tokenizers, write_encodings, write_decoders, write_added_tokens, write_trained, write_real]:
        step()

"""Measures, over every code point, what the Rust tokenizers take for punctuation, control, mark, number, word and space.

Python:  python test/golden/tokenizer-unicode.py > /tmp/unicode.json
then:    npx tsx test/golden/tokenizer-unicode.ts /tmp/unicode.json   (writes src/tokenizers/unicode-ranges.ts)
Made with tokenizers 0.22.2.
"""
import json
import sys

from tokenizers import Regex, normalizers, pre_tokenizers

POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges(test):
    found = []
    for point in POINTS:
        if test(chr(point)):
            if found and (found[-1][1] == point - 1 or (found[-1][1] == 0xD7FF and point == 0xE000)):
                found[-1][1] = point
            else:
                found.append([point, point])
    return found


def bert(**on):
    options = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return normalizers.BertNormalizer(**{**options, **on})


space = pre_tokenizers.WhitespaceSplit()
punctuation = pre_tokenizers.Punctuation()
digits = pre_tokenizers.Digits(individual_digits=True)
word = pre_tokenizers.Whitespace()
clean, strip = bert(clean_text=True), bert(strip_accents=True)
accents = normalizers.StripAccents()
nfd, nfkd = normalizers.NFD(), normalizers.NFKD()
scripts = pre_tokenizers.UnicodeScripts()
unassigned = pre_tokenizers.Split(Regex(r"\p{Cn}"), "removed")

result = {
    "space": ranges(lambda c: len(space.pre_tokenize_str(f"a{c}a")) == 2),
    "punctuation": ranges(lambda c: len(punctuation.pre_tokenize_str(f"a{c}a")) == 3),
    "numeric": ranges(lambda c: len(digits.pre_tokenize_str(f"a{c}a")) == 3),
    "word": ranges(lambda c: len(word.pre_tokenize_str(f"a{c}a")) == 1),
    "control": ranges(lambda c: clean.normalize_str(f"a{c}a") == "aa"),
    "mark": ranges(lambda c: accents.normalize_str(f"a{c}a") == "aa"),
    "nonspacing": ranges(lambda c: strip.normalize_str(f"a{c}a") == "aa"),
    # What the newer Unicode of JavaScript decomposes or reorders, and Rust's Unicode 9 tables do not, is found by the .ts script.
    "reorders": ranges(lambda c: nfd.normalize_str(f"a{c}\u0334") != f"a{nfd.normalize_str(c)}\u0334"),
    "decomposes": ranges(lambda c: nfkd.normalize_str(c) != c),
    # A character without a script goes with any that is before.
    "scriptless": ranges(lambda c: all(len(scripts.pre_tokenize_str(f"{before}{c}")) == 1 for before in "aж")),
    "unassigned": ranges(lambda c: not unassigned.pre_tokenize_str(c)),
}
json.dump(result, sys.stdout)

"""Encodes with the Rust tokenizers. Arguments: NAME=PATH of a tokenizer.json each; a request {"tokenizer": NAME, "texts": […]} is
answered with {"ids": […], "offsets": […]}, a list a text, offsets flat and in code points."""
import json
import sys

from tokenizers import Tokenizer

tokenizers = {}
for argument in sys.argv[1:]:
    name, path = argument.split("=", 1)
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizers[name] = tokenizer

for line in sys.stdin:
    request = json.loads(line)
    encodings = tokenizers[request["tokenizer"]].encode_batch(request["texts"])
    answer = {
        "ids": [encoding.ids for encoding in encodings],
        "offsets": [[unit for pair in encoding.offsets for unit in pair] for encoding in encodings],
    }
    print(json.dumps(answer), flush=True)

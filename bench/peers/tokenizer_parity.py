"""Encodes with the Rust tokenizers. Arguments: NAME=PATH each, of a tokenizer.json, or NAME=CLASS:FOLDER, a class of transformers that makes
the Rust tokenizer of the folder's vocabulary files. A request {"tokenizer": NAME, "texts": […]} is answered with
{"ids": […], "offsets": […]}, a list a text, offsets flat and in code points."""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import transformers
from tokenizers import Tokenizer


def load(source):
    name, colon, folder = source.partition(":")
    if colon:
        return getattr(transformers, name).from_pretrained(folder).backend_tokenizer
    return Tokenizer.from_file(source)


tokenizers = {}
for argument in sys.argv[1:]:
    name, source = argument.split("=", 1)
    tokenizer = load(source)
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

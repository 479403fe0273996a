"""Encodes a file's lines with Rust tokenizers on one thread. Request: {"tokenizer": path, "texts": path, "bytes": n, "offsets": bool}; answer: seconds and tokens."""

import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

from tokenizers import Tokenizer  # noqa: E402

tokenizers: dict[str, Tokenizer] = {}
lines: dict[tuple[str, int], list[str]] = {}

for request in map(json.loads, sys.stdin):
    path, texts = request["tokenizer"], (request["texts"], request["bytes"])
    if path not in tokenizers:
        tokenizers[path] = Tokenizer.from_file(path)
        tokenizers[path].no_truncation()
        tokenizers[path].no_padding()
    if texts not in lines:
        with open(texts[0], "rb") as file:
            lines[texts] = file.read(texts[1]).decode(errors="ignore").split("\n")
    tokenizer = tokenizers[path]
    encode = tokenizer.encode_batch if request["offsets"] else tokenizer.encode_batch_fast
    start = time.perf_counter()
    encodings = encode(lines[texts], add_special_tokens=False)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "tokens": sum(len(encoding) for encoding in encodings)}), flush=True)
    del encodings

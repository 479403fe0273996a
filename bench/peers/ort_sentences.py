"""Encodes with Python's onnxruntime and the Rust tokenizers: mean of the tokens, length 1; batches of 32 of the texts sorted by length.
Arguments: a folder that export_onnx.py made, the number of threads.
A request {"texts": […]} is answered with {"seconds", "first": the first text's vector}."""
import json
import sys
import time

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder, threads = sys.argv[1], int(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(f"{folder}/onnx/model.onnx", options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
pad = json.load(open(f"{folder}/config.json"))["pad_token_id"]
tokenizer.enable_padding(pad_id=pad, pad_token=tokenizer.id_to_token(pad))
tokenizer.enable_truncation(json.load(open(f"{folder}/sentence_bert_config.json"))["max_seq_length"])
names = {value.name for value in session.get_inputs()}


def encode(texts):
    order = np.argsort([-len(text) for text in texts], kind="stable")
    vectors = [None] * len(texts)
    for start in range(0, len(texts), 32):
        rows = order[start : start + 32]
        batch = tokenizer.encode_batch([texts[row] for row in rows])
        ids = np.array([encoding.ids for encoding in batch], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in batch], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = session.run(None, {name: feeds[name] for name in names})[0]
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        for row, vector in zip(rows, mean / np.linalg.norm(mean, axis=1, keepdims=True)):
            vectors[row] = vector
    return vectors


for line in sys.stdin:
    texts = json.loads(line)["texts"]
    start = time.perf_counter()
    vectors = encode(texts)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "first": vectors[0].tolist()}), flush=True)

"""Encodes with onnxruntime and the Rust tokenizers: first token, length 1. Argument: a folder with onnx/model.onnx and tokenizer.json.
A request {"texts": […]} is answered with {"vectors": base64 of float32}."""
import base64
import json
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = sys.argv[1]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(f"{folder}/onnx/model.onnx", options, providers=["CPUExecutionProvider"])
names = {value.name for value in session.get_inputs()}
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(512)

for line in sys.stdin:
    texts = json.loads(line)["texts"]
    vectors = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = session.run(None, {name: feeds[name] for name in names})[0]
        vectors.append(hidden[0, 0] / np.linalg.norm(hidden[0, 0]))
    print(json.dumps({"vectors": base64.b64encode(np.array(vectors, dtype="<f4").tobytes()).decode()}), flush=True)

"""Encodes with sentence-transformers, torch's own number of threads. Argument: the model's folder. A request {"texts": […], "vectors": true?}
is answered with {"seconds": …, "vectors": base64 of float32?}."""
import base64
import json
import sys
import time

from sentence_transformers import SentenceTransformer

model = SentenceTransformer(sys.argv[1], device="cpu")
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    vectors = model.encode(request["texts"], show_progress_bar=False)
    answer = {"seconds": time.perf_counter() - start}
    if request.get("vectors"):
        answer["vectors"] = base64.b64encode(vectors.astype("<f4").tobytes()).decode()
    print(json.dumps(answer), flush=True)

"""sentence-transformers 6.2 trains a StaticEmbedding: MultipleNegativesRanking within Matryoshka, by its own trainer with its own defaults.

A request is `{"model": FOLDER, "pairs": JSONL, "count": N, "batch": B, "rate": R, "output": FOLDER?}`. Answers seconds and CPU seconds of `train()`,
steps and mean loss.
"""

import contextlib
import json
import os
import sys
import tempfile
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
from datasets import Dataset, disable_progress_bars
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer import losses

disable_progress_bars()
rows = {}

for line in sys.stdin:
    request = json.loads(line)
    path, count = request["pairs"], request["count"]
    if path not in rows:
        with open(path) as file:
            rows[path] = [json.loads(row) for row in file]
    model = SentenceTransformer(request["model"], device="cpu")
    steps = -(-count // request["batch"])
    arguments = SentenceTransformerTrainingArguments(
        output_dir=tempfile.mkdtemp(),
        num_train_epochs=1,
        per_device_train_batch_size=request["batch"],
        learning_rate=request["rate"],
        warmup_steps=-(-steps // 10),
        lr_scheduler_type="linear",
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(rows[path][:count]),
        loss=losses.MatryoshkaLoss(model, losses.MultipleNegativesRankingLoss(model), [256, 128, 64]),
    )
    wall, cpu = time.perf_counter(), time.process_time()
    # It prints a summary.
    with contextlib.redirect_stdout(sys.stderr):
        result = trainer.train()
    answer = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "steps": steps, "loss": result.training_loss}
    if request.get("output"):
        model.save_pretrained(request["output"], create_model_card=False)
    print(json.dumps(answer), flush=True)

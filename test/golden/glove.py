"""Fixture of src/words/glove: counts and AdaGrad steps of the C tools (github.com/stanfordnlp/GloVe, commit in the fixture).

    SEMSPACE_GLOVE=/path/to/GloVe ~/.cache/semspace/peers/venv/bin/python test/golden/glove.py

The folder is a clone in which `make` was run.
"""

import json
import os
import random
import re
import struct
import subprocess
import tempfile
from pathlib import Path

home = Path(os.environ["SEMSPACE_GLOVE"])
work = Path(tempfile.mkdtemp())
root = Path(__file__).parents[2]


def tool(name, *options, stdin=None):
    result = subprocess.run(
        [home / "build" / name, *map(str, options)], cwd=work, check=True, capture_output=True,
        stdin=open(stdin, "rb") if stdin else None,
    )
    return result.stdout


# Counts: the fables as lines of lower-case words.
lines = []
for path in sorted((root / "examples/texts/fables").glob("*.md")):
    lines += [" ".join(words) for line in path.read_text().splitlines() if (words := re.findall(r"[a-z]+", line.lower()))]
(work / "text").write_text("\n".join(lines) + "\n")
(work / "vocab.txt").write_bytes(tool("vocab_count", "-min-count", 3, stdin=work / "text"))
vocabulary = [line.split()[0] for line in (work / "vocab.txt").read_text().splitlines()]


def counts(*options):
    # With an empty overflow file cooccur counts its first cell twice (merge_files reads a record that is not there).
    raw = tool("cooccur", "-vocab-file", "vocab.txt", "-max-product", 500, "-overflow-length", 1000, *options,
               stdin=work / "text")
    cells = list(struct.iter_unpack("<iid", raw))
    kept = [[a - 1, b - 1, float(f"{x:.8g}")] for a, b, x in cells if a <= 12]
    return {"cells": len(cells), "sum": sum(x for _, _, x in cells), "first": kept}


# Training: a few words, given parameters, cells in a given order.
words, dimensions = 9, 6
random.seed(3)
float32 = lambda x: struct.unpack("<f", struct.pack("<f", x))[0]
start = [float32((random.random() - 0.5)) for _ in range(2 * words * (dimensions + 1))]
cells = [[a, b, float32(10 ** random.uniform(-1, 2))] for a in range(words) for b in range(words) if random.random() < 0.7]
random.shuffle(cells)
(work / "start.bin").write_bytes(struct.pack(f"<{len(start)}d", *start))
(work / "cells").write_bytes(b"".join(struct.pack("<iid", a + 1, b + 1, x) for a, b, x in cells))
(work / "small.txt").write_text("".join(f"w{i} {words - i}\n" for i in range(words)))


def train(clip):
    tool("glove", "-input-file", "cells", "-vocab-file", "small.txt", "-save-file", "out", "-gradsq-file", "squares",
         "-load-init-param", 1, "-init-param-file", "start.bin", "-binary", 1, "-iter", 3, "-threads", 1,
         "-vector-size", dimensions, "-x-max", 10, "-grad-clip", clip, "-eta", 0.05)
    read = lambda name: [float(f"{x:.8g}") for (x,) in struct.iter_unpack("<d", (work / name).read_bytes())]
    return {"clip": clip, "parameters": read("out.bin"), "squares": read("squares.bin")}


commit = subprocess.run(["git", "-C", home, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
Path(__file__).with_suffix(".json").write_text(json.dumps({
    "commit": os.environ.get("SEMSPACE_GLOVE_COMMIT", commit), "lines": lines, "vocabulary": vocabulary,
    "symmetric": counts("-window-size", 10), "oneSided": counts("-window-size", 4, "-symmetric", 0, "-distance-weighting", 0),
    "words": words, "dimensions": dimensions, "epochs": 3, "start": start, "trainingCells": cells,
    "trained": [train(100), train(0.05)],
}) + "\n")

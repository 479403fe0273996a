"""The whole process: open a static model, embed two texts, print their cosine. Arguments: folder, a, b."""

import sys

import numpy as np
from model2vec import StaticModel

folder, *texts = sys.argv[1:]
a, b = StaticModel.from_pretrained(folder).encode(texts)
print(f"{a @ b / np.linalg.norm(a) / np.linalg.norm(b):.4f}")

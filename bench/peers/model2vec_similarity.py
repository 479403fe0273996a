"""The cosine of two texts with model2vec, as a whole process. Arguments: a static model's folder, two texts."""
import sys

import numpy as np
from model2vec import StaticModel

folder, *texts = sys.argv[1:]
a, b = StaticModel.from_pretrained(folder).encode(texts)
print(float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))))

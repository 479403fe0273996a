"""Fixtures of src/words and of the word evaluations: every operation of gensim's KeyedVectors, its evaluations, and its files.

    ~/.cache/semspace/peers/venv/bin/python -P test/golden/word_vectors.py
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
from gensim.models import FastText, KeyedVectors, Word2Vec

random = np.random.default_rng(7)
columns = 8
words = """the of king queen man woman prince princess paris france rome italy berlin germany big bigger small smaller walk walked
    cereal breakfast lunch dinner König naïve 東京 zeros King QUEEN banana""".split()
vectors = random.normal(size=(len(words), columns)).round(3).astype(np.float32)
at = {word: i for i, word in enumerate(words)}


def offset(a, b, c, d, noise):
    """d ≈ c - a + b, so that some analogies can be solved."""
    vectors[at[d]] = (vectors[at[c]] - vectors[at[a]] + vectors[at[b]] + random.normal(size=columns) * noise).round(3)


offset("man", "woman", "king", "queen", 0.1)
offset("man", "woman", "prince", "princess", 0.5)
offset("france", "paris", "italy", "rome", 0.3)
offset("france", "paris", "germany", "berlin", 0.9)
offset("big", "bigger", "small", "smaller", 0.2)

kv = KeyedVectors(columns)
kv.add_vectors(words, vectors)
counts = [1000 - 7 * (i // 2) for i in range(len(words))]
for word, count in zip(words, counts):
    kv.set_vecattr(word, "count", count)


def numbers(values):
    return [float(f"{value:.9g}") for value in np.asarray(values).ravel()]


def neighbors(pairs):
    return [[word, float(f"{score:.9g}")] for word, score in pairs]


def encoded(path):
    return base64.b64encode(Path(path).read_bytes()).decode()


raw = random.normal(size=columns).round(3).astype(np.float32)
doc1, doc2 = "king walked paris king unknown".split(), "queen walk rome berlin queen queen".split()
with np.errstate(all="ignore"):
    operations = {
        "raw": numbers(raw), "doc1": doc1, "doc2": doc2,
        "mostSimilar": neighbors(kv.most_similar("king", topn=5)),
        "analogy": neighbors(kv.most_similar(positive=["king", "woman"], negative=["man"], topn=4)),
        "weighted": neighbors(kv.most_similar(positive=[("king", 0.7), "paris", raw], negative=[("man", -0.2), 5], topn=6)),
        "restricted": neighbors(kv.most_similar("king", topn=4, restrict_vocab=12)),
        "clipped": neighbors(kv.most_similar("king", topn=4, clip_start=8, clip_end=20)),
        "byVector": neighbors(kv.similar_by_vector(raw, topn=3)),
        "all": numbers(kv.most_similar(positive=["rome", "france"], negative=["italy"], topn=None)),
        "cosmul": neighbors(kv.most_similar_cosmul(positive=["king", "woman"], negative=["man"], topn=4)),
        "similarity": float(kv.similarity("king", "queen")), "distance": float(kv.distance("king", "banana")),
        "distances": numbers(kv.distances("king", ["queen", "banana", "rome"])), "allDistances": numbers(kv.distances(raw)),
        "nSimilarity": float(kv.n_similarity(["king", "queen"], ["paris", "rome", "berlin"])),
        "centrality": [[word, float(score)] for score, word in kv.rank_by_centrality("breakfast cereal dinner lunch missing".split())],
        "centralityRaw": [[word, float(score)] for score, word in kv.rank_by_centrality("big small bigger".split(), use_norm=False)],
        "doesntMatch": kv.doesnt_match("king queen prince banana".split()),
        "closerThan": kv.closer_than("king", "walk"), "rank": kv.rank("king", "walk"),
        "given": kv.most_similar_to_given("king", ["walk", "queen", "banana"]),
        "relativeCosine": float(kv.relative_cosine_similarity("king", "queen", topn=5)),
        "wmd": float(kv.wmdistance(doc1, doc2)), "wmdRaw": float(kv.wmdistance(doc1, doc2, norm=False)),
        "mean": numbers(kv.get_mean_vector(["king", "missing", "rome"], weights=[0.5, 3.0, -2.0])),
        "meanRaw": numbers(kv.get_mean_vector(["king", "rome", raw], pre_normalize=False, post_normalize=True)),
        "subset": kv.vectors_for_all(["rome", "missing", "king", "rome"]).index_to_key,
    }
ordered = KeyedVectors(columns)
ordered.add_vectors(words, vectors)
for word, count in zip(words, counts):
    ordered.set_vecattr(word, "count", count)
ordered.sort_by_descending_frequency()
operations["byCount"] = ordered.index_to_key

questions = """: capital-common-countries
France Paris Italy Rome
France Paris Germany Berlin
Italy Rome Germany Berlin
Italy Rome Spain Madrid
: family
man woman king queen
man woman prince princess
king queen prince princess
banana queen prince the
: gram3-comparative
big bigger small smaller
small smaller big bigger
three words only
: gram7-past-tense
walk walked big bigger
walk walked run ran
"""
pairs = """# a comment
king\tqueen\t8.5
King\tman\t7
paris\trome\t6.1
banana\tking\t0.5
walk\twalked\t9
big\tsmall\t5
tokyo\t東京\t10
broken line
breakfast\tcereal\t6.1
"""
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    (folder / "q.txt").write_text(questions)
    (folder / "p.tsv").write_text(pairs)

    def analogies(**options):
        score, sections = kv.evaluate_word_analogies(folder / "q.txt", **options)
        return {"score": score, "sections": [[s["section"], len(s["correct"]), len(s["incorrect"])] for s in sections]}

    def similarity(**options):
        pearson, spearman, oov = kv.evaluate_word_pairs(folder / "p.tsv", **options)
        return {"pearson": float(pearson[0]), "spearman": float(spearman[0]), "oov": oov}

    evaluation = {
        "questions": questions, "pairs": pairs,
        "analogies": analogies(), "analogiesRestricted": analogies(restrict_vocab=15),
        "analogiesCased": analogies(case_insensitive=False), "analogiesDummy": analogies(dummy4unknown=True),
        "similarity": similarity(), "similarityRestricted": similarity(restrict_vocab=24),
        "similarityCased": similarity(case_insensitive=False), "similarityDummy": similarity(dummy4unknown=True),
    }

    small = KeyedVectors(3)
    small.add_vectors(["a", "König", "東京"], np.float32([[1, -2, 0.5], [1e-7, 123456.78, -0.33333334], [0, 3, 4]]))
    for count, word in enumerate(small.index_to_key):
        small.set_vecattr(word, "count", 30 - count)
    small.save_word2vec_format(folder / "text.txt")
    small.save_word2vec_format(folder / "binary.bin", binary=True)
    small.save(str(folder / "plain.kv"))
    small.save(str(folder / "large.kv"), sep_limit=4)
    corpus = [["a", "b", "c", "b"] * 4] * 4
    model = Word2Vec(corpus, vector_size=3, min_count=1, workers=1, seed=1)
    model.save(str(folder / "word2vec.model"))
    fasttext = FastText(corpus + [["abc", "naïve"] * 3], vector_size=3, min_count=1, workers=1, seed=1, bucket=40)
    fasttext.wv.save(str(folder / "fasttext.kv"))
    files = {
        "words": small.index_to_key, "vectors": numbers(small.vectors), "counts": [30, 29, 28],
        "text": (folder / "text.txt").read_text(), "binary": encoded(folder / "binary.bin"),
        "plain": encoded(folder / "plain.kv"), "large": encoded(folder / "large.kv"),
        "largeVectors": encoded(folder / "large.kv.vectors.npy"),
        "word2vec": encoded(folder / "word2vec.model"), "word2vecWords": model.wv.index_to_key, "word2vecVectors": numbers(model.wv.vectors),
        "fasttext": encoded(folder / "fasttext.kv"), "fasttextWords": fasttext.wv.index_to_key,
        "fasttextVectors": numbers(fasttext.wv.vectors), "fasttextUnknown": numbers(fasttext.wv["abcd"]),
    }

target = Path(__file__).with_suffix(".json")
table = {"words": words, "vectors": numbers(vectors), "columns": columns, "counts": counts}
target.write_text(json.dumps({"table": table, "operations": operations, "evaluation": evaluation, "files": files}, ensure_ascii=False) + "\n")

"""sumy and KeyBERT. Requests:
{"task": "lexrank", "sentences": [], "count": n} -> {"chosen": [positions]}: sumy's LexRank over the sentences that our side cut
{"task": "keywords", "text": str, "top": n, "ngrams": [a, b], "diversity": d} -> {"keywords": []}: KeyBERT with MMR
Argument: the folder of the model."""
import json
import re
import sys

from keybert import KeyBERT
from sentence_transformers import SentenceTransformer
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.utils import get_stop_words

model = KeyBERT(model=SentenceTransformer(sys.argv[1], device="cpu"))
summarizer = LexRankSummarizer(Stemmer("english"))
summarizer.stop_words = get_stop_words("english")


class Words:
    """sumy's own tokenizer needs a download; words are its regular expression's."""

    def to_words(self, sentence):
        return tuple(re.findall(r"^[^\W\d_](?:[^\W\d_]|['-])*$|[^\W\d_](?:[^\W\d_]|['-])*", sentence))


def lexrank(request):
    words = Words()
    sentences = [Sentence(text, words) for text in request["sentences"]]
    chosen = summarizer(ObjectDocumentModel([Paragraph(sentences)]), request["count"])
    places = {id(sentence): i for i, sentence in enumerate(sentences)}
    texts = list(request["sentences"])
    return {"chosen": [places.get(id(sentence), texts.index(str(sentence))) for sentence in chosen]}


def keywords(request):
    found = model.extract_keywords(request["text"], keyphrase_ngram_range=tuple(request["ngrams"]), stop_words="english",
                                   use_mmr=True, diversity=request["diversity"], top_n=request["top"])
    return {"keywords": [keyword for keyword, _ in found]}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"lexrank": lexrank, "keywords": keywords}[request["task"]](request)), flush=True)

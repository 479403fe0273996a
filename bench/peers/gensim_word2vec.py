"""gensim 4.4 in its fastest mode (corpus_file) on a corpus with a sentence a line; settings as JSON, vectors in word2vec's binary format."""

import json
import sys

from gensim.models import Word2Vec

corpus, settings, output = sys.argv[1:]
model = Word2Vec(corpus_file=corpus, **json.loads(settings))
model.wv.save_word2vec_format(output, binary=True)

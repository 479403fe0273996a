"""Articles of gensim's shortened Wikipedia dump as {"title", "lead", "body"}, a JSON line each: the first paragraph, and what follows the lead."""
import bz2
import json
import re
from pathlib import Path

import gensim
from gensim.corpora.wikicorpus import extract_pages, filter_wiki

folder = Path(gensim.__file__).parent / "test/test_data"
dump = folder / "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"


def paragraphs(text):
    for line in filter_wiki(text).split("\n"):
        line = re.sub(r"\s+", " ", line.replace("'''", "").replace("''", "")).strip()
        if line and not re.match(r"^[=*#:;|!{}<&]", line) and len(line.split()) >= 20:
            yield line


for title, text, _ in extract_pages(bz2.open(dump), filter_namespaces=("0",)):
    if text.lstrip().upper().startswith("#REDIRECT"):
        continue
    head, *sections = re.split(r"^==[^=].*?==\s*$", text, flags=re.M)
    lead, body = list(paragraphs(head)), [one for section in sections for one in paragraphs(section)]
    if lead and len(lead[0].split()) >= 30 and sum(len(one.split()) for one in body) >= 400:
        print(json.dumps({"title": title, "lead": lead[0], "body": body}))

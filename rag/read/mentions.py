"""All of a kind that articles name at all: 都提到了哪些高新区 asks of none of them what it did.

In go a kind and articles, out come the names that end in it, each with the sentence that names it
first. A name begins with a proper name: 东江高新区 is one, 国家级高新区 is none. Knows nothing of
readers and of what articles tell of the named.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.datatypes import Article, Hit, Passage
from rag.read.kinds import places_of
from rag.read.readings import Reading
from rag.read.roll import Called, Member
from rag.text import Range, fold, sentences

_MOST = 30


def mentioned(kind: str, articles: Iterable[Article]) -> Called:
    """The names of a kind in the order of the articles, each once; the first thirty."""
    found: dict[str, Member] = {}
    for article in articles:
        if len(found) >= _MOST:
            return Called(tuple(found.values())[:_MOST], is_whole=False, are_of_kind=True)
        for sentence in sentences(article.text) if kind in article.text else ():
            text = article.text[sentence.start : sentence.end]
            for place in places_of(text, kind):
                name = text[place.start : place.end]
                found.setdefault(fold(name), Member(name, _reading(article, sentence, place), 1.0))
    return Called(tuple(found.values()), is_whole=True, are_of_kind=True)


def _reading(article: Article, sentence: Range, place: Range) -> Reading:
    """The sentence with the name as the words that answer, as sure as what stands there is."""
    start, end = sentence
    passage = Passage(article.id, article.full_title, "", article.text[start:end], start, end)
    hit = Hit(passage, 1.0, ("terms",), article.source, article.source_spans(start, end))
    words = Range(start + place.start, start + place.end)
    return Reading(hit, article, 0, sentence, words, (), 0.0, 0.0, share=1.0, certainty=1.0)

"""Which articles are on a topic: those about it, or those that tell of it at all.

In go the words of a topic, out come articles. Knows nothing of what is quoted from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from rag.answer.library import Library
from rag.datatypes import Article
from rag.read import Topic, head_of
from rag.retrieve import Searcher

MOST_ARTICLES = 4  # that a topic is summed up from sentence by sentence
_MOST_ABOUT = 12  # that are about it, and are told one by one
_SEARCHED = 30
_LEAST_SHARE = 0.5  # of a topic's words that an article on it holds
_WORDS_OF_DEED = 2


class TopicSearch:
    """Finds articles on topics; its verbs are ``on``, ``of_paper`` and ``in_paper_of``."""

    def __init__(self, library: Library, searcher: Searcher) -> None:
        self._library = library
        self._searcher = searcher

    def found(self, words: str) -> list[Article]:
        """The articles of the best passages for some words, best first."""
        hits = self._searcher.search(words, _SEARCHED)
        ids = dict.fromkeys(hit.passage.article_id for hit in hits)
        return [one for one in map(self._library.get, ids) if one is not None]

    def on(self, words: str, topic: Topic) -> list[Article]:
        """The articles on a topic: at most four, or as many as are about it, with it in their head.

        Those with its owner in the title come before others.
        """
        if not topic.owner and not topic.words:
            dated = self._library.dated(lambda date: _is_of(date, topic))
            return list(islice((one for one in dated if _is_on(one, topic)), _MOST_ABOUT))
        on = [one for one in self.found(words) if _is_on(one, topic)]
        if topic.owner and not topic.words:  # who is named in passing is not what it is about
            on = [one for one in on if topic.is_owner_in(head_of(one))] or on
        on.sort(key=lambda one: not topic.is_owner_in(one.full_title))
        about = [one for one in on if is_about(one, topic)]
        if len(about) > MOST_ARTICLES:
            return about[:_MOST_ABOUT]
        others = [one for one in on if one not in about]
        if about:  # who names it in passing only tells little of it
            others = [one for one in others if topic.is_owner_in(head_of(one))]
        return [*about, *others][:MOST_ARTICLES]

    def of_paper(self, owner: str, topic: Topic) -> list[Article]:
        """The articles of a period that name a town or stand in its paper, in their order."""
        return [
            one
            for one in self._library.dated(lambda date: _is_of(date, topic))
            if _is_on(one, topic) and owner in f"{one.full_title}{one.text}{one.publisher}"
        ]

    def in_paper_of(self, topic: Topic) -> tuple[Sequence[Article], Topic]:
        """The articles on the matter in a paper of the owner's, which need not name its town."""
        bare = replace(topic, owner="")
        found = self.found(topic.matter)
        signed = [one for one in found if topic.is_owner_in(f"{one.byline}{one.publisher}")]
        return [one for one in signed if _is_on(one, bare)][:MOST_ARTICLES], bare


def is_told(articles: Sequence[Article], topic: Topic) -> bool:
    """Whether one of the articles is on the owner, and has all words of the matter."""
    is_bare = bool(topic.owner) and 0 < len(topic.words) <= _WORDS_OF_DEED
    return is_bare and any(
        topic.is_owner_in(head_of(one)) and topic.share_in(one.text) == 1 for one in articles
    )


def is_about(article: Article, topic: Topic) -> bool:
    """Whether title and first sentence name the topic: whose it is and most of its words."""
    head = head_of(article)
    named = topic.share_in(head) >= _LEAST_SHARE if topic.words else True
    return topic.is_owner_in(head) and named


def _is_on(article: Article, topic: Topic) -> bool:
    """Whether an article can be on a topic: its owner and most of its words stand there."""
    told = f"{article.full_title}\n{article.text}"
    named = topic.share_in(told) >= _LEAST_SHARE if topic.words else True
    return topic.is_owner_in(told) and named and _is_of(article.date, topic)


def _is_of(date: str | None, topic: Topic) -> bool:
    """Whether an article of a date can be of the topic's time; without a date it can."""
    return not date or topic.is_of_period("", date)

"""What is answered beside the way of a question: small talk, the library itself, summaries.

In goes a parsed question with a purpose, out comes what is going to be said, with its hits. It
decides nothing about answers from the articles' words: what has no purpose, or names nothing that
is there, is not its business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answer.answerer import Answerer
from rag.answer.heads import Head
from rag.answer.library import Library
from rag.answer.on_topic import MOST_ARTICLES, TopicSearch, is_about, is_told
from rag.answer.quoted import SIGNS
from rag.answer.reply import Reply
from rag.answer.small_talk import reply_to
from rag.answer.summarize import added_chars, signs_added
from rag.ask import LibraryQuestion, Purpose, Question, SmallTalk, SummaryRequest
from rag.datatypes import Article, Evidence, Hit
from rag.models.catalogue import BUILTIN
from rag.passages import split_article
from rag.read import Gist, Reading, Topic, head_of, topic_of
from rag.retrieve import Searcher

_MOST_CHARS = 400
_FEWEST_CHARS = 200
_SHARE = 0.8  # of an article that is short itself
_OVERVIEW = 12  # articles that are told one by one
_CHARS_OF_ONE = 40
_MOST_HITS = 100
_CHARS_OF_EACH = 70  # of a summary of many, title and all
_MOST_OF_EACH = 2  # sentences
_ONE_MATTER = 900  # characters of an article that is of one matter
_LEAST_OF_TITLE = 0.5  # that the name of a paper says of its title
_NO_TOPIC = topic_of("")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is going to be said: a reply, or the points that an answerer is to put into words."""

    hits: tuple[Hit, ...]
    reply: Reply | None = None
    points: tuple[Evidence, ...] = ()

    def stream(
        self, question: Question, answerer: Answerer, *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """The reply as it is, or the points in the answerer's words."""
        if self.reply is None:
            return (yield from answerer.summarize(question, self.points, stop=stop))
        yield self.reply.text
        return self.reply


class Desk:
    """Answers what is no question to the articles' words; see the module."""

    def __init__(self, library: Library, searcher: Searcher, gist: Gist) -> None:
        self._library = library
        self._searcher = searcher
        self._search = TopicSearch(library, searcher)
        self._gist = gist

    def limited(self, admits: Callable[[Head], bool]) -> Desk:
        """The desk of a library that holds only some of the articles."""
        return Desk(self._library.limited(admits), self._searcher, self._gist)

    def holding(self, words: str) -> Iterator[Article]:
        """All articles that hold some words, and others that might, in the order of the corpus."""
        return self._library.holding(words)

    def yields(self, purpose: Purpose) -> bool:
        """Whether the articles' words are asked first; not where an article has the title named."""
        is_titled = isinstance(purpose, LibraryQuestion) and self._library.has_title(purpose.title)
        return purpose.yields and not is_titled

    def prepared(self, question: Question) -> Prepared | None:
        """What is to be said to a question with a purpose; None where it is for the reader."""
        purpose = question.purpose
        if isinstance(purpose, SmallTalk):
            return Prepared((), reply_to(purpose, self._library.titles))
        if isinstance(purpose, LibraryQuestion):
            return self._of_library(purpose, question.before)
        if isinstance(purpose, SummaryRequest):
            return self._of_summary(purpose, question.before)
        return None

    def how(self, question: Question, best: Reading) -> Prepared | None:
        """What the article tells of how something was done, where the reader found that it was.

        None where its sentence does not just name the deed, or the article tells of others, too.
        """
        asked = question.purpose
        if not isinstance(asked, SummaryRequest) or not asked.how or best.saying:
            return None
        topic = topic_of(asked.topic, date.today().isoformat())
        is_its = topic.owner and topic.is_owner_in(head_of(best.article))
        is_deed = topic.matter == asked.how and asked.how in best.text
        if not is_deed or not is_its or len(best.article.text) > _ONE_MATTER:
            return None
        points = self._gist.of(
            [best.article], topic, most_chars=_usual_chars([best.article]), added=signs_added
        )
        return Prepared((best.hit,), points=points) if len(points) > 1 else None

    def _of_library(self, asked: LibraryQuestion, before: str) -> Prepared | None:
        library = self._library
        if asked.is_of_last and (last := self._last(before)):
            library = Library({last.id: last})
        counted = library.answer(asked)
        if counted is None or (asked.yields and counted.reply.outcome != "answered"):
            return None
        told = self._library.read(counted.articles[:_MOST_HITS])
        return Prepared(hits_of(told), counted.reply)

    def _of_summary(self, asked: SummaryRequest, before: str) -> Prepared | None:
        articles, topic = self._chosen(asked, before)
        points = self._points(asked, articles, topic)
        if not points and topic.owner and topic.words:
            articles, topic = self._search.in_paper_of(topic)
            points = self._points(asked, articles, topic)
        if (asked.is_open or asked.how) and not is_told(articles, topic):
            return None
        if points:
            told = {point.article_id for point in points}
            return Prepared(hits_of([one for one in articles if one.id in told]), points=points)
        if asked.yields or (asked.title and not asked.topic):
            return None
        of = f"关于“{asked.topic}”的内容" if asked.topic else "成句的内容"
        text = f"材料里没有找到{of}，没有可以总结的。"
        return Prepared((), Reply("no_evidence", text, model=BUILTIN))

    def _chosen(self, asked: SummaryRequest, before: str) -> tuple[Sequence[Article], Topic]:
        """The articles that are to be summed up, and on which topic."""
        if asked.title:
            one = self._library.titled(asked.title)
            one = one or self._library.named_by(asked.title, _LEAST_OF_TITLE)
            if one or not asked.topic:
                return ((one,) if one else ()), _NO_TOPIC
        if asked.is_of_last and (last := self._last(before)):
            return (last,), _NO_TOPIC
        if not asked.topic:
            return self._library.first(_OVERVIEW), _NO_TOPIC
        meant = self._library.meant_by(asked.topic)
        if not meant and asked.of_articles:
            meant = self._library.signed_by(asked.topic)
        return (meant[:_OVERVIEW], _NO_TOPIC) if meant else self._on_topic(asked)

    def _on_topic(self, asked: SummaryRequest) -> tuple[Sequence[Article], Topic]:
        """The articles on the topic of a request, and the topic as it is looked for in them."""
        topic = topic_of(asked.topic, date.today().isoformat())
        if topic.owner and any(topic.periods) and not topic.words:
            bare = replace(topic, owner="")
            return self._search.of_paper(topic.owner, bare)[:_OVERVIEW], bare
        on = self._search.on(asked.topic, topic)
        if asked.of_articles and (topic.owner or topic.words):
            return [one for one in on if is_about(one, topic)] or on[:1], _NO_TOPIC
        return on, topic

    def _points(
        self, asked: SummaryRequest, articles: Sequence[Article], topic: Topic
    ) -> tuple[Evidence, ...]:
        """What is quoted: of many articles a sentence each, of few what fits the limit."""
        if not articles:
            return ()
        are_apart = len(articles) > 1 and not topic.owner and not topic.words
        if len(articles) > MOST_ARTICLES or are_apart:
            return self._each(asked, articles, topic)
        return self._gist.of(
            articles,
            topic,
            most_chars=asked.most_chars or _usual_chars(articles),
            most_points=asked.most_points,
            added=added_chars if len(articles) > 1 else signs_added,
        )

    def _each(
        self, asked: SummaryRequest, articles: Sequence[Article], topic: Topic
    ) -> tuple[Evidence, ...]:
        """A sentence of each of many articles, and a second one where there is room for it."""
        room = max(asked.most_chars or 0, _MOST_CHARS, _CHARS_OF_EACH * len(articles))
        room -= sum(added_chars(one, True) for one in articles)
        most = _MOST_OF_EACH if len(articles) > MOST_ARTICLES else None
        told: dict[str, Evidence] = {}
        for place, one in enumerate(articles):
            own = max(room // (len(articles) - place), _CHARS_OF_ONE)
            points = self._gist.of(
                [one], topic, most_chars=own, most_points=most, added=signs_added
            )
            room -= sum(len(point.text) + SIGNS for point in points)
            told |= {point.text: point for point in points if point.text not in told}
        return tuple(told.values())[: asked.most_points]

    def _last(self, before: str) -> Article | None:
        """The article that the question of the turn before was answered from."""
        found = self._search.found(before) if before else []
        return found[0] if found else None


def _usual_chars(articles: Sequence[Article]) -> int:
    """How long a summary is when nothing is said of it: shorter than what it sums up."""
    told = sum(len(one.text) for one in articles)
    return min(_MOST_CHARS, max(_FEWEST_CHARS, int(_SHARE * told)))


def hits_of(articles: Sequence[Article]) -> tuple[Hit, ...]:
    """A hit for each of the articles, its first passage; no ranking found them."""
    found = []
    for article in articles[:_MOST_HITS]:
        passages = split_article(article)
        if passages:
            first = passages[0]
            spans = article.source_spans(first.start, first.end)
            found.append(Hit(first, 1.0, (), article.source, spans))
    return tuple(found)

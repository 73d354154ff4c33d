"""What is answered beside the way of a question: small talk, the library itself, summaries.

In goes a parsed question with a purpose, out comes what is going to be said, with its hits. It
decides nothing about answers from the articles' words: what has no purpose, or names nothing that
is there, is not its business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answer.answerer import Answerer
from rag.answer.library import Library
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
_MOST_ARTICLES = 4  # that a topic is summed up from
_OVERVIEW = 12  # articles that are told one by one
_CHARS_OF_ONE = 40
_MOST_HITS = 100
_SEARCHED = 30
_LEAST_SHARE = 0.5  # of a topic's words that an article on it holds
_ONE_MATTER = 900  # characters of an article that is of one matter
_WORDS_OF_DEED = 2
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
        self._gist = gist

    def limited(self, admits: Callable[[Article], bool]) -> Desk:
        """The desk of a library that holds only some of the articles."""
        kept = {one.id: one for one in self._library.articles if admits(one)}
        return Desk(Library(kept), self._searcher, self._gist)

    def yields(self, purpose: Purpose) -> bool:
        """Whether the articles' words are asked first; not where an article has the title named."""
        is_titled = isinstance(purpose, LibraryQuestion) and self._library.has_title(purpose.title)
        return purpose.yields and not is_titled

    def prepared(self, question: Question) -> Prepared | None:
        """What is to be said to a question with a purpose; None where it is for the reader."""
        purpose = question.purpose
        if isinstance(purpose, SmallTalk):
            titles = [one.full_title for one in self._library.articles]
            return Prepared((), reply_to(purpose, titles))
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
        return Prepared(hits_of(counted.articles), counted.reply)

    def _of_summary(self, asked: SummaryRequest, before: str) -> Prepared | None:
        articles, topic = self._chosen(asked, before)
        points = self._points(asked, articles, topic)
        if not points and topic.owner and topic.words:
            articles, topic = self._in_paper_of(topic)
            points = self._points(asked, articles, topic)
        if (asked.is_open or asked.how) and not _is_told(articles, topic):
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
            return self._library.articles[:_OVERVIEW], _NO_TOPIC
        if meant := self._library.meant_by(asked.topic):
            return meant[:_OVERVIEW], _NO_TOPIC
        topic = topic_of(asked.topic, date.today().isoformat())
        on = self._on(asked.topic, topic)
        if asked.of_articles and (topic.owner or topic.words):
            return [one for one in on if _is_about(one, topic)] or on[:1], _NO_TOPIC
        return on, topic

    def _in_paper_of(self, topic: Topic) -> tuple[Sequence[Article], Topic]:
        """The articles on the matter in a paper of the owner's, which need not name its town."""
        bare = replace(topic, owner="")
        found = self._found(topic.matter, _SEARCHED)
        signed = [one for one in found if topic.is_owner_in(f"{one.byline}{one.publisher}")]
        return [one for one in signed if _is_on(one, bare)][:_MOST_ARTICLES], bare

    def _on(self, words: str, topic: Topic) -> list[Article]:
        """The articles on a topic: those with its owner in the title before others."""
        if topic.owner or topic.words:
            found = self._found(words, _SEARCHED)
        else:
            found = list(self._library.articles)
        on = [one for one in found if _is_on(one, topic)]
        if topic.owner and not topic.words:  # who is named in passing is not what it is about
            on = [one for one in on if topic.is_owner_in(head_of(one))] or on
        if not topic.owner and not topic.words:
            return on[:_OVERVIEW]
        on.sort(key=lambda one: not topic.is_owner_in(one.full_title))
        about = [one for one in on if _is_about(one, topic)]
        if len(about) > _MOST_ARTICLES:
            return about[:_OVERVIEW]
        others = [one for one in on if one not in about]
        if about:  # who names it in passing only tells little of it
            others = [one for one in others if topic.is_owner_in(head_of(one))]
        return [*about, *others][:_MOST_ARTICLES]

    def _points(
        self, asked: SummaryRequest, articles: Sequence[Article], topic: Topic
    ) -> tuple[Evidence, ...]:
        """What is quoted: of many articles a sentence each, of few what fits the limit."""
        if not articles:
            return ()
        if len(articles) > _MOST_ARTICLES or (len(articles) > 1 and not asked.topic):
            room = max(asked.most_chars or 0, _MOST_CHARS) // len(articles) - SIGNS
            room = max(room, _CHARS_OF_ONE)
            each = [self._gist.of([one], topic, most_chars=room, most_points=1) for one in articles]
            told = {point.text: point for points in reversed(each) for point in points}
            return tuple(reversed(told.values()))[: asked.most_points]
        return self._gist.of(
            articles,
            topic,
            most_chars=asked.most_chars or _usual_chars(articles),
            most_points=asked.most_points,
            added=added_chars if len(articles) > 1 else signs_added,
        )

    def _last(self, before: str) -> Article | None:
        """The article that the question of the turn before was answered from."""
        found = self._found(before, _SEARCHED) if before else []
        return found[0] if found else None

    def _found(self, words: str, most: int) -> list[Article]:
        """The articles of the best passages for some words, best first."""
        by_id = {one.id: one for one in self._library.articles}
        hits = self._searcher.search(words, most)
        ids = dict.fromkeys(hit.passage.article_id for hit in hits)
        return [by_id[article_id] for article_id in ids if article_id in by_id]


def _usual_chars(articles: Sequence[Article]) -> int:
    """How long a summary is when nothing is said of it: shorter than what it sums up."""
    told = sum(len(one.text) for one in articles)
    return min(_MOST_CHARS, max(_FEWEST_CHARS, int(_SHARE * told)))


def _is_told(articles: Sequence[Article], topic: Topic) -> bool:
    """Whether one of the articles is on the owner, and has all words of the matter."""
    is_bare = bool(topic.owner) and 0 < len(topic.words) <= _WORDS_OF_DEED
    return is_bare and any(
        topic.is_owner_in(head_of(one)) and topic.share_in(one.text) == 1 for one in articles
    )


def _is_about(article: Article, topic: Topic) -> bool:
    """Whether title and first sentence name the topic: whose it is and most of its words."""
    head = head_of(article)
    is_told = not topic.words or topic.share_in(head) >= _LEAST_SHARE
    return topic.is_owner_in(head) and is_told


def _is_on(article: Article, topic: Topic) -> bool:
    """Whether an article can be on a topic: its owner and most of its words stand there."""
    told = f"{article.full_title}\n{article.text}"
    is_told = not topic.words or topic.share_in(told) >= _LEAST_SHARE
    is_of_period = not article.date or topic.is_of_period("", article.date)
    return topic.is_owner_in(told) and is_told and is_of_period


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

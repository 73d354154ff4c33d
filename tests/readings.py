"""Articles, hits and readings made by hand, for the tests of reading and answering."""

from __future__ import annotations

from rag.articles import article_from_text
from rag.ask import Aim, Part, Question, Wording
from rag.datatypes import Article, Hit, Passage
from rag.models.reader import Turn
from rag.read import Judged, Reading
from rag.text import Range, sentences


def article_of(
    text: str, title: str = "", *, date: str | None = None, source: str = "a.txt"
) -> Article:
    plain = article_from_text(f"{source}#1", title, text, source)
    return Article(plain.id, title, source, plain.text, plain.spans, date=date)


def hit_of(article: Article, start: int = 0, end: int | None = None, score: float = 1.0) -> Hit:
    end = len(article.text) if end is None else end
    passage = Passage(article.id, article.title, "", article.text[start:end], start, end)
    return Hit(passage, score, ("terms",), article.source, article.source_spans(start, end))


def reading_of(
    article: Article,
    *words: str,
    hit: Hit | None = None,
    answers: float = 3.0,
    share: float = 0.9,
    certainty: float = 0.9,
    place: int = 0,
) -> Reading:
    """The sentence of an article that holds some words, as the reader would see it.

    Several words are the members of a list, in their order.
    """
    first = article.text.index(words[0])
    sentence = next(s for s in sentences(article.text) if s.start <= first < s.end)
    at, found = sentence.start, []
    for word in words:
        at = article.text.index(word, at)
        found.append(Range(at, at + len(word)))
    return Reading(
        hit=hit or hit_of(article),
        article=article,
        place=place,
        sentence=sentence,
        words=Range(found[0].start, found[-1].end),
        members=tuple(found),
        answers=answers,
        odds=answers,
        share=share,
        certainty=certainty,
    )


def judged_of(*readings: Reading, is_believed: bool = True) -> Judged:
    return Judged(Turn("问"), readings, 0.9 if is_believed else 0.1, is_believed)


def question_of(*asked: str, aim: Aim = "facts", left_out: int = 0) -> Question:
    """A question for so many facts, each labelled by what stands before a colon."""
    parts = []
    for one in asked:
        label, _, rest = one.rpartition("：")
        parts.append(Wording((rest,), Turn(rest), label))
    typed = "；".join(asked)
    return Question(typed, typed, typed, tuple(parts), aim, left_out)


def part(question: str, label: str = "", before: int | None = None) -> Part:
    return Part(question, label, before)

"""The shipped evidence stage on paragraphs that are given: what it would quote, say and believe.

For measuring only; knows nothing of the sets it is measured on. It stands here because it reaches
into ``rag``, which ``eval`` does not; it is the one module here that ``eval`` imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.articles import article_from_text
from rag.datatypes import Article, Hit
from rag.evidence import Finding, builtin_chooser
from rag.evidence.short_answer import tidied
from rag.passages import split_article


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that is given, with the score that its search would have."""

    title: str
    text: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the evidence stage makes of the paragraphs given.

    ``sentences`` are best first; ``guess`` is the short answer where none may be withheld;
    ``answerable`` is the gate's probability.
    """

    sentences: tuple[str, ...]
    guess: str
    answerable: float


class ParagraphReader:
    """Reads given paragraphs for a question with the shipped scorers; its verb is ``read``."""

    def __init__(self) -> None:
        self._chooser = builtin_chooser()

    def read(self, question: str, paragraphs: Sequence[Paragraph]) -> Reading:
        """What is found in the paragraphs, the first of which would be the best hit."""
        articles: dict[str, Article] = {}
        hits: list[Hit] = []
        for number, one in enumerate(paragraphs, start=1):
            article = article_from_text(f"{number}#1", one.title, one.text, str(number))
            articles[article.id] = article
            hits += [
                Hit(passage, one.score, ("terms",), article.source, ())
                for passage in split_article(article)
            ]
        finding = self._chooser.find(question, hits, articles)
        sentences = tuple(candidate.text for candidate in finding.candidates)
        return Reading(sentences, best_guess(finding), finding.answerable)


def best_guess(finding: Finding) -> str:
    """The short answer that the program would give if it had to give one; empty without text."""
    if not finding.candidates:
        return ""
    best = finding.candidates[0]
    fact = tidied(finding.view, best.standard, finding.guesses[0].range)
    return best.text[fact.start : fact.end]

"""Ranks the sentences of the hits for a question and asks the gate about the best.

Knows nothing of how an answer is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Evidence, Hit
from rag.evidence.aboutness import tells_of_another
from rag.evidence.candidates import Candidate, gather
from rag.evidence.features import QuestionView
from rag.evidence.gate import GATE_FEATURES, gate_row, is_about, probability
from rag.evidence.period import names_another_period
from rag.evidence.plainly import cause_before, plainly_told
from rag.evidence.quoting import quoted_range
from rag.evidence.reading import Guess, ReadSentences, SentenceReader, builtin_sentence_reader
from rag.evidence.short_answer import find_short_answer
from rag.evidence.untold import OF_OTHERS, untold_share
from rag.models.scorer import Scorer, builtin_scorer
from rag.models.term_weights import TermWeights, builtin_term_weights
from rag.queries import Query, analyse
from rag.retriever import is_shown
from rag.text import Range, fold

Floats = NDArray[np.float32]
# A lead in the reader's ranks (natural log of odds) under which its first choice was the right one
# for fewer than half of the held-out questions (docs/experiments.md).
_CLOSE_CALL = 1.0
# Of the gate's probability, where a lock is shut: such evidence is still more or less likely, and
# never as likely as the threshold asks by default.
_SHUT = 0.1
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one asked-for fact: its sentences, best first, and the gate's word.

    ``guesses`` are the words of each that would answer; ``answerable`` is the probability that the
    first sentence holds the answer.
    """

    query: Query
    view: QuestionView
    candidates: tuple[Candidate, ...]
    scores: tuple[float, ...]
    guesses: tuple[Guess, ...]
    answerable: float

    @property
    def nearest_title(self) -> str:
        """The title of the article that came nearest, or empty."""
        return self.candidates[0].article.full_title if self.candidates else ""

    @property
    def is_close_call(self) -> bool:
        """Whether the second sentence is nearly as good, so that either may hold the answer."""
        if len(self.scores) < 2 or self.scores[0] - self.scores[1] >= _CLOSE_CALL:
            return False
        return untold_share(self.query, self.candidates[1]) < 1

    def with_first(self, place: int, fact: Range | None = None) -> Finding:
        """The same with another sentence first, which tells what was sought beyond doubt.

        ``fact`` are its words that answer. Without them it was sought whether it tells it, not for
        a fact in it: no words answer.
        """
        order = [place, *(i for i in range(len(self.candidates)) if i != place)]
        guesses = [self.guesses[i]._replace(probability=0.0) for i in order]
        if fact is not None:
            guesses[0] = guesses[0]._replace(range=fact, probability=1.0)
        return replace(
            self,
            candidates=tuple(self.candidates[i] for i in order),
            scores=(max(self.scores) + _CLOSE_CALL, *(self.scores[i] for i in order[1:])),
            guesses=tuple(guesses),
            answerable=1.0,
        )

    def quote(self, max_chars: int, place: int = 0) -> tuple[Evidence, str | None]:
        """A sentence by its place, or whole clauses of it, and the bare fact if one stands out."""
        chosen = self.candidates[place]
        fact = find_short_answer(self.view, chosen.standard, self.guesses[place])
        quoted = quoted_range(self.view, chosen.standard, fact, max_chars)
        is_kept = fact is not None and quoted.start <= fact.start and fact.end <= quoted.end
        short = chosen.text[fact.start : fact.end] if fact and is_kept else None
        return _evidence(chosen, quoted, self.scores[place]), short


class EvidenceChooser:
    """Ranks candidate sentences with the shipped reader and scorer.

    The reader's embedder is the built-in one, whichever embedder made the index.
    """

    def __init__(self, reader: SentenceReader, gate: Scorer, weights: TermWeights) -> None:
        self._reader = reader
        self._gate = gate
        self._weights = weights

    def find(self, question: str, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Finding:
        """Rank the sentences of the hits for a stand-alone question that asks for one fact."""
        query = analyse(question)
        view = QuestionView.of(query, self._weights)
        candidates = gather(hits, articles)
        if not candidates:
            return Finding(query, view, (), (), (), 0.0)
        read = self._reader.read(view, candidates)
        order = _order(query, candidates, read.ranks)
        answerable = self._answerable(view, candidates[order[0]], read.among(order))
        finding = Finding(
            query=query,
            view=view,
            candidates=tuple(candidates[i] for i in order),
            scores=tuple(float(read.ranks[i]) for i in order),
            guesses=tuple(read.guesses[i] for i in order),
            answerable=answerable,
        )
        return _by_how_it_is_built(finding)

    def _answerable(self, view: QuestionView, best: Candidate, read: ReadSentences) -> float:
        """The probability that the first of what was read answers; next to none where it cannot.

        The more of what is asked it knows nothing of, the surer the gate has to be.
        """
        found = probability(float(self._gate.score(gate_row(view, best, read, 0)[None])[0]))
        can_answer = is_about(view, best) and found > untold_share(view.query, best)
        return found if can_answer else found * _SHUT


def builtin_chooser() -> EvidenceChooser:
    """The chooser with the shipped reader, gate and term weights."""
    gate = builtin_scorer("gate", GATE_FEATURES)
    return EvidenceChooser(builtin_sentence_reader(), gate, builtin_term_weights())


def _order(query: Query, candidates: Sequence[Candidate], ranks: Floats) -> list[int]:
    """The places of the candidates, best first, without those that are no rivals of the best.

    Such are copies, sentences of another year or another subject and, of those nearly as good as
    the best, any that know nothing of what is asked; unless all are such.
    """
    order = _distinct(candidates, np.argsort(-ranks, kind="stable").tolist())
    order = [i for i in order if not names_another_period(query, candidates[i])] or order
    order = [i for i in order if not tells_of_another(query, candidates[i])] or order
    close = [i for i in order if ranks[order[0]] - ranks[i] < _CLOSE_CALL]
    unknowing = {i for i in close if untold_share(query, candidates[i]) >= OF_OTHERS}
    return [i for i in order if i not in unknowing or len(unknowing) == len(close)]


def _by_how_it_is_built(finding: Finding) -> Finding:
    """The finding, led by the sentence that plainly tells what was asked, where there is one.

    The reader's own first choice stays where the gate is sure of it.
    """
    query, candidates = finding.query, finding.candidates
    plain = plainly_told(query, candidates) if finding.answerable < _SURE else None
    if plain and is_about(finding.view, candidates[plain.place]):
        return finding.with_first(plain.place, plain.fact)
    cause = cause_before(query, candidates)
    return finding if cause is None else finding.with_first(cause)


def _distinct(candidates: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """The order without sentences that were there before: a copy, edited or not, is no rival."""
    kept: dict[str, int] = {}
    for place in order:
        candidate, words = candidates[place], fold(candidates[place].text)
        shown = ((candidates[k].article.id, text) for text, k in kept.items())
        if words not in kept and not is_shown(words, candidate.hit.also_in, shown):
            kept[words] = place
    return list(kept.values())


def strongest(findings: Iterable[Finding], count: int) -> list[Evidence]:
    """The best whole sentences of all findings in turn, each once, at most ``count``."""
    queues = [
        [
            _evidence(c, Range(0, len(c.text)), s)
            for c, s in zip(f.candidates, f.scores, strict=True)
        ]
        for f in findings
    ]
    chosen: dict[str, Evidence] = {}
    for rank in range(max(map(len, queues), default=0)):
        for queue in queues:
            if rank < len(queue) and len(chosen) < count:
                chosen.setdefault(fold(queue[rank].text), queue[rank])
    return list(chosen.values())


def _evidence(candidate: Candidate, part: Range, score: float) -> Evidence:
    article, start, end = (
        candidate.article,
        candidate.start + part.start,
        candidate.start + part.end,
    )
    return Evidence(
        article_id=article.id,
        title=article.full_title,
        source=article.source,
        text=article.text[start:end],
        start=start,
        end=end,
        source_spans=article.source_spans(start, end),
        score=score,
        date=article.date,
    )

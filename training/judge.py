"""Calibrate the judge: which hit answers, and how likely does its best sentence?

In go the question lists of held-out sources and the exported reader, out come two regressions: over
``rag.read.readings.HIT_FEATURES``, that a hit answers, which ranks the hits; and over
``rag.read.judge.JUDGE_FEATURES``, that the best sentence of the best hit does. Printed is the risk
at each coverage. Run it after ``training.reader_export``. Knows nothing of the threshold, nor of
what is answered below it.

`python -m training.judge [--work DIR] [--out FOLDER]`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.articles import article_from_text
from rag.datatypes import Article, Hit, Passage
from rag.models.reader import OnnxReader, PassageScores, Reader, Shown, Turn
from rag.models.weights import WEIGHTS
from rag.read.judge import JUDGE_FEATURES, judge_row
from rag.read.readings import HIT_FEATURES, Reading, ScoredHit, hit_rows, readings_of
from rag.text import as_read
from training.arguments import step_parser
from training.logistic import Fit, fitted
from training.question_lists import FILE, ListedPassage, QuestionList, read_lists

Floats = NDArray[np.float64]
_HITS = 10  # as many as the program reads
_THRESHOLDS = tuple(n / 20 for n in range(1, 16))


@dataclass(frozen=True, slots=True)
class ReadList:
    """A question list as it was read; ``rows`` are ``HIT_FEATURES`` of its hits."""

    passages: tuple[ListedPassage, ...]
    hits: tuple[Hit, ...]
    scores: tuple[PassageScores, ...]
    rows: Floats

    @classmethod
    def of(cls, one: QuestionList, reader: Reader) -> ReadList:
        """The first hits of a list, read."""
        passages = one.passages[:_HITS]
        shown = [Shown(passage.context, as_read(passage.text).text) for passage in passages]
        scores = tuple(reader.read(Turn(one.question, one.history), shown))
        hits = tuple(_hit(number, passage) for number, passage in enumerate(passages))
        return cls(passages, hits, scores, hit_rows(hits, scores).astype(np.float64))

    def readings(self, odds: Floats) -> list[Reading]:
        """What the program would make of the hits, best first, before any check."""
        scored = [
            ScoredHit(hit, _article(hit), place, scores, one)
            for place, (hit, scores, one) in enumerate(
                zip(self.hits, self.scores, odds.tolist(), strict=True)
            )
        ]
        return readings_of(scored)


def read_all(lists: Iterable[QuestionList], reader: Reader) -> list[ReadList]:
    """Each list that has hits, read."""
    return [ReadList.of(one, reader) for one in lists if one.passages]


def fit_hits(read: Sequence[ReadList]) -> Fit:
    """How likely a hit answers, by what the reader and the search make of it."""
    labels = [float(bool(passage.spans)) for one in read for passage in one.passages]
    return fitted(np.concatenate([one.rows for one in read]), np.asarray(labels))


def judge_rows(read: Sequence[ReadList], hits: Fit) -> tuple[Floats, Floats]:
    """For each list the features of its best sentence, and 1 where that answers.

    A list of whose hits no sentence can be read is left out.
    """
    rows, labels = [], []
    for one in read:
        readings = one.readings(hits.log_odds(one.rows))
        if readings:
            rows.append(judge_row(readings[0]))
            labels.append(answers(one.passages[readings[0].place], readings[0]))
    return np.asarray(rows, np.float64), np.asarray(labels, np.float64)


def answers(passage: ListedPassage, reading: Reading) -> bool:
    """Whether the sentence holds words that answer."""
    start, end = reading.sentence
    return any(a < end and start < b for a, b in passage.spans)


def _hit(number: int, listed: ListedPassage) -> Hit:
    """A listed passage as a hit of an article that holds nothing else."""
    passage = Passage(f"{number}#1", "", "", listed.text, 0, len(listed.text))
    return Hit(passage, listed.score, (), str(number), ())


def _article(hit: Hit) -> Article:
    return article_from_text(hit.passage.article_id, "", hit.passage.text, hit.source)


def risks(shares: Floats, labels: Floats, thresholds: Sequence[float]) -> list[str]:
    """At each threshold how many are answered, and how many of these wrongly."""
    lines = []
    for one in thresholds:
        is_answered = shares >= one
        wrong = 1 - labels[is_answered].mean() if is_answered.any() else 0.0
        lines.append(f"{one:.2f}: answered {is_answered.mean():.3f}, of these wrong {wrong:.3f}")
    return lines


def main() -> None:
    """Read the arguments, fit, print the curve of risk and coverage, save."""
    parser = step_parser(__doc__)
    parser.add_argument("--most", type=int, default=2500, help="held-out questions to fit on")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="holds reader, gets judge")
    given = parser.parse_args()
    held_out = (one for one in read_lists(given.work / FILE) if one.is_held_out)
    read = read_all(islice(held_out, given.most), OnnxReader.load(given.out / "reader"))
    hits = fit_hits(read)
    rows, labels = judge_rows(read, hits)
    judge = fitted(rows, labels)
    print(f"{len(rows)} questions, {labels.mean():.3f} of the best sentences answer")
    for names, fit in ((HIT_FEATURES, hits), (JUDGE_FEATURES, judge)):
        told = zip(names, fit.weights, strict=True)
        print("  " + ", ".join(f"{name} {weight:+.3f}" for name, weight in told))
    print("\n".join(risks(judge.probabilities(rows), labels, _THRESHOLDS)), flush=True)
    hits.save(given.out / "hits", HIT_FEATURES)
    judge.save(given.out / "judge", JUDGE_FEATURES)


if __name__ == "__main__":
    main()

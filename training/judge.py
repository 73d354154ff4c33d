"""Calibrate the judge: how likely is it that the best sentence of a question's hits answers?

In go the question lists of held-out sources and the exported reader, out come the weights of a
logistic regression over ``rag.read.judge.JUDGE_FEATURES``, and the risk at each coverage. Run it
after ``training.reader_export``. Knows nothing of the threshold, nor of what is answered below it.

`python -m training.judge [--work DIR] [--out FOLDER]`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.articles import article_from_text
from rag.datatypes import Article, Hit, Passage
from rag.models.reader import OnnxReader, Reader, Shown, Turn
from rag.models.weights import WEIGHTS
from rag.read.judge import JUDGE_FEATURES, judge_row
from rag.read.readings import Reading, readings_of
from training.arguments import step_parser
from training.question_lists import FILE, ListedPassage, QuestionList, read_lists
from training.scorers import save_arrays

Floats = NDArray[np.float64]
_HITS = 8
_ROUNDS = 50
_RIDGE = 1.0
_LEAST_SCALE = 1e-6
_THRESHOLDS = tuple(n / 20 for n in range(1, 16))


class Fit(NamedTuple):
    """A logistic regression over features of the given mean and scale, all of shape (features,)."""

    weights: Floats
    offset: float
    mean: Floats
    scale: Floats

    def probabilities(self, rows: Floats) -> Floats:
        """Of shape (rows,), for features of shape (rows, features)."""
        return _logistic((rows - self.mean) / self.scale @ self.weights + self.offset)


def rows_of(lists: Iterable[QuestionList], reader: Reader) -> tuple[Floats, Floats]:
    """For each list the features of its best sentence, and 1 where that answers.

    A list of whose hits no sentence can be read is left out.
    """
    rows, labels = [], []
    for one in lists:
        passages = one.passages[:_HITS]
        readings = _read(one, passages, reader)
        if readings:
            rows.append(judge_row(readings))
            labels.append(answers(passages[readings[0].place], readings[0]))
    return np.asarray(rows, np.float64), np.asarray(labels, np.float64)


def _read(one: QuestionList, passages: Sequence[ListedPassage], reader: Reader) -> list[Reading]:
    """What the program would read of these hits, best first, before any check."""
    if not passages:
        return []
    shown = [Shown(passage.context, passage.text) for passage in passages]
    scored = reader.read(Turn(one.question, one.history), shown)
    pairs = [_hit(number, passage) for number, passage in enumerate(passages)]
    return readings_of([hit for hit, _ in pairs], [owner for _, owner in pairs], scored)


def answers(passage: ListedPassage, reading: Reading) -> bool:
    """Whether the sentence holds words that answer."""
    start, end = reading.sentence
    return any(a < end and start < b for a, b in passage.spans)


def _hit(number: int, listed: ListedPassage) -> tuple[Hit, Article]:
    """A listed passage as a hit, in an article that holds nothing else."""
    article = article_from_text(f"{number}#1", "", listed.text, str(number))
    passage = Passage(article.id, "", "", listed.text, 0, len(listed.text))
    return Hit(passage, listed.score, (), article.source, ()), article


def fitted(rows: Floats, labels: Floats) -> Fit:
    """The ridge logistic regression of labels, 0 or 1, by Newton's method."""
    mean, scale = rows.mean(0), rows.std(0) + _LEAST_SCALE
    inputs = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([_RIDGE] * rows.shape[1] + [0.0])
    for _ in range(_ROUNDS):
        share = _logistic(inputs @ weights)
        slope = inputs.T @ (share - labels) + ridge @ weights
        curve = (inputs * (share * (1 - share))[:, None]).T @ inputs + ridge
        weights -= np.linalg.solve(curve, slope)
    return Fit(weights[:-1], float(weights[-1]), mean, scale)


def _logistic(log_odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-log_odds))
    return found


def risks(shares: Floats, labels: Floats, thresholds: Sequence[float]) -> list[str]:
    """At each threshold how many are answered, and how many of these wrongly."""
    lines = []
    for one in thresholds:
        is_answered = shares >= one
        wrong = 1 - labels[is_answered].mean() if is_answered.any() else 0.0
        lines.append(f"{one:.2f}: answered {is_answered.mean():.3f}, of these wrong {wrong:.3f}")
    return lines


def save(fit: Fit, folder: Path) -> None:
    """Write a fit where the program looks for it, as a ``rag.models.scorer.Scorer``."""
    arrays = {
        "output": fit.weights,
        "offset": np.asarray(fit.offset),
        "mean": fit.mean,
        "scale": fit.scale,
    }
    rounded = {name: array.astype(np.float32) for name, array in arrays.items()}
    save_arrays(rounded, folder, JUDGE_FEATURES)


def main() -> None:
    """Read the arguments, fit, print the curve of risk and coverage, save."""
    parser = step_parser(__doc__)
    parser.add_argument("--most", type=int, default=2500, help="held-out questions to fit on")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="holds reader, gets judge")
    given = parser.parse_args()
    reader = OnnxReader.load(given.out / "reader")
    held_out = (one for one in read_lists(given.work / FILE) if one.is_held_out)
    rows, labels = rows_of(islice(held_out, given.most), reader)
    fit = fitted(rows, labels)
    print(f"{len(rows)} questions, {labels.mean():.3f} of the best sentences answer")
    for name, weight in zip(JUDGE_FEATURES, fit.weights, strict=True):
        print(f"  {name} {weight:+.3f}")
    print("\n".join(risks(fit.probabilities(rows), labels, _THRESHOLDS)), flush=True)
    save(fit, given.out / "judge")


if __name__ == "__main__":
    main()

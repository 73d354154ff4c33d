"""Calibrate the judge: how likely is it that the best sentence of a question's hits answers?

In go the question lists of held-out sources and the shipped reader, out come the weights of a
logistic regression over ``rag.read.judge.JUDGE_FEATURES``, and the risk at each coverage. Run it
after ``training.reader_export``.

`python -m training.judge --work DIR [--out FOLDER]`
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.articles import article_from_text
from rag.datatypes import Hit, Passage
from rag.models.reader import OnnxReader, Shown, Turn
from rag.read.judge import JUDGE_FEATURES, judge_row
from rag.read.readings import Reading, readings_of
from training.question_lists import FILE, ListedPassage, QuestionList, read_lists
from training.scorers import save_arrays

Floats = NDArray[np.float64]
_HITS = 8
_ROUNDS = 50
_RIDGE = 1.0


def rows_of(lists: Iterable[QuestionList], reader: OnnxReader) -> tuple[Floats, Floats]:
    """For each list the features of its best sentence, and 1 where that answers."""
    rows, labels = [], []
    for one in lists:
        passages = one.passages[:_HITS]
        if not passages:
            continue
        shown = [Shown(passage.context, passage.text) for passage in passages]
        scored = reader.read(Turn(one.question, one.history), shown)
        pairs = [_hit(number, passage) for number, passage in enumerate(passages)]
        readings = readings_of([hit for hit, _ in pairs], [owner for _, owner in pairs], scored)
        if readings:
            rows.append(judge_row(readings))
            labels.append(answers(passages[readings[0].place], readings[0]))
    return np.asarray(rows, np.float64), np.asarray(labels, np.float64)


def answers(passage: ListedPassage, reading: Reading) -> bool:
    """Whether the sentence holds words that answer."""
    start, end = reading.sentence
    return any(a < end and start < b for a, b in passage.spans)


def _hit(number: int, listed: ListedPassage):  # type: ignore[no-untyped-def]
    article = article_from_text(f"{number}#1", "", listed.text, str(number))
    passage = Passage(article.id, "", "", listed.text, 0, len(listed.text))
    return Hit(passage, listed.score, (), article.source, ()), article


def fitted(rows: Floats, labels: Floats) -> tuple[Floats, float, Floats, Floats]:
    """Weights, offset, mean and scale of a ridge logistic regression, by Newton's method."""
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    inputs = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([_RIDGE] * rows.shape[1] + [0.0])
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (share - labels) + ridge @ weights
        curve = (inputs * (share * (1 - share))[:, None]).T @ inputs + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights[:-1], float(weights[-1]), mean, scale


def risks(shares: Floats, labels: Floats, thresholds: Sequence[float]) -> list[str]:
    """At each threshold how many are answered, and how many of these wrongly."""
    lines = []
    for one in thresholds:
        is_answered = shares >= one
        wrong = 1 - labels[is_answered].mean() if is_answered.any() else 0.0
        lines.append(f"{one:.2f}: answered {is_answered.mean():.3f}, of these wrong {wrong:.3f}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--most", type=int, default=2500)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "rag/weights")
    given = parser.parse_args()
    reader = OnnxReader.load(given.out / "reader")
    held = [one for one in read_lists(given.work / FILE) if one.is_held_out][: given.most]
    rows, labels = rows_of(held, reader)
    weights, offset, mean, scale = fitted(rows, labels)
    shares = 1 / (1 + np.exp(-((rows - mean) / scale @ weights + offset)))
    print(f"{len(rows)} questions, {labels.mean():.3f} of the best sentences answer")
    for name, weight in zip(JUDGE_FEATURES, weights, strict=True):
        print(f"  {name} {weight:+.3f}")
    print("\n".join(risks(shares, labels, [n / 20 for n in range(1, 16)])))
    arrays = {"output": weights, "offset": np.asarray(offset), "mean": mean, "scale": scale}
    save_arrays(
        {n: a.astype(np.float32) for n, a in arrays.items()}, given.out / "judge", JUDGE_FEATURES
    )


if __name__ == "__main__":
    main()

"""Measure the evidence ranker: `python -m training.measure_evidence --data DIR`.

Sentence hit@1 and hit@2 on `cmrc2018.dev` and `drcd.dev` (simplified), the gold paragraph given:
does the first, or one of the first two, of its sentences hold an answer. Both splits are for
measuring only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.evidence.features import FEATURES
from rag.models.scorer import builtin_scorer
from training.data import read_questions, simplified
from training.evidence import hit_at
from training.evidence_data import Example, Pool, summary


def gold_examples(folder: Path, split: str) -> list[Example]:
    """Each question of a split with the sentences of its own paragraph."""
    rows = simplified(read_questions(folder, split))
    pool = Pool(rows)
    examples = (
        pool.example(row.question, row, pool.sentences(pool.gold_hits(row))) for row in rows
    )
    return [example for example in examples if example.is_gold.any()]


def main() -> None:
    """Read the arguments and print a line a split."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    ranker = builtin_scorer("evidence_ranker", FEATURES)
    arguments = parser.parse_args()
    for split in ("cmrc2018.dev", "drcd.dev"):
        examples = gold_examples(arguments.data, split)
        figures = {"questions": len(examples)}
        hits = {f"hit@{n}": hit_at(ranker, examples, n) for n in (1, 2)}
        print(split, summary(figures | hits), flush=True)


if __name__ == "__main__":
    main()

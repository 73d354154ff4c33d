"""Measure the built-in embedder: does a question find its gold paragraph among thousands?

`python -m training.measure_embedder --data DIR --model DIR` prints R@1 and R@10 on the dev
questions of CMRC 2018 and DRCD over the pool of distinct paragraphs of CMRC dev and trial and
DRCD dev and test, DRCD converted to simplified characters. The model is read with numpy,
tokenizers and safetensors alone. This module does not know how the model was trained.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpora.questions import QuestionRow, read_questions, simplified
from rag.models.embedder import BUILTIN_FOLDER, StaticEmbedder

Matrix = NDArray[np.float32]

POOL_SPLITS: Final = ("cmrc2018.dev", "cmrc2018.trial", "drcd.dev", "drcd.test")
DEV_SPLITS: Final = ("cmrc2018.dev", "drcd.dev")


def recall_at(
    queries: Matrix, passages: Matrix, gold: Sequence[int], cutoffs: Sequence[int]
) -> dict[int, float]:
    """Give the share of queries whose gold passage is among the `k` nearest, for each cutoff."""
    scores = queries @ passages.T
    own = scores[np.arange(len(gold)), np.asarray(gold)]
    ranks = (scores > own[:, None]).sum(axis=1)  # 0 is best
    return {k: float((ranks < k).mean()) for k in cutoffs}


def measure_rows(
    model: StaticEmbedder, rows: Sequence[QuestionRow], pool: Sequence[str]
) -> dict[int, float]:
    """Give R@1 and R@10 of questions whose contexts are all in `pool`."""
    place = {context: index for index, context in enumerate(pool)}
    gold = [place[row.context] for row in rows]
    questions = model.embed_passages([row.question for row in rows])
    return recall_at(questions, model.embed_passages(pool), gold, (1, 10))


def main() -> None:
    """Measure from the command line and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=BUILTIN_FOLDER)
    arguments = parser.parse_args()
    splits = {split: read_questions(arguments.data / f"{split}.jsonl.gz") for split in POOL_SPLITS}
    for split in POOL_SPLITS:
        if split.startswith("drcd"):
            splits[split] = simplified(splits[split])
    pool = list(dict.fromkeys(row.context for split in POOL_SPLITS for row in splits[split]))
    start = time.perf_counter()
    model = StaticEmbedder.load(arguments.model)
    load_ms = (time.perf_counter() - start) * 1000
    report: dict[str, object] = {
        "pool": len(pool),
        "dimension": model.dimension,
        "load_ms": round(load_ms, 1),
    }
    for split in DEV_SPLITS:
        figures = measure_rows(model, splits[split], pool)
        report[split] = {f"R@{k}": round(100 * value, 1) for k, value in figures.items()}
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""The published question sets as far as they may be trained on.

In goes the data folder; out come rows in the order of the files. Which DRCD test rows may be
trained on is decided here; no row shares a run of characters with an article held out
(``corpora.held_out``). Knows nothing of models or benchmarks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from corpora.held_out import HeldOut
from corpora.questions import QuestionRow, read_questions, simplified


def read_training_questions(folder: Path, *, held_out: HeldOut | None = None) -> list[QuestionRow]:
    """Read every question row that may be trained on.

    These are `cmrc2018.train`, `cmrc2018.trial` and the rows of `drcd.test` whose article
    isn't in `drcd.dev`; no dev row. DRCD stays in traditional characters, and is held against the
    articles held out (None: the folder's own) in simplified ones.
    """
    kept_back = HeldOut.of(folder) if held_out is None else held_out
    rows = [*_read(folder, "cmrc2018.train"), *_read(folder, "cmrc2018.trial")]
    drcd = allowed_drcd_test(_read(folder, "drcd.test"), _read(folder, "drcd.dev"))
    pairs = [*zip(rows, rows, strict=True), *zip(drcd, simplified(drcd), strict=True)]
    return [row for row, plain in pairs if not kept_back.shares_run(plain.context, plain.question)]


def _read(folder: Path, split: str) -> list[QuestionRow]:
    return read_questions(folder / f"{split}.jsonl.gz")


def allowed_drcd_test(test: Iterable[QuestionRow], dev: Iterable[QuestionRow]) -> list[QuestionRow]:
    """Keep the rows of `test` whose article title no row of `dev` has."""
    reserved = {row.title for row in dev}
    return [row for row in test if row.title not in reserved]


def split_by_context(
    rows: Iterable[QuestionRow], *, held_out_percent: int
) -> tuple[list[QuestionRow], list[QuestionRow]]:
    """Split rows into (kept, held out) by a hash of the context, so no passage is on both sides."""
    kept: list[QuestionRow] = []
    held_out: list[QuestionRow] = []
    for row in rows:
        digest = hashlib.sha256(row.context.encode("utf-8")).digest()
        bucket = int.from_bytes(digest[:4], "big") % 100
        (held_out if bucket < held_out_percent else kept).append(row)
    return kept, held_out

"""Six questions for who sees a corpus for the first time, each tried and found to be answered.

In go a pipeline over the corpus and the folder of its index, out come questions; they are kept
beside the index for as long as its articles stay the same. Knows nothing of how a question is
worded (``rag.index.sample_questions``) or answered.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.chatbot import ChatPipeline
from rag.datatypes import Article
from rag.errors import RagError
from rag.index.generations import SAMPLES
from rag.index.sample_questions import Draft, drafts

logger = logging.getLogger(__name__)
COUNT = 6
_MOST_TRIED = 24
_MOST_SECONDS = 15.0
_LEAST_PROBABILITY = 0.6
_VERSION = 1  # raised whenever the same articles would give other questions
Progress = Callable[[int, int], None]


def sample_questions(
    pipeline: ChatPipeline, folder: Path, *, progress: Progress | None = None
) -> tuple[str, ...]:
    """At most six questions that the corpus answers; made once and kept in ``folder``.

    ``progress(done, total)`` counts the questions that were found. Fewer come of a corpus that
    states few facts; what time cut short or cannot be kept is made anew the next time.
    """
    digest = _digest(pipeline.articles)
    kept = _kept(folder / SAMPLES, digest)
    if kept is None:
        kept, is_whole = _answered(pipeline, progress)
        if is_whole:
            _keep(folder / SAMPLES, digest, kept)
    return kept


def _answered(pipeline: ChatPipeline, progress: Progress | None) -> tuple[tuple[str, ...], bool]:
    """The first drafts that are answered from where they were made; whether the time was enough."""
    found: list[Draft] = []
    is_whole = True
    begun = time.monotonic()
    for draft in drafts(pipeline.articles)[:_MOST_TRIED]:
        if time.monotonic() - begun > _MOST_SECONDS:
            is_whole = False
            break
        if is_answered(pipeline, draft) and not _is_alike(draft, found):
            found.append(draft)
            if progress:
                progress(len(found), COUNT)
        if len(found) == COUNT:
            break
    return tuple(draft.question for draft in found), is_whole


def is_answered(pipeline: ChatPipeline, draft: Draft) -> bool:
    """Whether a draft is answered, surely, and by the words that it asks for."""
    try:
        judged = pipeline.read(draft.question)
    except RagError:
        return False
    one = judged[0]
    if len(judged) > 1 or not one.is_believed or one.probability < _LEAST_PROBABILITY:
        return False
    best, (low, high) = one.readings[0], draft.fact
    if best.article.id != draft.article_id:
        return False
    if draft.kind == "reason":
        return best.sentence.start < draft.end and draft.start < best.sentence.end
    return best.words.start < high and low < best.words.end


def _is_alike(draft: Draft, found: Sequence[Draft]) -> bool:
    """Whether a question asks what another one asks, or of the same sentence."""
    return any(
        draft.question == other.question
        or (draft.article_id == other.article_id and draft.start == other.start)
        for other in found
    )


def _digest(articles: Sequence[Article]) -> str:
    digest = hashlib.sha256(f"samples/{_VERSION}".encode())
    for article in articles:
        digest.update(f"\0{article.id}\0{article.text}".encode())
    return digest.hexdigest()


def _kept(path: Path, digest: str) -> tuple[str, ...] | None:
    """The questions kept for these articles; None when there are none, or they cannot be read."""
    try:
        kept = json.loads(path.read_bytes())
        if kept["digest"] == digest:
            return tuple(map(str, kept["questions"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.debug("%s: %s", path, error)
    return None


def _keep(path: Path, digest: str, questions: Sequence[str]) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"digest": digest, "questions": list(questions)}
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        logger.warning("样例问题存不进 %s（%s）", path, error.strerror)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()

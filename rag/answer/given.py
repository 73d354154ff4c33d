"""What a chat model is given to read: sentences with their neighbours, the likeliest first.

In go judged readings, out come pieces of the material, each of one article, within a number of
characters. Knows nothing of prompts; which sentence is likelier than another is the reader's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.answer.cell import cell_evidence
from rag.datatypes import Article, Evidence
from rag.read import Judged, Reading, evidence_of, lead_of
from rag.text import Range, fold, sentences

# By the time that a prompt takes a CPU, not yet held against other sizes in quality.
MOST_CHARS = 450
_FAR_BELOW = 8.0  # log-odds under the likeliest sentence, under which none is given
_LEAD_CHARS = 40


@dataclass(frozen=True, slots=True)
class Given:
    """A numbered piece of the material as a model reads it: ``text`` under ``title``.

    ``evidence`` are its sentences one by one, which an answer can cite; ``part`` is the number,
    from 0, of the part of the question that it is for. ``title`` is the article's, or where it has
    none the beginning of its first sentence.
    """

    evidence: tuple[Evidence, ...]
    text: str
    title: str
    date: str | None = None
    part: int = 0

    @classmethod
    def of(cls, evidence: Evidence) -> Given:
        """A piece that is one sentence."""
        return cls((evidence,), evidence.text, evidence.title, evidence.date)


@dataclass(slots=True)
class _Stretch:
    """Sentences of one passage, next to one another or not, while they are being chosen."""

    reading: Reading
    part: int
    chosen: set[Range] = field(default_factory=set)

    def given(self) -> Given:
        article = self.reading.article
        saying = self.reading.saying
        if saying:
            cells = cell_evidence(article, (saying.cell, *saying.heads))
            told = self.reading.told
            return Given(tuple(cells), told, _title_of(article, told), article.date, self.part)
        evidence = tuple(evidence_of(self.reading, one) for one in sorted(self.chosen))
        text = "".join(_parted(evidence))
        return Given(evidence, text, _title_of(article, text), article.date, self.part)


def given_to_model(judged: Sequence[Judged], most_chars: int = MOST_CHARS) -> list[Given]:
    """The likeliest sentences of all parts in turn, each with those beside it in its passage.

    Together at most ``most_chars`` long; the first is given however long it is. A sentence that
    several articles print is given once.
    """
    stretches: list[_Stretch] = []
    seen: set[str] = set()
    room = most_chars
    for reading, part in _in_turn(judged):
        wanted = _beside(reading)
        fresh = [one for one in wanted if fold(_text_of(reading, one)) not in seen]
        if reading.sentence not in fresh:
            continue
        for chosen in (fresh, [reading.sentence]):
            length = sum(one.end - one.start for one in chosen)
            if length <= room or not stretches:
                _add(stretches, reading, part, chosen)
                seen.update(fold(_text_of(reading, one)) for one in chosen)
                room -= length
                break
        if room <= 0:
            break
    return [one.given() for one in stretches]


def _in_turn(judged: Sequence[Judged]) -> Iterator[tuple[Reading, int]]:
    """The readings of all parts by rank, without those far below the best of their part."""
    for rank in range(max((len(one.readings) for one in judged), default=0)):
        for part, one in enumerate(judged):
            if rank >= len(one.readings):
                continue
            if one.readings[0].score - one.readings[rank].score <= _FAR_BELOW:
                yield one.readings[rank], part


def _beside(reading: Reading) -> list[Range]:
    """The sentence of a reading and the one on either side of it in its passage."""
    if reading.saying:
        return [reading.sentence]
    passage = reading.hit.passage
    found = [
        Range(start + passage.start, end + passage.start) for start, end in sentences(passage.text)
    ]
    at = next((n for n, one in enumerate(found) if one.end > reading.sentence.start), None)
    if at is None:
        return [reading.sentence]
    return [*found[max(at - 1, 0) : at], reading.sentence, *found[at + 1 : at + 2]]


def _add(stretches: list[_Stretch], reading: Reading, part: int, chosen: Iterable[Range]) -> None:
    """Put sentences with those of the same passage that were chosen before, or by themselves."""
    for one in stretches:
        is_same = one.reading.hit is reading.hit and one.part == part
        if is_same and not one.reading.saying and not reading.saying:
            one.chosen.update(chosen)
            return
    stretches.append(_Stretch(reading, part, set(chosen)))


def _parted(evidence: Sequence[Evidence]) -> Iterator[str]:
    """The sentences with a sign where something between two of them was left out."""
    end = evidence[0].start
    for one in evidence:
        yield f"……{one.text}" if one.start > end + 1 else one.text
        end = one.end


def _title_of(article: Article, text: str) -> str:
    """The title, or the beginning of the story where it has none and the text lacks that."""
    lead = lead_of(article)
    if article.full_title or lead in text:
        return article.full_title
    return lead if len(lead) <= _LEAD_CHARS else f"{lead[:_LEAD_CHARS]}…"


def _text_of(reading: Reading, found: Range) -> str:
    return reading.article.text[found.start : found.end]

"""The nouns of articles: a story with its map back to the file it came from.

Knows nothing of passages, questions or answers.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

from rag.datatypes.tables import Table

SourceSpans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A run of article text that stands unchanged in the source.

    ``text[start:start + length] == source[source_start:source_start + length]``.
    """

    start: int
    source_start: int
    length: int


@dataclass(frozen=True, slots=True)
class Article:
    """One story with its map back to the file it came from.

    ``id`` is ``source#n``; ``date`` is ``YYYY[-MM[-DD]]`` or None. Blocks of ``text`` are parted
    by one newline that belongs to no span; every visible character belongs to one. ``publisher``
    is the newspaper or site that the file or the story itself names. ``tables`` are in the order of
    the text. ``page_starts`` is where in the source each page of a file with pages begins.
    """

    id: str
    title: str
    source: str
    text: str
    spans: tuple[TextSpan, ...]
    subtitle: str = ""
    headings: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    byline: str = ""
    date: str | None = None
    publisher: str = ""
    tables: tuple[Table, ...] = ()
    page_starts: tuple[int, ...] = ()

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line, as a reader would name the article."""
        return f"{self.title} {self.subtitle}".strip()

    def source_spans(self, start: int, end: int) -> SourceSpans:
        """Where ``text[start:end]`` stands in the source, in article order, neighbours merged."""
        pieces: list[tuple[int, int]] = []
        first = max(bisect_right(self.spans, start, key=attrgetter("start")) - 1, 0)
        for position in range(first, len(self.spans)):
            span = self.spans[position]
            if span.start >= end:
                break
            low, high = max(start, span.start), min(end, span.start + span.length)
            if low >= high:
                continue
            shift = span.source_start - span.start
            if pieces and pieces[-1][1] == low + shift:
                pieces[-1] = (pieces[-1][0], high + shift)
            else:
                pieces.append((low + shift, high + shift))
        return tuple(pieces)

    def page_at(self, start: int) -> int | None:
        """The page of the file, from 1, that ``text[start]`` is printed on; None without pages."""
        spans = self.source_spans(start, start + 1)
        if not self.page_starts or not spans:
            return None
        return bisect_right(self.page_starts, spans[0][0])


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file of the corpus folder that could not be read, and why, in Chinese."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, the encoding it was decoded from, and what of it was not read.

    ``encoding`` is empty for formats that know their own; ``remarks`` are lines in Chinese.
    """

    source: str
    encoding: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles of a folder, with the files they came from and the files left out.

    ``digest`` changes whenever a file of the folder, or the way it is read, does.
    """

    articles: tuple[Article, ...]
    digest: str
    files: tuple[SourceFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()

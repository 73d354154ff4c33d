"""Articles to passages: cut on sentence ends, title and heading carried along.

Knows nothing of vectors, terms or questions.
"""

from __future__ import annotations

from rag.datatypes import Article, Passage
from rag.text import Range, sentences

DEFAULT_PASSAGE_CHARS = 240


def split_article(article: Article, *, passage_chars: int = DEFAULT_PASSAGE_CHARS) -> list[Passage]:
    """The passages of an article, in order, each within one section and at most ``passage_chars``.

    Whole sentences are packed greedily; a single longer sentence is cut at the limit. Every
    sentence of the article stands in exactly one passage.
    """
    found: list[Passage] = []
    for heading, section in _sections(article):
        for start, end in _packed(article.text, section, passage_chars):
            found.append(
                Passage(
                    article.id, article.full_title, heading, article.text[start:end], start, end
                )
            )
    return found


def _sections(article: Article) -> list[tuple[str, Range]]:
    """Headings with the range of text under each, the heading line included."""
    starts: list[tuple[int, str]] = [(0, "")]
    position = 0
    wanted = set(article.headings)
    for line in article.text.split("\n"):
        plain = next((form for form in (line.strip(), line.strip("# ")) if form in wanted), None)
        if plain:
            starts.append((position, plain))
        position += len(line) + 1
    ends = [start for start, _ in starts[1:]] + [len(article.text)]
    return [
        (heading, Range(start, end))
        for (start, heading), end in zip(starts, ends, strict=True)
        if start < end
    ]


def _packed(text: str, section: Range, limit: int) -> list[Range]:
    packed: list[Range] = []
    for piece in _pieces(text, section, limit):
        if packed and piece.end - packed[-1].start <= limit:
            packed[-1] = Range(packed[-1].start, piece.end)
        else:
            packed.append(piece)
    return packed


def _pieces(text: str, section: Range, limit: int) -> list[Range]:
    """Sentences of a section, those over the limit cut into stretches of it."""
    pieces: list[Range] = []
    for sentence in sentences(text[section.start : section.end]):
        start, end = section.start + sentence.start, section.start + sentence.end
        stretches = (Range(a, min(a + limit, end)) for a in range(start, end, limit))
        pieces.extend(stretch for stretch in stretches if text[slice(*stretch)].strip())
    return pieces

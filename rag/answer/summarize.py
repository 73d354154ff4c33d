"""A summary without a chat model: telling sentences quoted word for word, each cited.

In go stretches of articles in their order, out come claims. Those of several articles stand under
the titles, a line each. Knows nothing of how the sentences were chosen.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from rag.answer.quoted import claim_of
from rag.answer.reply import Reply
from rag.datatypes import Article, Citation, Claim, Evidence

_TITLE_CHARS = 40
_MARKER_CHARS = 4


def quoted_points(points: Sequence[Evidence], model: str) -> Generator[str, None, Reply]:
    """The summary sentence by sentence; the generator's value is the Reply."""
    claims: list[Claim] = []
    citations: list[Citation] = []
    written: list[str] = []
    for claim, piece in _worded(points, citations):
        claims.append(claim)
        written.append(piece)
        yield piece
    return Reply(
        "answered", "".join(written), claims=tuple(claims), citations=tuple(citations), model=model
    )


def _worded(
    points: Sequence[Evidence], citations: list[Citation]
) -> Generator[tuple[Claim, str], None, None]:
    """Each claim, and what is shown of it: on a new line where another article begins."""
    has_several = len({point.article_id for point in points}) > 1
    before = ""
    for point in points:
        begins = has_several and point.article_id != before
        title = point.title or point.source
        claim = claim_of(f"《{title[:_TITLE_CHARS]}》：" if begins else "", point, citations)
        yield claim, f"\n{claim.text}" if begins and before else claim.text
        before = point.article_id


def added_chars(article: Article, is_first: bool) -> int:
    """How many characters a point of one of several articles gets beside its own."""
    title = article.full_title or article.source
    return _MARKER_CHARS + (min(len(title), _TITLE_CHARS) + 3 if is_first else 0)


def signs_added(article: Article, is_first: bool) -> int:
    """How many a point gets where there is one article."""
    return _MARKER_CHARS

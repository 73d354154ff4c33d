"""Where the stories of a page begin.

A trained scorer looks at every gap between neighbouring units and says whether a story begins
there; what is printed between two such gaps is a piece. Knows nothing of which pieces belong
together, nor of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag.articles.blocks import Block
from rag.articles.gap_features import GAP_FEATURES, gap_rows
from rag.articles.page_view import Floats
from rag.articles.units import PageUnits
from rag.models.scorer import builtin_scorer

_MAX_HEADLINE = 3  # lines
_SURE = 6.0  # log-odds of what the signs on the page leave no doubt of
_HOPELESS = -6.0  # log-odds that they do not make up for: 据…报道 stands within texts, too


@dataclass(frozen=True, slots=True)
class Piece:
    """Units printed one after another that are one story, and how sure it is that one begins.

    ``is_headed``: a headline stands above a byline or a dateline where it begins.
    """

    units: tuple[int, ...]
    start_logit: float
    is_headed: bool = False


def find_pieces(page: PageUnits, threshold: float) -> list[Piece]:
    """Runs of units between the gaps where a story begins.

    A headline set above a byline or a dateline begins one, unless the scorer is sure it does not.
    """
    logits = np.append(_SURE, gap_logits(page))
    headed = [at for at in _signed_headlines(page.first_blocks, logits) if logits[at] > _HOPELESS]
    logits[headed] = np.maximum(logits[headed], _SURE)
    starts = _chosen_starts(page, logits - np.log(threshold / (1 - threshold)))
    edges = [0, *_with_text(page, starts), len(page)]
    return [
        # Not only right at its beginning: a column's name may stand above the first headline.
        Piece(tuple(range(a, b)), float(logits[a]) if a else 0.0, any(a <= h < b for h in headed))
        for a, b in pairwise(edges)
    ]


def gap_logits(page: PageUnits) -> Floats:
    """For each unit but the first, the log-odds that a story begins with it."""
    if len(page) < 2:
        return np.zeros(0, dtype=np.float32)
    return builtin_scorer("stories", GAP_FEATURES).score(gap_rows(page))


def _chosen_starts(page: PageUnits, gains: Floats) -> list[int]:
    """The units that begin a story: of the gaps between two bodies of text at most one."""
    starts: list[int] = []
    region: list[int] = []
    for place in range(1, len(page)):
        if page.is_body[place - 1]:
            region = []
        region.append(place)
        if page.is_body[place] or place == len(page) - 1:
            best = max(region, key=lambda at: gains[at])
            if gains[best] > 0:
                starts.append(best)
    return starts


def _with_text(page: PageUnits, starts: Sequence[int]) -> list[int]:
    """The starts, without the first when nothing but lines (a column's name, say) is above it."""
    has_text = bool(starts) and bool(page.is_body[: starts[0]].any())
    return list(starts) if has_text else list(starts[1:])


def _signed_headlines(blocks: Sequence[Block], logits: Floats) -> list[int]:
    """Where the headlines above bylines and datelines begin: up to three lines.

    Lines without a gap are one headline. Those above a gap may be more of it, or the end of the
    story before (names, a caption): the scorer says which of them it is likeliest to begin with.
    """
    found = []
    for place, block in enumerate(blocks):
        if block.kind != "byline" and not block.has_dateline:
            continue
        first = place
        while first > 0 and place - first < _MAX_HEADLINE and _may_be_headline(blocks[first - 1]):
            first -= 1
        begins = [at for at in range(first, place) if at == first or blocks[at].gap > 1]
        if begins:
            found.append(max(begins, key=lambda at: float(logits[at])))
    return found


def _may_be_headline(block: Block) -> bool:
    return block.may_be_headline and not block.holds_only_names

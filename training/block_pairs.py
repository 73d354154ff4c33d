"""Pairs of blocks of made pages, as the reader's encoder learns them.

In go news that may be trained on, laid out as pages (`training.layout`), out comes a file of pairs:
the end of a block, the beginning of another one, whether both are of one story and whether the
second goes on with the first's sentence. Knows nothing of networks.

`python -m training.block_pairs --data DIR [--work DIR]`
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from corpora.newspaper_pages import NewspaperPage
from rag.models.pairing import BLOCK_CHARS
from rag.text import standard_form
from training.arguments import step_parser
from training.layout import Stories, mixed_pages
from training.question_lists import write_lines

FILE = "block_pairs.jsonl.gz"
_FURNITURE = -1  # its story
_RIVALS = 2  # blocks that a broken one is held against beside the one that goes on
_APART = 3  # pairs of a page that stand anywhere on it


class BlockPair(NamedTuple):
    """What ends the upper block and begins the lower, in standard form; what is true of both."""

    upper: str
    lower: str
    is_one_story: bool
    goes_on: bool


def pairs_of(page: NewspaperPage, draw: random.Random) -> list[BlockPair]:
    """Neighbours, halves of sentences with rivals, and blocks that stand apart."""
    blocks = page.blocks
    places = range(len(blocks))
    goes_on = set(page.continued())
    chosen = set(pairwise(places)) | goes_on
    for upper, _ in goes_on:
        chosen |= {(upper, other) for other in draw.choices(places, k=_RIVALS)}
    if places:
        chosen |= {(draw.choice(places), draw.choice(places)) for _ in range(_APART)}
    return [
        BlockPair(
            standard_form(blocks[a].text)[-BLOCK_CHARS:],
            standard_form(blocks[b].text)[:BLOCK_CHARS],
            blocks[a].story == blocks[b].story,
            (a, b) in goes_on,
        )
        for a, b in sorted(chosen)
        if a != b and _FURNITURE not in (blocks[a].story, blocks[b].story)
    ]


def read_pairs(path: Path) -> list[BlockPair]:
    """The pairs of a file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [BlockPair(*json.loads(line)) for line in file]


def main() -> None:
    """Read the arguments, make pages, write their pairs."""
    parser = step_parser(__doc__, reads_data=True)
    parser.add_argument("--pages", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    stories = Stories.read(given.data)
    draw = random.Random(given.seed)

    def lines() -> Iterator[str]:
        for page in mixed_pages(stories, given.pages, given.seed):
            for pair in pairs_of(page, draw):
                yield json.dumps(pair, ensure_ascii=False)

    write_lines(given.work / FILE, lines())
    print(given.work / FILE, flush=True)


if __name__ == "__main__":
    main()

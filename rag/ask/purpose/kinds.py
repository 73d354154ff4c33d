"""The purposes that a question may have beside asking for a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Talk = Literal["greeting", "thanks", "farewell", "assent", "identity", "ability"]
Sought = Literal[
    "count",
    "titles",
    "dates",
    "oldest",
    "newest",
    "longest",
    "shortest",
    "undated",
    "unsigned",
    "authors",
    "most_by_author",
    "publishers",
    "people",
    "places",
    "organisations",
]


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Words that ask the articles nothing, which therefore never go first."""

    kind: Talk
    yields: bool = False


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What is asked about the articles themselves, of all or of some of them.

    ``about`` is what they mention, ``period`` when they are of, ``by`` who wrote them, ``title``
    which one it is; each empty where it limits nothing. ``most`` is how many of the newest, oldest,
    longest or shortest are asked for, 0 where that is not said. ``is_of_last``: the one that the
    turn before was about. With ``yields`` the articles' own words are asked first, as they may
    tell it.
    """

    sought: Sought
    about: str = ""
    period: str = ""
    by: str = ""
    title: str = ""
    most: int = 0
    is_of_last: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class SummaryRequest:
    """What is to be summed up: a topic in the words of the question; empty for all there is.

    ``title`` names an article; with a topic beside it, it may do so. ``of_articles``: the topic
    only says which articles are to be summed up, whatever else they tell. ``is_of_last``: what the
    turn before was about. ``most_chars`` and ``most_points`` are limits that were asked for.
    ``is_open``: it asks what was done, or for measures; ``how`` is the verb where it asks how
    something was done. ``yields`` as above.
    """

    topic: str = ""
    title: str = ""
    of_articles: bool = False
    is_of_last: bool = False
    most_chars: int | None = None
    most_points: int | None = None
    is_open: bool = False
    how: str = ""
    yields: bool = False


Purpose = SmallTalk | LibraryQuestion | SummaryRequest

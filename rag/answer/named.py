"""Who and which places and organisations a text names, by the classes of rjieba's words.

In goes a text, out come names as printed. A class alone is often wrong (美丽 and 高峰 are names to
the dictionary), so a name is taken only where its shape or its neighbours say so, too. Knows
nothing of articles or questions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Literal

from rag.citations.names import looks_like_a_person
from rag.text import tagged_words

Kind = Literal["people", "places", "organisations"]
Words = Sequence[tuple[str, str]]
_LISTS = resources.files("rag.answer").joinpath("named.toml").read_text(encoding="utf-8")
_WORDS: dict[str, list[str]] = tomllib.loads(_LISTS)
_W = {name: f"(?:{'|'.join(words)})" for name, words in _WORDS.items()}
_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_NO_PERSON = re.compile(f"{_W['no_person']}$")
_POST = re.compile(f"(?:{_W['posts']}|长)$")
_SAYS, _AT = frozenset(_WORDS["says"]), frozenset(_WORDS["at"])
# Behind such a name stands a sign, or a word that says what he does.
_BEHIND_POST = re.compile(
    rf"(?:(?<=[局校县市省镇乡村部院队组处科站社行会厂班团区州馆园])长|{_W['posts']})\s?"
    r"([\u4e00-\u9fff][^\W了的是在和与及等为有不说，]{1,2}?)"
    rf"(?=[，。、；：）（)(”！？\s]|$|{_W['says']}|[等当在率带任的家])"
)
_SMALL_PLACE = re.compile("[镇乡村县]")
_PLACE_KIND = re.compile(_W["place_kinds"])
_PLACE_SHAPE = re.compile(rf"..{_W['place_kinds']}$|[\u4e00-\u9fff]{{2,}}[州国岛]$")
_NO_PLACE = re.compile(
    rf"^{_W['no_place']}$|^(?:惠及|各|本|该|全|两|非|大型|城市|重镇|古镇)|(?:城镇|城市|地区|山区|县区)$"
)
_ORGANISATION = re.compile(f"{_W['organisation_kinds']}$")
# Kinds of organisations, not one of them.
_NO_ORGANISATION = re.compile(
    r"^(?:上市公司|商业银行|(?:中级|高级)?人民(?:法院|检察院)|[^省市县区]{2}(?:公司|银行|集团))$"
)
_NAMES = ("nr", "ns", "nt", "nz")
_OF_ORGANISATION = ("ns", "nt", "nz", "n", "j", "vn", "m", "b", "a", "l", "i")
_SHORTEST_ORGANISATION = 4


def named_in(text: str, kind: Kind) -> list[str]:
    """The names of one kind in a text, each once, in their order.

    Of two people of whom one's name stands in the other's only the longer one: 刘新艺, not 新艺.
    """
    finders: dict[Kind, Callable[[str], list[str]]] = {
        "people": _people,
        "places": lambda line: _places(tagged_words(line)),
        "organisations": lambda line: _organisations(tagged_words(line)),
    }
    found = dict.fromkeys(name for line in text.split("\n") for name in finders[kind](line))
    if kind != "people":
        return list(found)
    return [name for name in found if not any(o != name and name in o for o in found)]


def _people(line: str) -> list[str]:
    """Names by class, and those that the dictionary cuts apart: between a post and what follows."""
    found = _people_by_class(tagged_words(line))
    return found + [name for name in _BEHIND_POST.findall(line) if _can_be_a_person(name)]


def _people_by_class(words: Words) -> list[str]:
    """Words of the class of personal names, beside a post, a verb of saying or another such."""
    found: list[str] = []
    is_beside_one = False
    for place, (word, tag) in enumerate(words):
        if tag.startswith("nr") and _can_be_a_person(word):
            behind = [one for one, _ in words[place + 1 : place + 3]]
            before = words[place - 1][0] if place else ""
            is_beside_one = is_beside_one or _is_one_who(before, behind)
            found += [word] if is_beside_one else []
        elif word not in "、和与及 　":
            is_beside_one = False
    return found


def _can_be_a_person(word: str) -> bool:
    is_shaped = looks_like_a_person(word) and not _PLACE_SHAPE.search(word)
    return is_shaped and not _NO_PERSON.match(word)


def _is_one_who(before: str, behind: Sequence[str]) -> bool:
    """Whether what stands around a word says that it is somebody."""
    if before.strip() and _POST.search(before):
        return True
    return bool(behind) and (behind[0] in _SAYS or bool(_POST.fullmatch(behind[0])))


def _places(words: Words) -> list[str]:
    """Words of the class of places with a shape of one, or behind a word that says where."""
    found: list[str] = []
    place = 0
    while place < len(words):
        start, name = place, ""
        while place < len(words) and _is_place_word(words, place):
            name += words[place][0]
            place += 1
        if not name:
            place += 1
            continue
        if place < len(words) and _PLACE_KIND.fullmatch(words[place][0]):
            name += words[place][0]
        before = words[start - 1][0] if start else ""
        is_told = bool(_PLACE_SHAPE.search(name)) or before in _AT
        if len(name) > 1 and is_told and not _NO_PLACE.search(name):
            found.append(name)
    return found


def _is_place_word(words: Words, place: int) -> bool:
    """Whether a word is a place's, or a name before 镇 and its like: 柳坪 镇, 石桥镇."""
    word, tag = words[place]
    if tag == "ns":
        return bool(_HAN.fullmatch(word))
    if tag not in ("nr", "nz") or len(word) < 2 or not _HAN.fullmatch(word):
        return False
    behind = words[place + 1][0] if place + 1 < len(words) else ""
    return bool(_SMALL_PLACE.fullmatch(behind) or _SMALL_PLACE.search(word[2:]))


def _may_belong(word: tuple[str, str]) -> bool:
    """Whether a word may stand in the name of an organisation: no person, no post, no sign."""
    return (
        word[1].startswith(_OF_ORGANISATION)
        and bool(_HAN.fullmatch(word[0]))
        and not _POST.search(word[0])
    )


def _may_begin(word: tuple[str, str]) -> bool:
    """Whether a name of an organisation may begin so: with a name, in Chinese characters."""
    return word[1].startswith(_NAMES) and bool(_HAN.fullmatch(word[0])) and word[0][0] != "在"


def _organisations(words: Words) -> list[str]:
    """What ends as organisations do, with the words before it back to the name it begins with."""
    found: list[str] = []
    for place, (word, tag) in enumerate(words):
        before = words[place - 1][0] if place else ""
        is_twice = word == before[-1:]  # 民政局 局 长
        if is_twice or not _ORGANISATION.search(word) or not _HAN.fullmatch(word):
            continue
        first = place
        while first and _may_belong(words[first - 1]):
            first -= 1
        while first < place and not _may_begin(words[first]):
            first += 1
        name = "".join(part for part, _ in words[first : place + 1]).lstrip("由在与和向对据把")
        is_named = words[first][1].startswith(_NAMES) and (first < place or tag == "nt")
        if is_named and len(name) >= _SHORTEST_ORGANISATION and not _NO_ORGANISATION.match(name):
            found.append(name)
    return found

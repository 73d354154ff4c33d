"""What the pronouns and ordinals of a follow-up stand for in the turns before.

Knows only questions that stand alone, latest last, and of the answer to the last one the list that
it printed, and whom or what place it named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.queries.comparisons import split_comparison
from rag.queries.frames import Frame, has_verb
from rag.queries.persons import person_named
from rag.queries.subjects import find_name, names_by_ending, subject_of

_KINDS: tuple[tuple[str, str], ...] = (
    ("高新区|开发区|示范区|试验区|园区|新区|园|区", r"(?:区|园|园区)$"),
    ("县|市|镇|省|乡|村|州", r"[县市镇省乡村州]$"),
    ("公司|集团|企业|银行", r"(?:公司|集团|企业|银行|科技|股份|药业|实业)$"),
    ("学校|大学|小学|中学|学院", r"(?:大学|学院|中学|小学|学校|幼儿园)$"),
    ("医院", r"医院$"),
    ("项目|工程", r"(?:项目|工程|水库|大桥|铁路|高铁|机场|基地|中心|号线)$"),
    ("机构|单位|平台", r""),
)
_KIND_WORDS = "|".join(words for words, _ in _KINDS)
PRONOUN = re.compile(
    rf"(?:该|这|那|此|本)(?:个|家|座|所|条|位)?(?:地方|{_KIND_WORDS}|地|家)|它们?|他们?|她们?|"
    r"[这那](?:里|儿|边)|当地|(?<![极尤与])其(?![他它余中实])"
)
BOTH = re.compile(r"它们|他们|她们|两者|二者|双方|这?两(?:家|地|者|个|所|座)")
_MANY = ("它们", "他们", "她们")
_DEMONSTRATIVE = re.compile(r"^(?:该|这|那|此|本)(?:个|家|座|所|条|位)?")
_ORDINAL = re.compile(
    r"(?:第(?P<place>[一二三四五六七八九\d])(?:个|家|座|项|种|所|位|名|条|处)|(?P<former>前者)|"
    r"(?P<latter>后者)|最后(?:一)?(?:个|家|座|项|种|所|位))"
)
_PLACES = {character: place for place, character in enumerate("一二三四五六七八九", 1)}
_LIST = re.compile(
    r"[^，,。；;：:！？\s、（）\[\]]{2,20}(?:[、和][^，,。；;：:！？\s、（）\[\]]{2,20})+"
)
_OF_PLACES = re.compile(r"^(?:[这那](?:里|儿|边)|当地)$")
_WHERE = re.compile(r"哪里|哪儿|什么地方|何处|何地|哪个(?:省|市|县|区|城市|地方|镇|村)")
_WHO = re.compile(r"谁|哪位|哪一位|何人|什么人")
_PERSON_ASKED = re.compile(r"^(?P<person>.+?)(?:是谁|叫什么|是哪位|是哪一位)")


def antecedent(pronoun: str, earlier: Sequence[str], answer: str = "") -> str:
    """What a pronoun stands for: the latest name of its kind, else what was asked about last.

    它们 after 有多少个窗口 are the windows, and not who has them. Where it was asked who or where,
    他 and 那里 are whom and what the ``answer`` names.
    """
    if pronoun in ("他", "她"):
        return _person(earlier[-1], answer) or subject_of(earlier[-1])
    if _OF_PLACES.match(pronoun) and _WHERE.search(earlier[-1]):
        place = find_name(answer)
        if place and place not in earlier[-1]:
            return place
    wanted = _DEMONSTRATIVE.sub("", pronoun)
    ending = next((ends for words, ends in _KINDS if wanted in words.split("|")), "")
    if ending:
        for question in reversed(earlier):
            found = [name for name in _names(question) if re.search(ending, name)]
            if found:
                return found[0]
    if pronoun in _MANY:
        frame = Frame.of(earlier[-1])
        things = frame.noun if frame.asks and not has_verb(frame.noun) else ""
        return f"{frame.subject}的{things}" if things else subject_of(earlier[-1])
    return subject_of(earlier[-1])


def _person(question: str, answer: str) -> str:
    """Who was asked about, or for."""
    office = _PERSON_ASKED.match(question)
    if office:
        return office["person"]
    if _WHO.search(question):
        return person_named(answer, but_not=question)
    return person_named(question)


def compared(question: str) -> list[str]:
    """The names that a question compares; fewer than two when it compares none."""
    parts = split_comparison(question)
    names = [subject_of(part) for part in parts]
    return names if len(set(names)) > 1 else []


def item_named_by(
    text: str, earlier: Sequence[str], answer: str
) -> tuple[re.Match[str], str] | None:
    """The ordinal of a follow-up with the name that it counts to; None when there is none.

    Counted are the names that were compared last, else the first list of the last answer.
    """
    match = _ORDINAL.search(text)
    if not match:
        return None
    printed = _LIST.search(answer)
    names = next((names for question in reversed(earlier) if (names := compared(question))), [])
    names = names or (re.split("[、和]", printed.group()) if printed else [])
    place = _place(match, len(names))
    return (match, names[place - 1]) if 0 < place <= len(names) else None


def _place(match: re.Match[str], count: int) -> int:
    if match["former"]:
        return 1
    printed = match["place"]
    return count if not printed else _PLACES.get(printed) or int(printed)


def _names(question: str) -> list[str]:
    return list(dict.fromkeys([*names_by_ending(question), *subject_of(question).split("的")]))

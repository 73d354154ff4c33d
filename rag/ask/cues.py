"""What shows that a question asks for several facts, and what it then asks of each.

In go the words of a question, out come its cue and the question asked of each of its things. Knows
nothing of how things are told from one another.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.ask.word_lists import TIME, WORDS
from rag.text import tagged_words

_W = WORDS
_WHEN = "是什么时候"
WHICH = rf"(?:{_W['which']})"
DEGREE = (
    rf"(?:[更最]\w{{1,2}}|(?<!多)[{_W['degrees']}](?:一?[些点])?|(?<=得)\w{{1,2}}(?=[，？]|$)|"
    r"在?[先前后](?![进后生]))"
)
ASKS, EACH, SUM, DIFFER, LEANS, POLITE, ENCLOSED, PAST, THAN = (
    re.compile(_W[name])
    for name in ("asks", "each", "sum", "differ", "lean", "polite", "enclosed", "past", "than")
)
JOINS = frozenset(_W["join"].split("|"))
JUDGES = re.compile(
    rf"{WHICH}[^，？]*?(?:[更最]\w+|{DEGREE}(?=[，？]|$)|先(?![进生])\w*)|最\w{{1,6}}的是?{WHICH}$"
)
KINDS = {DIFFER: "compare", JUDGES: "compare", EACH: "each", SUM: "sum"}
DEGREE_AT_END = re.compile(rf"(?:是|要|会)?{DEGREE}(?:的是?)?$|^先")
# By how much, and not how much: 高出多少, 早建成了几年.
GAP = re.compile(rf"[更还]?(?<![增提])[{_W['degrees']}]\w{{0,3}}?(?=多少|几|多[大高长远久快])")
SPAN = re.compile(rf"从(?P<first>\w{{0,3}}?{TIME})[到至](?P<last>{TIME})[，,]?")
CHANGES = re.compile(
    rf"(?:又|还|{_W['sum']})*(?:{_W['changes']})(?!到)\w?了?(?:大约|大概)?(?=多少|几)"
)
APART = re.compile(r"(?:相差|差距|差)\w{0,3}?(?:多少|几|多[大远久]|是)")
# Who did it first: 哪家更早挂牌, 谁先到.
_SOONER = re.compile(r"(?:[更最][早晚先后]|(?<![领首优率])先)(?![进生后])(?=\w+$)")
TOGETHER = re.compile(rf"(?:[这那他她]们?)?[两三四五六几]大?[{_W['counters']}]{{1,2}}(?:之间)?")


class Cue(NamedTuple):
    """What shows that things are asked about one by one, and what stands before and from it on."""

    kind: str  # each, compare, sum, or none where nothing shows it but the things
    head: str
    tail: str
    joins: frozenset[str] = JOINS


def cue_of(turn: str) -> Cue:
    """The first cue of a question; where there is none, its head goes up to 多少."""
    words = {word for word, _ in tagged_words(turn)}
    sentence, _, more = turn.partition("？")
    gap, degree = GAP.search(turn), DEGREE_AT_END.search(sentence)
    than = THAN.search(turn)
    if than and gap and than.start() < gap.start():
        return Cue("compare", turn[: gap.start()], turn[gap.end() :], frozenset(["比"]))
    if "还是" in words and degree:
        tail = f"{degree[0]}，{more}"
        return Cue("compare", sentence[: degree.start()], tail, frozenset(["还是"]))
    cues = [cue for pattern in KINDS if (cue := pattern.search(turn))]
    if cues:
        start = min(cue.start() for cue in cues)
        return Cue(KINDS[cues[0].re], turn[:start], turn[start:])
    asks = re.search(r"[是有为]*(?:多少|几)\w{0,4}$", turn)
    start = asks.start() if asks else len(turn)
    return Cue("none", turn[:start], turn[start:])


def asked_of_each(tail: str) -> str:
    """What is asked of each thing: the words from the cue on without those that only join them."""
    topic = asks = ""
    for whole in re.split("[，？；]", tail):
        clause = DIFFER.sub("", whole)
        rest = re.sub(rf"{WHICH}的?", "", clause) if JUDGES.search(clause) else clause
        rest = re.sub("^几(?=[百千万亿])", "多少", rest)
        bare = re.sub(rf"^{TOGETHER.pattern}", "", rest)
        rest = bare if ASKS.search(bare) or not ASKS.search(rest) else rest
        rest = SUM.sub("", EACH.sub("", rest))
        if ASKS.search(rest):
            return topic + GAP.sub("", rest)
        rest, sooner = _SOONER.subn("", rest) if JUDGES.search(clause) else (rest, 0)
        rest = re.sub("年[长轻老]$", "年龄大", rest)
        if sooner:
            asks = asks or _WHEN
        elif degree := DEGREE_AT_END.search(rest):
            is_time = re.search("[早晚先前后]", degree[0])
            asks = asks or (_WHEN if is_time else "多久" if "久" in degree[0] else "多少")
        topic = topic or re.sub(
            "(?:上|方面|发生得?|得)$", "", DEGREE_AT_END.sub("", rest).strip("的")
        )
    if asks in ("", "多少") and re.fullmatch("年[龄纪]|岁数", topic):
        return "多大年纪"
    return f"{topic}{asks or '多少'}" if tail else ""

"""A question for which of some named things something holds: 甲、乙、丙里，哪些超过了5%.

In goes a question in its standard form, out comes a part for each of the things, or none. Knows
nothing of what holds.
"""

from __future__ import annotations

import re

from rag.ask.part import MOST_PARTS, Part

_SEVERAL = r"(?:这?[两三四五六几][\w]{1,3}?)?"
_AMONG = re.compile(
    rf"^(?:在|请问)?(?P<things>[^，？、和与]+(?:[、和与][^，？、和与]+)+?){_SEVERAL}"
    r"(?:里面|里头|当中|之中|中间|里|中)的?，?(?:有|是)?(?:哪些|哪几\w)(?:公司|企业|地方|个)?(?:的)?(?P<rest>[^，？]{3,})[？?]?$"
)
# 甲、乙、丙三地里: what counts the things is no part of the last.
_COUNTED = re.compile(r"(?:这?[两三四五六几][家个者人位只款省市县区镇地国]{1,2})?[当之]?$")
_BOUND = re.compile(
    r"(?:超过|高于|多于|大于|跑赢|突破|不到|不足|低于|少于|小于|没到)\D{0,8}\d[\d.,万亿]*(?P<unit>\w{0,2})"
)


def parts_among(question: str) -> tuple[Part, ...]:
    """A part for each thing, in the order named; empty where it is no such question.

    Where something is to be over or under a figure, each part asks for its figure.
    """
    found = _AMONG.match(question)
    if not found:
        return ()
    *things, last = re.split("[、和与]", found["things"])
    things = [thing for thing in (*things, _COUNTED.sub("", last)) if thing]
    rest = found["rest"].removesuffix("的")
    bound = _BOUND.search(rest)
    asked = f"{rest[: bound.start()]}有多少{bound['unit']}" if bound else f"{rest}吗"
    return tuple(Part(f"{thing}{asked}？", thing) for thing in things[:MOST_PARTS])

"""What a question asks to be told at some length: how it was done, what was done, which measures.

In go the words of a question, out comes of whom and, of 怎么脱贫的, the verb. Only bare forms: what
names circumstances beside these asks for a fact. Knows nothing of articles.
"""

from __future__ import annotations

import re

from rag.ask.asking import ASKS
from rag.ask.purpose.kinds import SummaryRequest

_OF = r"(?P<of>[^，。？]{2,24}?)"
_ADVERBS = r"(?:都|还|又|主要|具体|究竟|到底|一共|总共)*"
_HOW = re.compile(
    rf"{_OF}{_ADVERBS}是?(?:怎么样?|怎样|如何|咋)(?P<verb>[^，。？的了过]{{2,4}}?)(?:起来|出来|成功)?的"
)
_DID = re.compile(
    rf"{_OF}{_ADVERBS}(?:做|干)了(?:些|哪些)?(?:什么|啥|哪些)(?:具体|主要)?(?:的?工作|事情?)?"
)
_MEASURES = re.compile(
    rf"{_OF}{_ADVERBS}(?:采取|推出|出台|实施|开展|提出|作出|做出|制定|总结|有)(?:了|过|出)?"
    r"(?:些|哪些|什么|啥|怎样的)(?:具体|主要|重要|新|好)?的?"
    r"(?:举措|措施|做法|办法|经验|成效|安排|建议|意见|决定|改进|行动|打算|问题|困难|亮点|特点)"
)


def open_request(bare: str) -> SummaryRequest | None:
    """The request to be told at length; None where a fact is asked for."""
    if (found := _HOW.fullmatch(bare)) and not ASKS.search(found["of"]):
        return SummaryRequest(f"{found['of']}{found['verb']}", how=found["verb"], yields=True)
    for form in (_DID, _MEASURES):
        found = form.fullmatch(bare)
        if found and not ASKS.search(found["of"]):
            return SummaryRequest(found["of"], is_open=True, yields=True)
    return None

"""What ``python -m rag ask`` shows: an answer while it comes, and then whole, with its verdicts.

The answer goes to standard output, what is shown while waiting to standard error. Knows nothing of
how an answer is made.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import cast

from rich.box import SIMPLE
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from rag.console import errors, report
from rag.datatypes import Answer, AnswerPart, Claim, Copy, Searched, Verdict
from rag.models.catalogue import BUILTIN

_VERDICTS: dict[Verdict, str] = {
    "supported": "有据",
    "partly": "部分有据",
    "not_found": "未找到依据",
}
_COPIES_SHOWN = 5
_FEWEST_ROWS = 3


def follow(events: Iterable[Searched | str | Answer]) -> Answer:
    """The Answer that ends a stream; on a terminal, what comes before it is shown as it comes."""
    last: Searched | str | Answer = ""
    written = ""
    with Live(Text("检索中…"), console=errors, transient=True, auto_refresh=False) as shown:
        for last in events:
            if isinstance(last, Searched):
                shown.update(Text(f"找到 {len(last.hits)} 个段落，正在读证据…"), refresh=True)
            elif isinstance(last, str):
                written += last
                shown.update(Text(written), refresh=True)
    return cast(Answer, last)


def print_answer(answer: Answer) -> None:
    """Text, verdicts, error and citations; the found passages where nothing came of them."""
    _print_searched(answer)
    _print_parts(answer.parts)
    if answer.text:
        print(answer.text)
    if answer.model != BUILTIN:  # which only quotes
        _print_verdicts(answer.claims)
    if answer.error:
        report(f"错误：{answer.error}")
    for citation in answer.citations:
        page = f" 第 {citation.page} 页" if citation.page else ""
        print(f"\n[{citation.number}] 《{citation.title}》 {citation.source}{page}")
        print(f"    {citation.quote}")
        print_copies(answer.also_in(citation), indent="    ")
    if answer.outcome == "failed" and answer.hits:
        print("\n找到的段落：")
        for hit in answer.hits:
            shown = hit.passage.text.replace("\n", "\n    ")
            print(f"《{hit.passage.title}》 {hit.source}\n    {shown}")


def _print_searched(answer: Answer) -> None:
    """What was searched, where it is not what was typed."""
    if answer.query != answer.question:
        print(f"检索的是：{answer.query}")
    if answer.readings:
        print(f"按“{'”“'.join(answer.readings)}”查找")


def _print_parts(parts: Sequence[AnswerPart]) -> None:
    """A row for each of three or more facts asked for, above the sentences."""
    if len(parts) < _FEWEST_ROWS:
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for head in ("所问", "回答", "时间", "出处"):
        table.add_column(head, overflow="fold")
    for part in parts:
        told = part.short or ("见下文" if part.outcome == "answered" else "材料里没有")
        numbers = "".join(f"[{number}]" for number in part.citations)
        table.add_row(*map(Text, (part.query, told, part.date or "", numbers)))
    Console(file=sys.stdout, highlight=False).print(table)


def _print_verdicts(claims: Sequence[Claim]) -> None:
    """How many sentences have which verdict, and why those that are not supported are not."""
    if not claims:
        return
    counts = Counter(claim.verdict for claim in claims)
    said = [
        f"{counts[verdict]} 句{label}" for verdict, label in _VERDICTS.items() if counts[verdict]
    ]
    print(f"\n逐句核对：共 {len(claims)} 句，{'，'.join(said)}")
    for claim in claims:
        if claim.verdict != "supported":
            print(f"  {_VERDICTS[claim.verdict]}：{claim.text}（{'；'.join(claim.reasons)}）")


def print_copies(copies: Sequence[Copy], indent: str) -> None:
    """The other articles that tell the same, a line each."""
    for copy in copies[:_COPIES_SHOWN]:
        print(f"{indent}另见 《{copy.title}》 {copy.source}")
    if len(copies) > _COPIES_SHOWN:
        print(f"{indent}另见 …… 共 {len(copies)} 篇")

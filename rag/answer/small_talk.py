"""What is said to a greeting, to thanks, and to who asks what can be asked.

In goes its kind and the titles that there are, out comes a text that cites nothing. Knows nothing
of how small talk is told from questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.reply import Reply
from rag.ask import SmallTalk
from rag.models.catalogue import BUILTIN

_TITLE_CHARS = 30
_ABOUT = (
    "我是引据，只根据这里的 {count} 篇文章回答，每句话都附上原文出处；文章里没有的，我会直说没有。"
)
_LINES = {
    "greeting": "你好！",
    "identity": "",
    "ability": "",
    "thanks": "不客气！还想知道什么，接着问就好。",
    "farewell": "再见！有问题随时来问。",
    "assent": "好的。还想知道什么，接着问就好。",
}
_BRIEF = frozenset({"thanks", "farewell", "assent"})


def reply_to(talk: SmallTalk, titles: Sequence[str]) -> Reply:
    """A friendly line, and where it helps what can be asked; it is ``no_evidence`` of anything."""
    line = _LINES[talk.kind]
    if talk.kind in _BRIEF:
        return Reply("no_evidence", line, model=BUILTIN)
    text = f"{line}{_ABOUT.format(count=len(titles))}\n可以这样问：{'；'.join(_examples(titles))}。"
    return Reply("no_evidence", text, model=BUILTIN)


def _examples(titles: Sequence[str]) -> list[str]:
    """What can be asked, of an article that is there."""
    title = next((one for one in titles if one), "")
    named = [f"《{title[:_TITLE_CHARS]}》讲了什么"] if title else []
    return ["文章里写到的数字、时间、人物或原因", *named, "把……列出来", "这里有哪些文章"]

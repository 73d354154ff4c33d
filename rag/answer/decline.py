"""The reply to a question whose answer is not told: a refusal that says what came near.

Knows nothing of how that was found out. A refusal cites nothing.
"""

from __future__ import annotations

from rag.answer.reply import Reply
from rag.ask import Question, is_in_english, orders_the_program

_SOUGHT_CHARS = 60
_NOT_OF_ARTICLES = "这里只回答文章里写到的内容，不执行别的指令；请就文章提问。"
_NOT_IN_CHINESE = "材料是中文的，请用中文提问。Please ask in Chinese: the articles are in Chinese."


def decline(question: Question, nearest_title: str) -> Reply:
    """What was sought, and the article that came nearest."""
    typed = question.typed
    if orders_the_program(typed):
        return Reply("no_evidence", _NOT_OF_ARTICLES)
    if is_in_english(typed):
        return Reply("no_evidence", _NOT_IN_CHINESE)
    sought = typed if len(typed) <= _SOUGHT_CHARS else typed[:_SOUGHT_CHARS] + "…"
    near = f"最接近的是《{nearest_title}》，但其中没有答案。" if nearest_title else ""
    return Reply("no_evidence", f"材料里没有找到“{sought}”的答案。{near}")

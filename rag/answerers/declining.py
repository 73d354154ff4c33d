"""The replies to a question whose answer is not told of its subject: a refusal, or a correction.

Knows nothing of how that was found out.
"""

from __future__ import annotations

from rag.answerers.quoting import SIGNS, claim_of
from rag.answerers.reply import Reply
from rag.datatypes import Citation
from rag.evidence import Elsewhere
from rag.queries import Query, is_in_english, orders_the_program
from rag.text import Facts

_SOUGHT_CHARS = 60
_NOT_OF_ARTICLES = "这里只回答文章里写到的内容，不执行别的指令；请就文章提问。"
_NOT_IN_CHINESE = "材料是中文的，请用中文提问。Please ask in Chinese: the articles are in Chinese."
_CORRECTION_CHARS = 150


def decline(query: str, nearest_title: str, elsewhere: str = "") -> Reply:
    """The reply when the material does not hold the answer: what was sought, and what came near.

    ``elsewhere`` is a sentence on where it tells the like of another; nothing is cited.
    """
    sought = query if len(query) <= _SOUGHT_CHARS else query[:_SOUGHT_CHARS] + "…"
    if orders_the_program(query):
        return Reply("no_evidence", _NOT_OF_ARTICLES)
    if is_in_english(query):
        return Reply("no_evidence", _NOT_IN_CHINESE)
    near = f"最接近的是《{nearest_title}》，但其中没有答案。" if nearest_title else ""
    return Reply("no_evidence", f"材料里没有找到“{sought}”的答案。{elsewhere or near}")


def told_of_another(query: Query, elsewhere: Elsewhere) -> str:
    """Where the material tells of another what was asked of the question's subject."""
    whose = f"说的是{elsewhere.owner}，不是" if elsewhere.owner else "说的不是"
    title = elsewhere.finding.nearest_title
    return f"相近的内容在《{title}》里，{whose}{query.subject}。"


def correct(query: Query, elsewhere: Elsewhere) -> Reply | None:
    """The correction of a question that states of its subject a figure told of another.

    None where the question states no such figure: it then only asks, and is declined.
    """
    best = elsewhere.finding.candidates[0]
    printed = Facts.of(best.standard, best.article.date).amounts
    stated = [amount for amount in Facts.of(query.text).amounts if amount.dimension]
    if not any(one.equals(other) for one in stated for other in printed):
        return None
    owner = f"而是{elsewhere.owner}" if elsewhere.owner else f"见《{best.article.full_title}》"
    lead = f"说的不是{query.subject}，{owner}："
    citations: list[Citation] = []
    evidence, _ = elsewhere.finding.quote(_CORRECTION_CHARS - SIGNS - len(lead))
    claim = claim_of(lead, evidence, citations)
    return Reply("answered", claim.text, claims=(claim,), citations=tuple(citations))

"""What cannot be searched, and what is not for the articles at all: orders to the program, English.

In go the words typed. Knows nothing of what they ask for.
"""

from __future__ import annotations

import re

from rag.ask.asking import ASKS
from rag.errors import QuestionError
from rag.text import fold

_EARLIER = (
    r"(?:之前|以上|上面|上述|先前|前面|刚才|所有|一切|全部|任何|previous|above|prior|all|any)"
)
_RULES = r"(?:指令|指示|提示|设定|规则|限制|要求|命令|instruction|prompt|rule)"
_OVERRIDES = re.compile(
    r"(?:^|[，,。.；;：:!])\s*(?:请|麻烦|务必|现在|从现在起|你|先|please |now )*"
    r"(?:忽略|忽视|无视|忘记|忘掉|抛开|不要?理会|不要?遵守|跳过|绕过|解除|ignore|disregard|forget)"
    rf".{{0,8}}{_EARLIER}.{{0,12}}{_RULES}"
)
_OWN = r"(?:系统|初始|内部|隐藏的?|system ?)(?:的)?(?:提示词?|提示语|指令|设定|prompt|message)"
_DISCLOSES = re.compile(
    r"(?:告诉我|输出|打印|显示|重复|复述|透露|泄露|说出|给出|列出|公开|show|print|reveal|repeat)"
    rf".{{0,8}}{_OWN}|你(?:的|自己的)?(?:{_OWN}|提示词|prompt)"
)
_WORD = re.compile(r"[a-z]{2,}")
_FEWEST_WORDS = 2


_MIN_CHARS = 2
_HAS_WORD = re.compile(r"[0-9A-Za-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")


def check_question(question: str, *, max_chars: int) -> str:
    """The question without outer white space; QuestionError when it cannot be searched."""
    question = question.strip()
    if not question:
        raise QuestionError("问题是空的；请输入一个问题")
    if len(question) > max_chars:
        raise QuestionError(f"问题有 {len(question)} 个字，超过上限 {max_chars} 字；请缩短后再问")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("问题里有损坏的字符，不是完整的 UTF-8；请重新输入")
    if not _HAS_WORD.search(fold(question)):
        raise QuestionError(f"问题“{question[:10]}”里没有文字；请用文字提问")
    if len(question) < _MIN_CHARS:
        raise QuestionError(f"问题“{question}”太短；请把问题说完整")
    return question


def orders_the_program(question: str) -> bool:
    """Whether it tells the program to drop its instructions, or to disclose them."""
    folded = fold(question)
    return bool(_OVERRIDES.search(folded) or _DISCLOSES.search(folded))


def is_in_english(question: str) -> bool:
    """Whether it asks in English, though a Chinese name may stand in it."""
    folded = fold(question)
    fewest = _FEWEST_WORDS if folded.endswith("?") else _FEWEST_WORDS + 1
    return len(_WORD.findall(folded)) >= fewest and not ASKS.search(question)

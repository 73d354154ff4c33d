"""What a stand-alone question asks for: its kind, unit, subject and the words nearest to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.errors import QuestionError
from rag.queries.asking import COUNTERS, content_of
from rag.queries.collections import Collection, collection_of
from rag.queries.parts import split_question
from rag.queries.persons import person_asked_about
from rag.queries.script import as_typed, read_question
from rag.queries.subjects import find_subject
from rag.text import fold, plainer_printings

Kind = Literal["number", "date", "person", "place", "name", "list", "reason", "other"]
KINDS: tuple[Kind, ...] = (
    "number", "date", "person", "place", "name", "list", "reason", "other",
)  # fmt: skip
_MIN_CHARS = 2
_HAS_WORD = re.compile(r"[0-9A-Za-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_ASKING_WORD = re.compile(r"多少|几|哪|什么|谁|何时|何地|多[大高长远久快重]|百分之")
_ASKED_CHARS = 6
_RUN = re.compile(r"\w+")
_UNIT_ASKED = re.compile(rf"(?:几|多少)(?:来|多|余)?([{COUNTERS}])")
_CUES: tuple[tuple[Kind, str], ...] = (
    ("reason", r"为什么|为何|为啥|原因|怎么会|凭什么|(?<!项)目的|意义|好处|作用"),
    (
        "date",
        (
            r"什么时候|什么时间|何时|哪一?年|哪一?天|哪一?月|几月|几号|哪日|几时|几点|(?:周|星期|礼拜)几|多会儿|日期|年份|"
            r"什么年代|哪个年代"
        ),
    ),
    (
        "list",
        (
            r"哪些|哪[二两三四五六七八九十几\d]|有什么|都是什么|列出|列举|分别是(?:哪|什么)|"
            r"[二两三四五六七八九十\d](?:大|个|项|种).{0,12}(?:是什么|哪)"
        ),
    ),
    (
        "number",
        (
            r"多少|几(?![乎何])|多大|多高|多长|多远|多久|多快|多重|百分之|比例|占比|人数|数量|金额|"
            r"总额|面积"
        ),
    ),
    ("name", r"由谁(?:承建|建设|建造|运营|经营|开发|主办|承办|生产|投资|设立|出品|举办)"),
    ("person", r"谁|哪位|哪一位|何人|什么人|叫什么名字|书记是|主任是"),
    (
        "place",
        r"哪里|哪儿|什么地方|何处|何地|哪个(?:省|市|县|区|国家|城市|地方|镇|村|州)|位于|在哪",
    ),
    ("reason", r"怎么(?!样)|如何|怎样"),
    ("name", r"什么|哪个|哪家|哪所|哪座|哪种|哪一|叫做|名称|名字|名为|称为"),
)
_ASKS_OR_SAYS = re.compile(r"[？?。！!，,；;]|[吗呢吧么]$|[了过着]|请|怎|是不是|有没有|能不能")
_KIND_CUES = tuple((kind, re.compile(cue)) for kind, cue in _CUES)


@dataclass(frozen=True, slots=True)
class Query:
    """A stand-alone question with what it asks for.

    ``text`` is the question in its standard form, which texts are compared with in theirs;
    ``typed`` is the question as the user typed it, of the same length. ``parts`` are the
    stand-alone questions for one fact each, as typed (``typed`` itself when it asks for one);
    ``subject`` is the place or organisation that it is about, ``asked`` the words nearest to the
    asking one (医生 in 有多少名医生), or empty. ``collection`` is there where the question asks for
    all subjects of a kind; ``person`` is whose office it asks for, or empty.
    """

    text: str
    typed: str
    kind: Kind
    unit: str
    subject: str
    asked: str
    parts: tuple[str, ...]
    collection: Collection | None = None
    person: str = ""

    @property
    def is_words_alone(self) -> bool:
        """Whether it asks nothing, as what is typed into a search box: 云桥镇 茶园 面积."""
        return self.kind == "other" and not _ASKS_OR_SAYS.search(self.text)

    @property
    def content(self) -> str:
        """The folded question with its asking words blanked out."""
        return content_of(self.text)

    @property
    def readings(self) -> tuple[str, ...]:
        """Its numbers and dates in digits, where it prints them otherwise: 2家 for 两家."""
        return tuple(dict.fromkeys(found.plain for found in plainer_printings(self.text)))


def _asked(question: str) -> str:
    """The content right behind the asking word, else right before it, a few characters of it."""
    asking = _ASKING_WORD.search(question)
    if not asking:
        return ""
    behind = _runs(question[asking.start() :])
    before = _runs(question[: asking.start()])
    return behind[0][:_ASKED_CHARS] if behind else before[-1][-_ASKED_CHARS:] if before else ""


def _runs(text: str) -> list[str]:
    return [run for run in _RUN.findall(content_of(text)) if len(run) > 1]


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


def analyse(question: str) -> Query:
    """What a stand-alone question asks for."""
    text = read_question(question)
    unit = _UNIT_ASKED.search(text)
    return Query(
        text=text,
        typed=question,
        kind=next((kind for kind, cue in _KIND_CUES if cue.search(text)), "other"),
        unit=unit.group(1) if unit else "",
        subject=find_subject(text),
        asked=_asked(text),
        parts=tuple(as_typed(part, (question,)) for part in split_question(text)),
        collection=collection_of(text),
        person=person_asked_about(text),
    )

"""The project's own sets in our own words: what is right, what was cited and found, the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
import rag
from corpora.files import DataError
from corpora.news import NEWS_FILE, read_news
from corpora.yinju import CrossPart
from eval.benchmarks.answer_presence import is_present, numbers_are_present, tells_a_gap
from eval.benchmarks.by_name import measure_by_name
from eval.benchmarks.sets import Limits
from eval.benchmarks.yinju import (
    ALL_ANSWERABLE,
    ALL_ROWS,
    SMALL_KINDS,
    RowOutcome,
    ask_rows,
    count_groups,
    other_news,
)
from eval.benchmarks.yinju_judging import (
    Reply,
    hit_ranks,
    is_right_across,
    is_right_alone,
    parts_cited,
)
from eval.benchmarks.yinju_rows import YinjuRow, read_across, read_alone
from tests.data_folder import write_lines, write_rows, write_yinju
from tests.stories import FIRM, SCHOOL, TEA, WATER

DOCS = {"tea": TEA[1], "school": SCHOOL[1], "water": WATER[1], "firm": FIRM[1]}


def place(doc: str, evidence: tuple[int, int], *answers: str) -> CrossPart:
    return CrossPart(doc, answers, (evidence,), (), 0)


ALONE = YinjuRow("1", "plain", "问", (), ((place("tea", (10, 20), "6家"),),))
NOWHERE = replace(ALONE, kind="near", parts=())
ACROSS = YinjuRow(
    "2",
    "both",
    "问",
    (),
    (
        (place("tea", (10, 20), "6家"), place("firm", (0, 5), "六家企业")),
        (place("school", (0, 9), "860名"),),
    ),
)
REPLY = Reply("answered", "引进6家[1]，学生860名[2]。", "6家", (), ())


def row(doc: str, answer: str, **more: Any) -> dict[str, Any]:
    """A row of yinju_qa whose evidence is where the answer stands."""
    start = DOCS[doc].find(answer)
    values = {
        "id": f"{doc}-{answer}", "kind": "plain", "question": f"{DOCS[doc][:8]}，{answer[-2:]}？",
        "history": [], "stand_alone": "", "doc": doc, "answerable": True, "answers": [answer],
        "evidence": [[start, start + len(answer)]], "short": [[start, start + len(answer)]],
    }  # fmt: skip
    return values | more


def across(**more: Any) -> dict[str, Any]:
    *parts, other = (
        {name: row(doc, answer)[name] for name in ("doc", "evidence", "answers", "short")}
        for doc, answer in (("tea", "6家"), ("school", "860名"), ("water", "28万亩"))
    )
    values = {
        "id": "c", "kind": "both", "group": "g", "question": "云桥镇引进几家制茶企业？柳湾小学有多少学生？",
        "answerable": True, "parts": parts, "also": [other | {"part": 0}],
        "answer": "", "required": [],
    }  # fmt: skip
    return values | more


def write_set(folder: Path, stem: str, *rows: dict[str, Any]) -> None:
    docs = [{"doc": doc, "text": text} for doc, text in DOCS.items()]
    write_rows(folder / f"{stem}.docs.jsonl.gz", docs)
    write_rows(folder / f"{stem}.dev.jsonl.gz", rows)


def news(folder: Path, *texts: str) -> None:
    write_lines(folder / NEWS_FILE, (f"\t{text}" for text in texts))


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command.app, ["benchmark", *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("words", "text", "is_there"),
    [
        ("3家", "共有3家。", True),
        ("3家", "共有13家。", False),
        ("3家", "共有1.3家。", False),
        ("12", "共12.5元", False),
        ("2,288.0元", "花了2288元", True),
        ("1.50", "涨1.5", True),
        ("Ⅱ期", "Ⅲ期工程", False),
        ("Ⅱ期", "II期工程", False),
        ("九户", "十九户", False),
        ("二名", "第二名", False),
        ("《铁 骑》", "片名是铁骑。", True),
        ("一共有26公里长", "长达26公里", True),
        ("一共有26公里长", "长达26年", False),
        ("茶叶是第一产业", "第一产业就是茶叶", True),
        ("茶叶是第一产业", "小学搬到河西", False),
        ("茶叶", "茶的叶子", False),
        ("。", "。", False),
    ],
)
def test_words_are_present_digits_safe_and_long_ones_in_other_words_too(
    words: str, text: str, is_there: bool
) -> None:
    assert is_present(words, text) is is_there


def test_numbers_are_looked_for_without_the_words_around_them() -> None:
    assert numbers_are_present("约4.0级地震", "震级为4，深10公里")
    assert not numbers_are_present("约4.0级地震", "震级为14")
    assert numbers_are_present("没有数字", "随便")


def test_a_gap_is_told_in_so_many_words() -> None:
    assert tells_a_gap("余震的次数没有说。")
    assert not tells_a_gap("余震有三次。")


def test_right_of_one_article_holds_every_item_in_a_text_of_bounded_length() -> None:
    assert is_right_alone(ALONE, REPLY)
    assert not is_right_alone(ALONE, replace(REPLY, text="引进16家。"))
    assert not is_right_alone(ALONE, replace(REPLY, text="引进6家。" + "长" * 146))
    assert not is_right_alone(ALONE, replace(REPLY, outcome="no_evidence"))


def test_a_further_item_gives_eighty_more_characters() -> None:
    two = replace(ALONE, parts=((place("tea", (10, 20), "6家", "860名"),),))
    assert is_right_alone(two, replace(REPLY, text=REPLY.text + "长" * 200))
    assert not is_right_alone(two, replace(REPLY, text=REPLY.text + "长" * 230))


def test_a_reason_is_right_where_its_evidence_is_cited() -> None:
    reply = replace(REPLY, text="别的话。", cited=(("tea", 19, 40),))
    assert is_right_alone(replace(ALONE, kind="why"), reply)
    assert not is_right_alone(ALONE, reply)
    assert not is_right_alone(replace(ALONE, kind="why"), replace(reply, cited=(("tea", 20, 40),)))


def test_what_is_told_nowhere_is_right_when_refused() -> None:
    assert is_right_alone(NOWHERE, replace(REPLY, outcome="no_evidence"))
    assert is_right_across(NOWHERE, replace(REPLY, outcome="no_evidence"))
    assert not is_right_alone(NOWHERE, REPLY)
    assert not is_right_across(NOWHERE, REPLY)


def test_right_of_several_articles_tells_every_part_in_the_words_of_one_of_its_places() -> None:
    assert is_right_across(ACROSS, REPLY)
    assert is_right_across(ACROSS, replace(REPLY, text="六家企业，860名。"))
    assert not is_right_across(ACROSS, replace(REPLY, text="引进6家。"))
    assert not is_right_across(ACROSS, replace(REPLY, text=REPLY.text + "长" * 230))


def test_a_sum_is_right_by_what_is_required_alone() -> None:
    total = replace(ACROSS, kind="sum", required=("866",))
    assert is_right_across(total, replace(REPLY, text="一共866。"))
    assert not is_right_across(total, REPLY)


def test_a_comparison_names_the_winner_in_short_and_the_numbers_of_all_sides() -> None:
    sides = tuple(places[:1] for places in ACROSS.parts)
    compared = replace(ACROSS, kind="compare", parts=sides, required=("小学",))
    told = replace(REPLY, text="小学多：860，对6。", short="小学")
    assert is_right_across(compared, told)
    assert not is_right_across(compared, replace(told, short="茶场"))
    assert not is_right_across(compared, replace(told, text="小学多：860。", short="小学"))


def test_of_a_question_told_in_part_the_rest_is_said_to_be_missing() -> None:
    partly = replace(ACROSS, kind="partly")
    assert not is_right_across(partly, REPLY)
    assert is_right_across(partly, replace(REPLY, text=REPLY.text + "校长是谁没有说。"))


def test_a_part_is_cited_and_found_at_any_of_its_places() -> None:
    reply = replace(
        REPLY,
        cited=(("firm", 4, 9), ("school", 9, 12)),
        hits=(("", 0, 9), ("school", 8, 90), ("tea", 0, 11), ("school", 0, 8)),
    )
    assert parts_cited(ACROSS, reply) == (True, False)
    assert hit_ranks(ACROSS, reply) == (3, 2)
    assert hit_ranks(ACROSS, REPLY) == (None, None)
    assert parts_cited(NOWHERE, reply) == ()


def outcome(kind: str = "plain", **more: Any) -> RowOutcome:
    values: dict[str, Any] = {
        "id": "1", "kind": kind, "is_answerable": kind != "near", "outcome": "answered",
        "is_right": False, "cited": (False,), "ranks": (None,), "probability": None,
    }  # fmt: skip
    return RowOutcome(**(values | more))


def test_wrong_is_answered_neither_right_nor_with_any_gold_cited() -> None:
    assert outcome().is_wrong
    assert not outcome(is_right=True).is_wrong
    assert not outcome(cited=(False, True)).is_wrong
    assert not outcome(outcome="no_evidence").is_wrong
    assert outcome("near", cited=(), ranks=()).is_wrong


def test_small_kinds_are_judged_together_and_each() -> None:
    rows = [outcome(is_right=True)] * 40
    rows += [outcome("typo", is_right=True), outcome("two"), outcome("two", outcome="no_evidence")]
    rows += [outcome("near", cited=(), ranks=())] * 2
    groups = count_groups(rows)
    shares = {
        group: (figures["right"].value, figures["right"].count)
        for group, figures in groups.items()
        if "right" in figures
    }
    assert shares == {
        "plain": (1.0, 40),
        "typo": (1.0, 1),
        "two": (0.0, 2),
        SMALL_KINDS: (pytest.approx(1 / 3), 3),
        ALL_ANSWERABLE: (pytest.approx(41 / 43), 43),
    }
    assert groups["near"]["refused"].value == 0
    assert groups[ALL_ANSWERABLE]["wrong"].value == pytest.approx(1 / 43)
    assert groups[ALL_ROWS]["wrong"].value == pytest.approx(3 / 45)


def test_evidence_is_found_when_that_of_every_part_is() -> None:
    figures = count_groups([outcome(ranks=(1, 9)), outcome(ranks=(1, None)), outcome(ranks=(1,))])
    found = {name: figures["plain"][name].value for name in ("found", "found@1", "found@8")}
    assert found == {
        "found": pytest.approx(2 / 3),
        "found@1": pytest.approx(1 / 3),
        "found@8": pytest.approx(1 / 3),
    }


class Answerer:
    """Quotes the school, and keeps what it was asked."""

    def __init__(self) -> None:
        self.articles = (rag.Article("a#1", "", "", SCHOOL[1], ()), rag.Article("b#1", "", "", "别的", ()))  # fmt: skip
        self.asked: list[tuple[str, Sequence[rag.Message]]] = []

    def answer(self, question: str, history: Sequence[rag.Message] = ()) -> rag.Answer:
        self.asked.append((question, history))
        at = SCHOOL[1].find("860名")
        hits = tuple(
            rag.Hit(rag.Passage(name, "", "", "文", 0, 60), 1.0, ("terms",), "", ())
            for name in ("b#1", "a#1")
        )
        citation = rag.Citation(1, "a#1", "", "", "860名", at, at + 4, ())
        return rag.Answer("问", "问", "answered", "860名。", "测", citations=(citation,), hits=hits)


def test_a_row_is_asked_with_its_history_and_its_places_are_those_of_its_article(
    tmp_path: Path,
) -> None:
    asked = row("school", "860名", kind="follow", history=["搬家了吗？", "搬了"])
    write_set(tmp_path, "yinju_qa", asked)
    read = read_alone(tmp_path, "dev")
    bot = Answerer()
    (ended,) = ask_rows(bot, read.rows, read.texts, is_right_alone)
    assert bot.asked[0][1] == (
        rag.Message("user", "搬家了吗？"),
        rag.Message("assistant", "搬了"),
    )
    assert ended.to_dict() == {
        "id": "school-860名", "kind": "follow", "outcome": "answered", "right": True,
        "cited": [True], "ranks": [2], "probability": None,
    }  # fmt: skip


def test_a_row_over_articles_keeps_every_place_of_a_part(tmp_path: Path) -> None:
    near = across(kind="near", answerable=False, parts=[], also=[], nearest=["firm", 0, 5])
    write_set(tmp_path, "yinju_cross", across(), near)
    read = read_across(tmp_path, "dev")
    first, second = read.rows
    assert [[place.doc for place in places] for places in first.parts] == [["tea", "water"], ["school"]]  # fmt: skip
    assert (first.items, second.is_answerable) == (2, False)
    assert list(read.texts) == list(DOCS)


def test_what_is_told_nowhere_has_no_part(tmp_path: Path) -> None:
    near = row("tea", "6家", kind="near", answerable=False)
    write_set(tmp_path, "yinju_qa", near, row("tea", "6家"))
    assert [len(one.parts) for one in read_alone(tmp_path, "dev").rows] == [0, 1]


def test_the_train_split_is_measured_whole(tmp_path: Path) -> None:
    write_yinju(tmp_path)
    assert [one.id for one in read_alone(tmp_path, "train").rows] == ["tt", "tu", "tx"]
    assert [one.id for one in read_across(tmp_path, "train").rows] == [f"t{n}" for n in range(1, 5)]


def test_other_news_is_the_same_by_a_seed_and_shares_no_long_run_with_an_article(
    tmp_path: Path,
) -> None:
    stories = [f"第{n}个果园里种了桃树和梨树，今年收成比往年好。" for n in range(200)]
    copies = [f"第{n}次转载。{WATER[1].replace(chr(10), '')[6:]}" for n in range(200)]
    news(tmp_path, *stories, *copies)
    first, again, other = (other_news(tmp_path, [WATER[1]], 6, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 6
    assert set(first) <= set(stories)
    kept = set(read_news(tmp_path, measuring=True))
    many = other_news(tmp_path, [WATER[1]], 150, 1)
    assert 0 < len(kept & set(many)) < 150  # those kept for measuring come first, then others
    assert set(many[: len(kept & set(stories))]) == kept & set(stories)
    with pytest.raises(DataError, match="不到 300 篇"):
        other_news(tmp_path, [WATER[1]], 300, 1)
    assert other_news(tmp_path / "absent", [], 0, 1) == []
    with pytest.raises(DataError, match="--others 0"):
        other_news(tmp_path / "absent", [], 1, 1)


@pytest.mark.parametrize(("name", "stem"), [("yinju", "yinju_qa"), ("yinju-cross", "yinju_cross")])
def test_the_command_prints_both_tables_and_saves_rows_without_their_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, stem: str
) -> None:
    monkeypatch.setattr(command.console, "width", 160)
    rows = [across()] if name == "yinju-cross" else [row("tea", "6家"), row("school", "860名")]
    write_set(tmp_path, stem, *rows)
    out = tmp_path / "out.json"
    code, told = run(name, "--data", str(tmp_path), "--others", "0", "--out", str(out))
    assert code == 0, told
    assert "可答的合计" in told
    assert "证据全在命中里" in told
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert (saved["name"], saved["split"], saved["others"]) == (name, "dev", 0)
    assert saved["articles"] == (3 if name == "yinju-cross" else 2)
    assert saved["figures"][ALL_ANSWERABLE]["found"]["count"] == len(rows) == saved["questions"]
    assert {key for one in saved["rows"] for key in one} == {
        "id", "kind", "outcome", "right", "cited", "ranks", "probability",
    }  # fmt: skip
    code, told = run(name, "--data", str(tmp_path), "--split", "train")
    assert (code, f"{stem}.train.jsonl.gz" in told) == (1, True)


def test_some_kinds_alone_are_asked_and_named_in_the_results_file(tmp_path: Path) -> None:
    write_set(tmp_path, "yinju_qa", row("tea", "6家"), row("school", "860名", kind="para"))
    given: dict[str, Any] = {"data": tmp_path, "others": 0, "say": lambda line: None}
    measured = measure_by_name("yinju", limits=Limits(kinds=("para",)), **given)
    assert [one["kind"] for one in measured.values["rows"]] == ["para"]
    assert measured.file_name == "benchmark-yinju-para-0"
    with pytest.raises(DataError, match="没有 why 这一种题；有的是：para、plain"):
        measure_by_name("yinju", limits=Limits(kinds=("para", "why")), **given)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("yinju", "--file", "mine.jsonl"), "不能用 --file"),
        (("drcd", "--split", "train"), "--split、--kinds 只用于 yinju、yinju-cross"),
        (("drcd", "--kinds", "para"), "--split、--kinds 只用于"),
        (("yinju",), "读不了"),
        (("other",), "yinju、yinju-cross"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, output = run(*arguments, "--data", str(tmp_path))
    assert code == 1
    assert told in output
    assert len(output.strip().splitlines()) == 1

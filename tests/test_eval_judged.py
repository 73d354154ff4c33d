"""Sentences that models wrote, judged by hand: the file's form, and what is counted."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.judged import (
    LONGEST_COPY,
    QUESTION,
    WrittenSentence,
    as_pieces,
    docs_in_both,
    read_judged,
    read_written,
    written_line,
)
from eval.judged_figures import ALARMS, BESIDE, CAUGHT, count_judged
from eval.report import ReportError
from tests.data_folder import qa_row, write_rows

ROADS = "云桥镇去年新修公路36公里，投资4200万元。镇里今年还要修12公里公路。"
ASKED = "云桥镇去年新修公路多少公里？"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    write_rows(folder / "yinju_qa.docs.jsonl.gz", [{"doc": "r", "text": ROADS}])
    at = ROADS.index("36公里")
    row = qa_row(
        "q1", "r", ROADS, question=ASKED, answers=["36公里"], evidence=[[0, 23]],
        short=[[at, at + 4]], stand_alone=ASKED,
    )  # fmt: skip
    for split in ("train", "dev"):
        write_rows(folder / f"yinju_qa.{split}.jsonl.gz", [row])
    return folder


def line(text: str, number: int = 1, **changes) -> WrittenSentence:
    values = {
        "id": f"q1.{number}", "split": "train", "row": "q1", "model": "some", "half": "tune",
        "cited": (("r", 0, 23),), "pieces": as_pieces(text, {QUESTION: ASKED, "r": ROADS}),
        "judgement": "true", "fault": "",
    }  # fmt: skip
    return WrittenSentence(**(values | changes))


def in_file(folder: Path, *lines: WrittenSentence) -> Path:
    path = folder / "sentences.jsonl"
    path.write_text("".join(f"{written_line(one)}\n" for one in lines), encoding="utf-8")
    return path


def test_the_shipped_sentences_are_whole_and_their_halves_apart() -> None:
    found = read_written()
    assert len(found) >= 380
    assert len({one.id for one in found}) == len(found)
    assert not docs_in_both(found)
    halves = Counter(one.half for one in found)
    assert min(halves.values()) >= 150
    told = Counter((one.half, one.judgement) for one in found)
    assert min(told[half, kind] for half in halves for kind in ("true", "beside", "false")) >= 40
    assert len({one.model for one in found}) > 1


def test_no_split_that_rules_are_chosen_on_is_a_held_out_one() -> None:
    assert {one.split for one in read_written() if one.half == "tune"} == {"train"}


def test_a_sentence_comes_back_letter_for_letter(data: Path) -> None:
    texts = [ROADS[:23], "云桥镇去年新修公路36公里，真不少。", "去年修了公路。"]
    path = in_file(data, *(line(text, n) for n, text in enumerate(texts)))
    judged = read_judged(data, "tune", path)
    assert [one.text for one in judged.sentences] == texts
    assert judged.sentences[0].quotes == ((("r", 0, 23), ROADS[:23]),)
    assert judged.texts == {"r": ROADS}


def test_what_was_copied_is_kept_as_a_place_and_short_runs_as_words() -> None:
    copied = ROADS[3 : 3 + LONGEST_COPY + 1]
    assert as_pieces(f"说{copied}啊", {"r": ROADS}) == ("说", ("r", 3, 4 + LONGEST_COPY), "啊")
    assert as_pieces(ROADS[3 : 3 + LONGEST_COPY], {"r": ROADS}) == (ROADS[3 : 3 + LONGEST_COPY],)
    assert as_pieces("", {"r": ROADS}) == ()


def test_a_line_that_holds_text_of_the_set_is_refused(data: Path) -> None:
    path = in_file(data, line("", pieces=(ROADS[:20],)))
    with pytest.raises(ReportError, match=r"q1\.1"):
        read_judged(data, "tune", path)


def test_a_line_of_another_set_is_refused(data: Path) -> None:
    with pytest.raises(ReportError, match="不在题库里"):
        read_judged(data, "tune", in_file(data, line("好。", row="q9")))


@pytest.mark.parametrize(
    ("key", "value"),
    [("judgement", "maybe"), ("half", "all"), ("fault", "figure"), ("cited", [["r", 5, 2]])],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, key: str, value: object) -> None:
    written = json.loads(written_line(line("修了路。"))) | {key: value}
    path = tmp_path / "sentences.jsonl"
    path.write_text(f"{json.dumps(written)}\n", encoding="utf-8")
    with pytest.raises(ReportError, match="第 1 行"):
        read_written(path)


def test_caught_and_kept_are_counted_by_what_a_sentence_is(data: Path) -> None:
    path = in_file(
        data,
        line("云桥镇去年新修公路36公里。", 1),
        line("云桥镇去年新修公路63公里。", 2, judgement="false", fault="figure"),
        line("云桥镇去年投资12公里。", 3, judgement="false", fault="figure"),
        line("投资4200万元。", 4, judgement="beside"),
    )
    marked = {"q1.2", "q1.4"}
    figures = count_judged(
        read_judged(data, "tune", path).sentences,
        lambda one: ("partly", ("。",)) if one.written.id in marked else ("supported", ()),
    )
    shares = {group: (one.value, one.count) for group, one in figures.figures.items()}
    assert shares[CAUGHT] == shares[f"{CAUGHT}: figure"] == (0.5, 2)
    assert shares[ALARMS] == (0.0, 1)
    assert shares[BESIDE] == (1.0, 1)
    assert [one.written.id for one, *_ in figures.wrong] == ["q1.3"]

"""The measuring of duplicates: what is made, and what is counted."""

from __future__ import annotations

import lzma
import random
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rag
from corpora.news import NEWS_FILE, is_for_measuring
from eval import duplicates
from eval.__main__ import app
from tests.stories import BUILTIN, FIRM, RICE, SCHOOL, TEA, WATER

REPORT = (
    "云桥站今日客流{}人次，比昨日多{}人次。全线共开行列车{}列，正点率百分之九十九。早高峰最多一小时进站{}人次，车站加开了入口。"
    "晚高峰出站客流集中在老城区，换乘通道一度排队。车站提醒乘客错峰出行，带好随身物品。志愿者在站厅为老人引路，"
    "母婴室和饮水处全天开放。末班车时间没有变化，乘客可以在站内屏幕上查看。夜间施工期间，二号口临时关闭，请乘客绕行。"
    "失物招领处设在站厅东侧，认领时请带证件。雨天地面湿滑，请扶好扶手，看护好同行的孩子。"
)
ROWS = [
    RICE[1],
    TEA[1] + SCHOOL[1] + WATER[1].split("\n")[1],
    WATER[1] + FIRM[1] + SCHOOL[1].split("\n")[1],
    REPORT.format(43210, 320, 186, 5120),
    REPORT.format(51890, 770, 190, 6340),
]


@pytest.mark.parametrize("name", duplicates.EDITS)
def test_an_edit_keeps_most_of_the_story_and_changes_the_text(name: str) -> None:
    story = duplicates.sentences(RICE[1])
    made = duplicates.EDITS[name](story, ROWS, random.Random(0))
    kept = [one for one in story if one in made]
    assert made != RICE[1]
    assert len(kept) >= (len(story) / 3 if name in ("reworded", "edited") else len(story) / 2)


def test_one_figure_is_changed_and_its_sentence_asked_for() -> None:
    changed = duplicates.with_a_figure_changed(RICE[1], random.Random(0))
    assert changed is not None
    text, question = changed
    assert question in RICE[1]
    assert question not in text
    assert len(text) == len(RICE[1])
    assert sum(a != b for a, b in zip(text, RICE[1], strict=True)) == 1
    assert duplicates.with_a_figure_changed("没有数。", random.Random(0)) is None


def test_reports_that_differ_in_their_figures_alone_are_a_template() -> None:
    (pair,) = duplicates.template_pairs(ROWS)
    assert (pair.first, pair.second) == (3, 4)
    assert pair.question in ROWS[3]
    assert pair.question not in ROWS[4]


def test_copies_are_named_and_a_template_is_not() -> None:
    outcomes = duplicates.measure(ROWS, BUILTIN, per_kind=1)
    named = {one.kind: one.is_named for one in outcomes}
    assert named.pop("template") is False
    assert len(named) == len(ROWS)
    assert all(named.values())


def hit(source: str, text: str, *copies: str) -> rag.Hit:
    passage = rag.Passage(f"{source}#1", "", "", text, 0, len(text))
    also_in = tuple(rag.Copy(f"{copy}#1", "", copy) for copy in copies)
    return rag.Hit(passage, 1.0, ("terms",), source, ((0, len(text)),), also_in)


PAIR = duplicates.Pair("cut", 0, 1, "问")


def test_only_the_best_hit_of_the_pair_can_name_the_other() -> None:
    first, second = hit("memory/1", TEA[1], "memory/2"), hit("memory/2", SCHOOL[1], "memory/1")
    assert duplicates.judge(PAIR, [hit("memory/9", WATER[1]), first]).is_named
    assert duplicates.judge(PAIR, [second]).is_named
    assert not duplicates.judge(PAIR, [hit("memory/1", TEA[1], "memory/3"), second]).is_named
    assert not duplicates.judge(PAIR, []).is_named


def test_a_hit_that_says_what_better_ones_say_is_a_repeat() -> None:
    hits = [hit("memory/1", TEA[1]), hit("memory/2", f"{TEA[1]}好。"), hit("memory/3", WATER[1])]
    assert duplicates.judge(PAIR, hits).repeats == 1


def test_figures_are_shares_by_kind_with_their_intervals() -> None:
    outcomes = [duplicates.Outcome("cut", named, 2) for named in (True, True, False, True)]
    (line,) = duplicates.figures(outcomes)
    assert (line.kind, line.pairs, line.named, line.repeats) == ("cut", 4, 0.75, 2.0)
    assert line.interval[0] <= line.named <= line.interval[1]


def test_the_command_prints_a_line_a_kind_or_says_what_is_missing(
    tmp_path: Path,
) -> None:
    missing = CliRunner().invoke(app, ["duplicates", "--data", str(tmp_path)])
    assert missing.exit_code == 1
    assert NEWS_FILE in missing.output
    ends = ("。" * times for times in count(1))
    lines = [
        next(line for line in (f"\t{row}{next(ends)}" for _ in count()) if is_for_measuring(line))
        for row in ROWS
    ]
    with lzma.open(tmp_path / NEWS_FILE, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    done = CliRunner().invoke(app, ["duplicates", "--data", str(tmp_path), "--per-kind", "1"])
    assert done.exit_code == 0, done.output
    assert "套话同，数字不同" in done.output

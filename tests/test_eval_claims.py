"""The pairs and tasks that the verifier is measured on, and how they are counted."""

from __future__ import annotations

import json
import lzma
import random
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval.citing import CitingTask, make_tasks
from eval.claim_pairs import Pair, make_pairs, neighbours
from eval.claims import measure_citing, measure_verdicts
from eval.falsifying import CHANGES, Names, swap_subjects
from eval.rewording import RULES, chinese_numeral, fuse, relative_year, reword
from eval.tables import KINDS_OF_PAIR

TOWNS = ("云桥镇", "柳湾镇", "石塘镇", "双河镇", "梅林镇", "青溪镇")
PEOPLE = ("张立新", "李国强", "王海燕", "陈志明", "刘晓峰", "赵文斌")


def rows(count: int = 60) -> list[str]:
    """News in our own words, each with numbers, dates, names, places and denials."""
    made = []
    for n in range(count):
        town, person = TOWNS[n % 6], PEOPLE[n * 5 % 6]
        made.append(
            f"2022年{n % 12 + 1}月{n % 28 + 1}日，{town}新修公路{n + 12}公里，投资{n + 3}.5亿元，在杭州招标。"
            f"{town}镇长{person}表示，已有{n + 20}家企业参加建设，没有拖欠工资的情况发生。"
            f"据了解，该项目将于今年下半年完工，届时从{town}到北京只要{n % 7 + 3}小时，群众出行更方便。"
            f"国家第{n % 9 + 1}建筑公司已经完成工程量的{n + 21}%，比计划提前{n % 5 + 2}个月，受到表彰。"
            f"同时，{town}中学有学生{n * 3 + 300}名，教师{n + 30}名，去年新建校舍{n + 5}000平方米。"
            f"专家认为，{town}已成为全省公路建设的样板，每年可以增加收入{n + 2}000万元。"
        )
    return made


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return make_pairs(rows(), 6)


def test_pairs_are_the_same_for_the_same_seed_and_others_for_another(pairs: list[Pair]) -> None:
    assert make_pairs(rows(), 6) == pairs
    assert make_pairs(rows(), 6, seed=1) != pairs


def test_every_kind_is_there_and_true_ones_are_as_many_as_false(pairs: list[Pair]) -> None:
    assert {pair.kind for pair in pairs} >= {"number", "unit", "date", "place", "negation"}
    true = [pair for pair in pairs if pair.is_true]
    assert len(true) == len(pairs) - len(true)
    verbatim = sum(pair.kind == "verbatim" for pair in true)
    assert 5 * verbatim <= len(true)


def test_a_reworded_sentence_is_not_its_evidence_and_a_verbatim_one_is(pairs: list[Pair]) -> None:
    for pair in pairs:
        if pair.is_true:
            assert (pair.claim in pair.evidence) == (pair.kind == "verbatim")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_of_rewording_finds_work_and_changes_nothing_without(rule) -> None:
    texts = [s for couple in neighbours(rows()) for s in couple]
    texts.append("云桥镇有两名医生，路长3公里，人口12000人，2名教师，占35%。")
    assert any(rule(text, random.Random(seed)) != text for seed in range(3) for text in texts)
    assert rule("好", random.Random(0)) in ("好", "好。")


def test_the_title_of_a_work_is_not_reworded() -> None:
    text = "《目前企业提高15个项目》公布，目前有企业参加。"
    for seed in range(20):
        assert reword(text, random.Random(seed)).startswith("《目前企业提高15个项目》")


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind not in ("name", "subject")])
def test_a_false_sentence_differs_and_what_is_put_in_is_new(kind: str) -> None:
    names = Names.of(s for couple in neighbours(rows()) for s in couple)
    found = 0
    for first, second in neighbours(rows()):
        for text in (first, second):
            changed = CHANGES[kind](text, text, names, random.Random(1))
            if changed is not None:
                found += 1
                assert changed != text
    assert found


def test_numerals_relative_years_and_fusing() -> None:
    assert [chinese_numeral(n) for n in (0, 10, 15, 105, 110, 2003)] == [
        "零", "十", "十五", "一百零五", "一百一十", "两千零三".replace("两", "二"),
    ]  # fmt: skip
    assert relative_year("去年和今年", 2023) == "2022年和2023年"
    assert fuse("路修好了。", "学校搬了。") == "路修好了，学校搬了。"


def test_subjects_are_swapped_only_where_both_have_one() -> None:
    swapped = swap_subjects("教育局表示，学校搬了。", "水利局将修水库。")
    assert swapped == ("水利局表示，学校搬了。", "教育局将修水库。")
    assert swap_subjects("路修好了。", "水利局将修水库。") is None


def test_a_claim_is_cited_from_ten_hits_with_its_own_sentences_among_them() -> None:
    tasks = make_tasks(rows(), 12)
    assert tasks == make_tasks(rows(), 12)
    assert {len(task.gold) for task in tasks} == {1, 2}
    for task in tasks:
        assert set(task.gold) <= set(task.sentences)
        assert len(task.sentences) == 50


def test_shares_are_counted_by_kind() -> None:
    text = "2022年3月1日，云桥镇新修公路36公里。"
    figures = measure_verdicts(
        [
            Pair(text, (text,), "verbatim"),
            Pair(text.replace("36", "63"), (text,), "number"),
            Pair(text, (text,), "number"),
        ]
    )
    assert figures.right == {"verbatim": 1.0, "number": 0.5, "kept": 1.0}
    assert figures.counts["number"] == 2
    assert [pair.kind for pair, *_ in figures.wrong] == ["number"]


def test_citing_is_counted_over_all_claims() -> None:
    gold, other = "2022年3月1日，云桥镇新修公路36公里。", "柳湾小学有学生860名。"
    right = CitingTask(gold, (gold,), (gold, other))
    wrong = CitingTask(gold, (other,), (gold, other))
    assert measure_citing([right]).f1 == 1.0
    figures = measure_citing([right, wrong])
    assert (figures.precision, figures.recall) == (0.5, 0.5)


def test_every_kind_of_pair_has_its_line_in_the_table(pairs: list[Pair]) -> None:
    assert {pair.kind for pair in pairs} <= set(KINDS_OF_PAIR)


def test_the_command_prints_tables_and_saves_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.console, "width", 120)
    monkeypatch.setattr("corpora.news.is_for_measuring", lambda line: True)
    with lzma.open(tmp_path / "crud_news.tsv.xz", "wt", encoding="utf-8") as file:
        file.writelines(f"\t{row}\n" for row in rows())
    out = tmp_path / "claims.json"
    arguments = [
        "claims",
        "--data",
        str(tmp_path),
        "--out",
        str(out),
        "--pairs",
        "2",
        "--tasks",
        "3",
    ]
    done = CliRunner().invoke(command.app, arguments)
    assert done.exit_code == 0, done.output
    assert re.search(r"改了数字，查出", done.output)
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert saved["verdicts"]["counts"]["number"] == 2
    assert saved["citing"]["claims"] == 3


def test_a_folder_without_the_news_is_told_in_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(command.app, ["claims", "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "crud_news" in done.output

"""Measuring sets of our own words: ranks, evidence, the gate, and the command around them."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
import rag
from corpora.passages import count_passages
from corpora.questions import QuestionRow
from eval.benchmarks.reading import measure_reading, read_given, without_answer
from eval.benchmarks.retrieval import measure_retrieval, rank_of
from eval.benchmarks.sets import NAMES, Limits, measure_benchmark
from eval.metrics import area_under_curve
from tests.stories import BUILTIN, STORIES

POOL = {text: title for title, text in STORIES}
TEA = STORIES[0][1]


def question(text: str, answer: str) -> QuestionRow:
    context = next(story for _, story in STORIES if answer in story)
    return QuestionRow("q", text, (answer,), context, "")


def hit(article_id: str) -> rag.Hit:
    return rag.Hit(rag.Passage(article_id, "", "", "文", 0, 1), 1.0, ("terms",), "", ())


def asked() -> list[QuestionRow]:
    """One question of each story: its first words, and what its first sentence ends in."""
    first = [text.partition("。")[0] for _, text in STORIES]
    return [question(f"{words[:14]}怎么样？", words[-8:]) for words in first]


def rows(folder: Path, name: str, questions: list[QuestionRow]) -> None:
    lines = [
        {"id": str(n), "question": one.question, "answers": one.answers, "context": one.context, "title": ""}
        for n, one in enumerate(questions)
    ]  # fmt: skip
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (folder / name).write_text(text, encoding="utf-8")


def news(folder: Path, *texts: str) -> None:
    with lzma.open(folder / "crud_news.tsv.xz", "wt", encoding="utf-8") as file:
        file.writelines(f"\t{text}\n" for text in texts)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command.app, ["benchmark", *arguments])
    return done.exit_code, done.output


def test_an_article_ranks_where_its_best_passage_stands_among_articles() -> None:
    hits = [hit("a"), hit("a"), hit("b"), hit("a"), hit("c")]
    assert [rank_of(name, hits) for name in "abcd"] == [1, 2, 3, None]


@pytest.mark.parametrize("more", [(), ("果园里种了桃树和梨树。",)])
def test_a_question_in_the_words_of_its_paragraph_finds_it(more: tuple[str, ...]) -> None:
    figures = measure_retrieval(asked(), POOL, BUILTIN, distractors=more, say=lambda line: None)
    assert set(figures) == {"hybrid R@1", "hybrid R@5", "hybrid R@10"}
    assert figures["hybrid R@1"].value == 1
    assert figures["hybrid R@1"].count == len(STORIES)


@pytest.mark.parametrize(
    ("held", "lacked", "area"),
    [
        ([2, 3], [0, 1], 1.0),
        ([0, 1], [2, 3], 0.0),
        ([1, 1], [1, 1], 0.5),
        ([0, 2], [1], 0.5),
        ([1, 2], [0, 1], 0.875),  # three of four pairs won, one tied
    ],
)
def test_the_area_is_the_share_of_pairs_in_order(
    held: list[float], lacked: list[float], area: float
) -> None:
    assert area_under_curve(held, lacked) == area


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        (("周远",), "茶场建于1987年。产茶“一号”。"),
        (("1987年", "一号"), "场长是周远。"),
        (("年。场长",), "产茶“一号”。"),
        (("没有的",), "茶场建于1987年。场长是周远。产茶“一号”。"),
    ],
)
def test_sentences_that_hold_an_answer_or_a_part_of_it_are_taken_out(
    answers: tuple[str, ...], left: str
) -> None:
    context = "茶场建于1987年。场长是周远。产茶“一号”。"
    assert without_answer(QuestionRow("q", "问", answers, context, "")) == left


def test_the_sentences_of_what_is_given_are_read_and_judged() -> None:
    judged = read_given("云桥镇2019年新建了多少亩茶园？", [("", TEA), ("", STORIES[1][1])])
    assert "茶园" in judged.readings[0].text
    assert len(judged.readings) >= 2
    assert judged.readings[0].fact
    assert 0 < judged.probability <= 1


def test_passages_are_counted_as_the_index_cuts_them() -> None:
    assert count_passages("甲" * 100 + "。") == 1
    assert count_passages(("甲" * 200 + "。") * 3) == 3


def test_answers_over_two_sentences_count_for_the_short_answer_alone() -> None:
    figures = measure_reading(
        [QuestionRow("q", "茶场怎么样？", ("1987年。场长",), "茶场建于1987年。场长是周远。", "")]
    )
    assert set(figures) == {"short EM", "short F1"}


def test_the_named_sets_are_searched_among_the_paragraphs_of_all_files(tmp_path: Path) -> None:
    first, *others = asked()
    rows(tmp_path, "cmrc2018_dev.jsonl", [first])
    rows(tmp_path, "DRCD_dev.jsonl", others)
    measured = measure_benchmark(
        "cmrc2018", tmp_path, file=None, limits=Limits(), say=lambda line: None
    )
    assert measured.files == ("cmrc2018_dev.jsonl", "DRCD_dev.jsonl")
    assert (measured.questions, measured.paragraphs) == (1, len(STORIES))
    assert measured.figures["gate AUC"].count == 2


def test_a_sample_is_the_same_each_time(tmp_path: Path) -> None:
    rows(tmp_path, "any.jsonl", asked())
    runs = [
        measure_benchmark(
            "squad", tmp_path, file="any.jsonl", limits=Limits(questions=2), say=lambda line: None
        )
        for _ in range(2)
    ]
    assert runs[0].figures == runs[1].figures
    assert (runs[0].questions, runs[0].paragraphs) == (2, len(STORIES))


def test_the_command_prints_a_table_and_saves_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.console, "width", 120)
    rows(tmp_path, "mine.jsonl", asked())
    news(tmp_path, *("果园里种了桃树。" * 3, "河上修了一座桥。" * 3))
    out = tmp_path / "out.json"
    arguments = ["squad", "--data", str(tmp_path), "--file", "mine.jsonl", "--out", str(out)]
    code, told = run(*arguments)
    assert code == 0, told
    assert "证据句（给出段落） hit@1" in told
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert saved["figures"]["hybrid R@1"]["value"] == 1
    assert saved["files"] == ["mine.jsonl"]
    code, told = run(*arguments, "--distractors", "2")
    assert code == 0, told
    assert json.loads(out.read_text(encoding="utf-8"))["distractors"] == 2


def test_rgb_is_asked_passage_by_passage(tmp_path: Path) -> None:
    row = {
        "id": 0, "query": "云桥镇2019年新建了多少亩茶园？", "answer": [["亩"]],
        "positive": [TEA], "negative": ["果园里种了桃树和梨树。"],
    }  # fmt: skip
    (tmp_path / "zh.json").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    measured = measure_benchmark("rgb", tmp_path, file=None, limits=Limits())
    assert measured.figures["right at noise 0"].value == 1
    assert measured.figures["refused on noise"].value == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("musique",), f"没有叫 musique 的题库；可用的是：{'、'.join(NAMES)}"),
        (("squad",), "--file"),
        (("drcd",), "没有 drcd.dev"),
        (("rgb",), "zh.json"),
        (("squad", "--file", "absent.json"), "absent.json"),
        (("squad", "--file", "mine.jsonl", "--distractors", "5"), "crud_news.tsv.xz 只有 1 篇"),
        (("squad", "--file", "none.jsonl"), "没有可答的题目"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    rows(tmp_path, "mine.jsonl", asked())
    none = {"id": "1", "question": "问？", "answers": [], "context": "文。", "answerable": False}
    (tmp_path / "none.jsonl").write_text(json.dumps(none), encoding="utf-8")
    news(tmp_path, "果园里种了桃树。")
    code, output = run(*arguments, "--data", str(tmp_path))
    assert code == 1
    assert told in output
    assert len(output.strip().splitlines()) == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, told = run("drcd", "--data", str(tmp_path / "absent"))
    assert (code, "没有文件夹" in told) == (1, True)

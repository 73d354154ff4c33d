"""When an answer is right, by the kind of its question."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag
from eval.cases import Case, GoldSpan, load_cases
from eval.judging import judge

ASKED = Path(__file__).resolve().parent.parent / "eval" / "asked"
POINTS = tuple((GoldSpan("a.txt", start, start + 10),) for start in (0, 20, 40, 60))


def case_of(
    kind: str, answers: tuple[tuple[str, ...], ...] = (), *, answerable: bool = True
) -> Case:
    evidence = POINTS if kind == "summary" else ()
    return Case("x-1", kind, "tune", "问", (), answers, answerable, evidence)  # type: ignore[arg-type]


def answer_of(text: str, outcome: str = "answered", cited: tuple[int, ...] = ()) -> rag.Answer:
    citations = tuple(
        rag.Citation(n, "a.txt#1", "题", "a.txt", "字" * 10, at, at + 10, ((at, at + 10),))
        for n, at in enumerate(cited, 1)
    )
    claims = tuple(
        rag.Claim(f"字[{one.number}]", "supported", (), (one.number,)) for one in citations
    )
    return rag.Answer("问", "问", outcome, text, "builtin", claims=claims, citations=citations)  # type: ignore[arg-type]


def test_small_talk_is_a_refusal_with_a_friendly_text():
    case = case_of("small_talk", (("你好",),), answerable=False)
    assert judge(case, answer_of("你好！", "no_evidence")).right
    assert not judge(case, answer_of("材料里没有找到答案。", "no_evidence")).right
    assert not judge(case, answer_of("你好！")).right


def test_what_is_counted_cites_nothing_and_may_be_long():
    case = case_of("library", (("3 篇",),))
    assert judge(case, answer_of("共有 3 篇文章" + "：题" * 300)).right
    assert not judge(case, answer_of("共有 4 篇文章")).right
    assert not judge(case, answer_of("共有 3 篇文章", cited=(0,))).right


@pytest.mark.parametrize(
    ("cited", "is_right"), [((0, 20, 40), True), ((0, 20), False), ((), False)]
)
def test_a_summary_cites_three_in_four_of_the_points(cited: tuple[int, ...], is_right: bool):
    assert judge(case_of("summary"), answer_of("字", cited=cited)).right == is_right


def test_a_long_or_partly_uncited_summary_is_wrong():
    case = case_of("summary")
    assert not judge(case, answer_of("字" * 401, cited=(0, 20, 40))).right
    good = answer_of("字", cited=(0, 20, 40))
    uncited = rag.Claim("空话", "not_found", (), ())
    fields = {
        name: getattr(good, name) for name in ("question", "query", "outcome", "text", "model")
    }
    bad = rag.Answer(**fields, citations=good.citations, claims=(*good.claims, uncited))
    assert not judge(case, bad).right


def test_the_set_is_whole_and_its_halves_are_even():
    cases = load_cases(ASKED / "cases.jsonl", ASKED / "files")
    assert len(cases) == 74
    assert sum(one.split == "tune" for one in cases) == 37
    assert {one.kind for one in cases} == {
        "small_talk",
        "library",
        "near_library",
        "across",
        "summary",
    }

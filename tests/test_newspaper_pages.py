"""Generated newspaper pages: nothing lost unasked, the truth about them right, the same each time."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.newspaper_pages import (
    MIN_BROKEN_CHARS,
    UNDAMAGED,
    Damage,
    NewspaperPage,
    PageBlock,
    make_page,
    make_pages,
    paragraphs,
    usable,
)
from corpora.page_dress import caption, headline, names
from corpora.page_truth import truth_of
from rag.articles.blocks import split_blocks

WHO = ("云桥镇的茶农", "双河水库的工人", "柳湾小学的老师", "滨江市的市民", "乌云公司的职员")
WHAT = (
    "修通了一条通往山外的公路",
    "种下了三百亩新品种的茶树",
    "整理出五百多册旧图书",
    "走访了二十多户邻居",
    "试验了一种省水的办法",
)
WHEN = ("去年春天", "上个月", "今年以来", "每逢周末", "入秋以后")


def story(seed: int, sentences: int = 24) -> str:
    """A text in our own words, each sentence unlike the others of any page."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(sentences):
        when, who, what, more = (str(rng.choice(words)) for words in (WHEN, WHO, WHAT, WHAT))
        rows.append(f"{when}，{who}{what}，又{more}，这已经是第{seed}篇里的第{number}件事。")
    return "".join(rows)


TEXTS = [story(seed) for seed in range(60)]
HEAVY = Damage(
    break_rate=1.0, caption_rate=0.5, section_rate=0.5, shuffled_rate=0.5, has_titles=True
)
DRESSED = replace(HEAVY, dressed_rate=1.0)
DAMAGES = {
    "least": Damage(),
    "none": UNDAMAGED,
    "heavy": HEAVY,
    "dressed": DRESSED,
    "lost": replace(HEAVY, lost_rate=0.5),
}


def pages(damage: Damage, count: int = 12, seed: int = 5) -> list[NewspaperPage]:
    return make_pages(TEXTS, count, damage, seed)


def body(page: NewspaperPage, number: int) -> str:
    """The running text of one story in its own order."""
    parts = [b for b in page.blocks if b.story == number and b.kind == "paragraph"]
    return "".join(block.text for block in sorted(parts, key=lambda block: block.order))


def texts_of(page: NewspaperPage) -> dict[int, str]:
    """The text that each story of a page was made of."""
    found = {}
    for number in {block.story for block in page.blocks} - {-1}:
        (found[number],) = [t for t in TEXTS if any(s in body(page, number) for s in sentences(t))]
    return found


def sentences(text: str) -> list[str]:
    return [f"{sentence}。" for sentence in text.split("。") if sentence]


# --- What every page keeps ----------------------------------------------------------------------


@pytest.mark.parametrize("name", DAMAGES)
def test_the_same_seed_makes_the_same_pages_and_another_others(name: str) -> None:
    assert pages(DAMAGES[name]) == pages(DAMAGES[name])
    assert pages(DAMAGES[name]) != pages(DAMAGES[name], seed=6)


@pytest.mark.parametrize("name", ["least", "none", "heavy"])
def test_no_character_of_a_text_is_lost_or_added(name: str) -> None:
    for page in pages(DAMAGES[name]):
        assert all(body(page, number) == text for number, text in texts_of(page).items())


def test_a_dressed_page_keeps_every_sentence() -> None:
    for page in pages(DRESSED):
        for number, text in texts_of(page).items():
            assert all(sentence in body(page, number) for sentence in sentences(text))


def test_lost_parts_are_later_parts_of_broken_paragraphs() -> None:
    kept = pages(replace(HEAVY, lost_rate=1.0, section_rate=0.0))
    assert not any(block.continues for page in kept for block in page.blocks)
    for page in kept:
        for number, text in texts_of(page).items():
            assert len(body(page, number)) < len(text)


@pytest.mark.parametrize("name", DAMAGES)
def test_blocks_stand_in_the_page_s_text_where_they_are_said_to(name: str) -> None:
    for page in pages(DAMAGES[name]):
        text = page.text
        for start, block in zip(page.starts, page.blocks, strict=True):
            assert text[start : start + len(block.text)] == block.text
        assert "".join(text.split()) == "".join("".join(b.text.split()) for b in page.blocks)


@pytest.mark.parametrize("name", DAMAGES)
def test_each_story_has_each_place_once_and_no_empty_block(name: str) -> None:
    for page in pages(DAMAGES[name]):
        places = [(block.story, block.order) for block in page.blocks if block.order >= 0]
        assert len(places) == len(set(places))
        assert all(block.text.strip() for block in page.blocks)


def test_no_text_is_used_twice_and_pages_hold_one_to_so_many_stories() -> None:
    made = pages(replace(HEAVY, max_stories=4), count=15)
    counts = [len(texts_of(page)) for page in made]
    assert set(counts) == {1, 2, 3, 4}
    used = [text for page in made for text in texts_of(page).values()]
    assert len(used) == len(set(used))


# --- Damage -------------------------------------------------------------------------------------


def test_an_undamaged_page_is_one_whole_story_in_its_order() -> None:
    for page in pages(UNDAMAGED):
        assert page.continued() == []
        assert {block.kind for block in page.blocks} == {"paragraph"}
        assert page.text.replace("\n", "") in TEXTS


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_long_paragraphs_are_broken_always_or_never(rate: float) -> None:
    for page in pages(Damage(break_rate=rate, caption_rate=0.0)):
        long = [block for block in page.blocks if len(block.text) > MIN_BROKEN_CHARS]
        whole = [block for block in long if not block.continues and block.text[-1] == "。"]
        assert whole == ([] if rate else long)
        assert bool(page.continued()) == bool(rate)


def test_no_sentence_is_broken_at_its_end_or_beside_a_comma() -> None:
    for page in pages(HEAVY):
        for first, second in page.continued():
            assert page.blocks[first].text[-1] not in "。！？；…"
            assert page.blocks[second].text[0] not in "。！？；…，、："


@pytest.mark.parametrize("name", DAMAGES)
def test_the_halves_of_a_broken_sentence_make_words_of_its_text(name: str) -> None:
    for page in pages(DAMAGES[name]):
        texts = texts_of(page)
        for first, second in page.continued():
            a, b = page.blocks[first], page.blocks[second]
            assert a.story == b.story
            assert b.continues
            assert (a.kind, b.kind) == ("paragraph", "paragraph")
            # A dateline or list mark is in no text, so a dressed page may be cut close to one.
            assert a.text[-8:] + b.text[:8] in texts[a.story] + "\n" + body(page, a.story)


def test_a_carried_part_stands_after_another_story() -> None:
    for page in pages(replace(HEAVY, carried_share=1.0, section_rate=0.0, shuffled_rate=0.0)):
        if len(texts_of(page)) == 1:
            continue
        for first, second in page.continued():
            above = page.blocks[first + 1 : second] if first < second else page.blocks[:second]
            assert any(block.story != page.blocks[first].story for block in above)


def test_parts_that_are_not_carried_follow_with_nothing_but_a_caption_between() -> None:
    damage = replace(HEAVY, carried_share=0.0, section_rate=0.0, shuffled_rate=0.0)
    for page in pages(damage):
        for first, second in page.continued():
            assert all(b.kind == "caption" for b in page.blocks[first + 1 : second])


def test_columns_in_another_order_leave_the_first_first_and_lose_nothing() -> None:
    damage = Damage(break_rate=1.0, caption_rate=0.0, shuffled_rate=1.0, max_stories=1)
    moved = 0
    for page in pages(damage):
        assert page.blocks[0].order == 0
        orders = [block.order for block in page.blocks]
        assert sorted(orders) == list(range(len(orders)))
        moved += orders != sorted(orders)
    assert moved > 6


def test_a_moved_section_is_whole_and_after_another_story() -> None:
    damage = Damage(break_rate=0.0, section_rate=1.0, max_stories=3)
    moved = 0
    for page in pages(damage):
        runs = [a.story for a, b in pairwise([*page.blocks, None]) if not b or b.story != a.story]
        moved += len(runs) > len(set(runs))
    assert moved > 3


# --- The truth ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DAMAGES)
def test_the_truth_about_blocks_as_printed_is_the_page_s_own(name: str) -> None:
    for page in pages(DAMAGES[name]):
        truth = truth_of(page, page.starts)
        assert list(truth.stories) == [block.story for block in page.blocks]
        assert truth.joins == dict(page.continued())
        assert truth.next_breaks <= truth.joins.keys()


@pytest.mark.parametrize("name", DAMAGES)
def test_the_truth_holds_for_blocks_as_the_program_cuts_them(name: str) -> None:
    for page in pages(DAMAGES[name]):
        blocks, texts = split_blocks(page.text), texts_of(page)
        truth = truth_of(page, [block.start for block in blocks])
        assert len(truth.stories) == len(blocks)
        assert len(truth.joins) == len(page.continued())
        for first, second in truth.joins.items():
            number = truth.stories[first]
            edge = blocks[first].text[-8:] + blocks[second].text[:8]
            assert edge in texts[number] + "\n" + body(page, number)
            assert truth.stories[second] == number


def test_a_break_past_captions_is_next_and_one_past_a_story_is_not() -> None:
    rows = [("甲", 0, 0), ("图", 0, 1), ("乙", 0, 2), ("丙", 1, 0), ("丁", 0, 4), ("戊", 0, 3)]
    blocks = tuple(
        PageBlock(text, owner, order, "caption" if text == "图" else "paragraph", text in "乙丁")
        for text, owner, order in rows
    )
    truth = truth_of(NewspaperPage(blocks), NewspaperPage(blocks).starts)
    assert truth.joins == {0: 2, 5: 4}
    assert truth.next_breaks == {0}


def test_a_part_whose_first_half_is_lost_continues_nothing() -> None:
    page = NewspaperPage((PageBlock("甲", 0, 0), PageBlock("丙", 0, 2, continues=True)))
    assert page.continued() == []


# --- Its pieces ---------------------------------------------------------------------------------


@given(st.text(alphabet="甲乙丙，。！？”", max_size=300), st.integers(0, 99))
def test_paragraphs_give_the_text_back(text: str, seed: int) -> None:
    rows = paragraphs(text, np.random.default_rng(seed))
    assert "".join(rows) == text
    assert all(row[-1] in "。！？”" for row in rows[:-1])


def test_texts_that_are_no_prose_of_a_story_s_length_are_not_usable() -> None:
    good = story(1, 12)
    assert usable(good)
    assert not usable(good[:150])
    assert not usable(story(1, 80))
    assert not usable(good + "详见https://example.org。")
    assert not usable(good.replace("。", "，"))
    assert not usable("责任编辑 王小明。" + good)
    assert not usable(good + "12345678" * 60)


@given(st.text(min_size=1, max_size=200), st.integers(0, 99))
def test_a_headline_is_short_and_of_the_lead_s_words(lead: str, seed: int) -> None:
    title = headline(lead, np.random.default_rng(seed))
    assert 0 < len(title) <= 28
    assert all(word in lead for word in title.split())


@given(st.integers(0, 999))
def test_captions_and_names_are_short_lines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert 0 < len(caption([story(2)], rng)) < 40
    assert 1 <= len(names(rng).split()) <= 3
    assert caption(["短。"], rng)


def test_a_story_s_own_headline_stands_above_it_whole_on_one_line_or_two() -> None:
    own = {0: "【小城】修了桥：从此过河不绕路？", 2: "茶树种下了 老茶农却说还早！"}
    lines = 0
    for damage in (replace(HEAVY, has_titles=False), DRESSED):
        for seed in range(20):
            rng = np.random.default_rng(seed)
            page = make_page(TEXTS[seed : seed + 3], damage, rng, headlines=own)
            for number, words in own.items():
                first = [b for b in page.blocks if b.story == number and b.kind == "headline"]
                printed = sorted(first, key=lambda block: block.order)
                joined = "".join(block.text for block in printed)
                assert words.replace(" ", "") in joined.replace(" ", "")
                lines += printed[0].text != words
            is_titled = any(b.story == 1 and b.kind == "headline" for b in page.blocks)
            assert is_titled == damage.has_titles
    assert lines


def test_a_page_of_one_story_carries_nothing_away() -> None:
    page = make_page([TEXTS[0]], replace(DRESSED, carried_share=1.0), np.random.default_rng(1))
    assert {block.story for block in page.blocks} <= {0, -1}

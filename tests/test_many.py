"""Texts for an index of any size: as many as are asked for, always the same."""

from __future__ import annotations

import lzma
from itertools import islice
from pathlib import Path

from corpora.many import many_texts, woven
from corpora.passages import count_passages
from rag.text import sentences
from tests.stories import STORIES
from tests.test_eval_large import news

TEXTS = [text for _, text in STORIES]


def test_real_texts_come_first_and_made_ones_fill_up(tmp_path: Path) -> None:
    data = news(tmp_path / "data", 1)
    with lzma.open(data / "laws_cn.tsv.xz", "wt", encoding="utf-8") as file:
        file.write("水法\t第一条 为了保护水。\n")
    texts = list(many_texts(data, 60))
    assert texts[len(TEXTS)] == "第一条 为了保护水。"
    told = {text.partition("版")[2] for text in texts[: len(TEXTS)]}
    assert told == {text.replace("\n", " ").strip() for text in TEXTS}
    counts = [count_passages(text) for text in texts]
    assert sum(counts) >= 60 > sum(counts[:-1])
    assert len(texts) > len(TEXTS) + 1
    assert list(many_texts(data, 60)) == texts


def test_a_made_text_has_sentences_of_two_in_their_order() -> None:
    pieces = {text[a:b]: (at, a) for at, text in enumerate(TEXTS) for a, b in sentences(text)}
    both = 0
    for made in islice(woven(TEXTS, 1), 30):
        own = [pieces[made[a:b]] for a, b in sentences(made) if made[a:b] in pieces]
        owners = {at for at, _ in own}
        both += len(owners) == 2
        assert 1 <= len(owners) <= 2
        for at in owners:
            places = [place for owner, place in own if owner == at]
            assert places == sorted(places)
    assert both > 10
    assert list(islice(woven(TEXTS, 1), 9)) == list(islice(woven(TEXTS, 1), 9))
    assert list(islice(woven(TEXTS, 2), 9)) != list(islice(woven(TEXTS, 1), 9))

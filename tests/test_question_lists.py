"""Lists of hits: read as they were written, held out by their source, whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lessons import question_list
from training.question_lists import line_of, read_lists, write_lines


def test_lists_are_read_as_they_were_written(tmp_path: Path) -> None:
    lists = [question_list(), question_list("柳湾小学有多少名学生？", history=("在哪？", "河西"))]
    write_lines(tmp_path / "lists.gz", map(line_of, lists))
    assert list(read_lists(tmp_path / "lists.gz")) == lists


def test_all_questions_over_one_source_are_held_out_or_none() -> None:
    one = question_list()
    sources = [replace(one, source=f"yinju/{number}") for number in range(2000)]
    share = sum(each.is_held_out for each in sources) / len(sources)
    assert 0.04 < share < 0.09
    for each in sources[:50]:
        assert replace(each, question="别的？", set="drcd").is_held_out == each.is_held_out


def test_a_file_that_is_cut_off_while_it_is_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "lists.gz"
    write_lines(file, [line_of(question_list())])

    def broken() -> Iterator[str]:
        yield line_of(question_list())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lines(file, broken())
    assert list(read_lists(file)) == [question_list()]

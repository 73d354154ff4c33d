"""The bench beside other programs, on a few passages; times are never judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.bench import BenchError
from eval.parts import PARTS, measure_part
from eval.peers import measure_peers
from tests.test_eval_large import news


@pytest.mark.slow
def test_each_program_does_the_same_work_and_what_is_done_is_kept(tmp_path: Path) -> None:
    data, said = news(tmp_path / "data", 6), []
    first = measure_peers(data, tmp_path / "work", passages=20, say=said.append)
    for name in ("yinju", "faiss", "bm25s"):
        one = first["systems"][name]
        assert one["found_at_10"] > 0.5
        assert one["search_p50_ms"] > 0
    assert first["systems"]["yinju"]["search_p50_ms_to_ours"] == 1.0
    assert set(first["systems"]) | set(first["left_out"]) >= {"haystack", "txtai", "lancedb"}
    folder = tmp_path / "work" / "peers-20"
    kept = json.loads((folder / "yinju.json").read_text(encoding="utf-8"))
    assert kept["passages"] >= 20
    said.clear()
    again = measure_peers(data, tmp_path / "work", passages=20, say=said.append)
    assert again["systems"] == first["systems"]
    assert not any("yinju" in line for line in said)


@pytest.mark.parametrize("name", ["nichts", *PARTS])
def test_a_part_that_is_none_or_without_data_is_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError) as caught:
        measure_part(name, tmp_path / "nichts" if name in PARTS else None, tmp_path / "work")
    assert "\n" not in str(caught.value)

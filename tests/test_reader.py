"""Readers: one contract for the shipped one and its stand-in, and weights that are not whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models.pairing import Pairing
from rag.models.products import PROBE_FILE, are_exact
from rag.models.reader import MODEL_FILE, TOKENIZER_FILE, OnnxReader, Reader, Shown, Turn
from rag.models.reader import builtin_reader as shipped
from rag.models.weights import WEIGHTS
from tests.fakes import OverlapReader
from training.reader_export import write_probe

MILL = Shown("梅溪镇的榨油厂", "梅溪镇榨油厂去年榨油36万斤。厂里有工人58名，厂长是周远航。")
BRIDGE = Shown("", "柳河上的石桥长27米。")
CLASS = Shown("书法班", "书法班每周六上课，地点在文化馆三楼。")
OIL = Turn("梅溪镇榨油厂去年榨油多少斤？")


@pytest.fixture(params=[OverlapReader, shipped], ids=["stand-in", "shipped"])
def reader(request: pytest.FixtureRequest) -> Reader:
    made: Reader = request.param()
    return made


def assert_fits(scores: object, passage: Shown) -> None:
    starts, stops = scores.starts, scores.stops  # type: ignore[attr-defined]
    assert len(starts) == len(stops)
    for name in ("begins", "ends", "inside"):
        values = getattr(scores, name)
        assert values.shape == (len(starts),)
        assert np.isfinite(values).all()
    assert np.isfinite(scores.answers)  # type: ignore[attr-defined]
    for start, stop in zip(starts, stops, strict=True):
        assert 0 <= start <= stop <= len(passage.text)
    assert list(starts) == sorted(starts)


def test_each_passage_is_scored_in_its_place_and_every_piece_lies_in_its_text(reader: Reader):
    passages = [BRIDGE, MILL, CLASS, BRIDGE]
    scored = reader.read(OIL, passages)
    assert len(scored) == len(passages)
    for scores, passage in zip(scored, passages, strict=True):
        assert_fits(scores, passage)
    assert scored[0].starts == scored[3].starts


def test_the_same_input_gives_the_same_scores(reader: Reader):
    one, other = reader.read(OIL, [MILL, BRIDGE]), reader.read(OIL, [MILL, BRIDGE])
    for a, b in zip(one, other, strict=True):
        assert a.answers == b.answers
        assert (a.begins == b.begins).all()
        assert (a.inside == b.inside).all()


def test_who_else_is_read_with_a_passage_changes_next_to_nothing(reader: Reader):
    alone, *_ = reader.read(OIL, [MILL])
    among = reader.read(OIL, [*[BRIDGE] * 13, MILL])[13]
    assert among.answers == pytest.approx(alone.answers, abs=0.3)
    assert int(among.begins.argmax()) == int(alone.begins.argmax())


def test_nothing_to_read_is_no_scores(reader: Reader):
    assert reader.read(OIL, []) == []
    (scores,) = reader.read(OIL, [Shown("", "")])
    assert (scores.starts, scores.begins.shape) == ((), (0,))


def test_a_passage_that_tells_is_above_those_that_do_not(reader: Reader):
    scored = [one.answers for one in reader.read(OIL, [BRIDGE, MILL, CLASS])]
    assert scored.index(max(scored)) == 1


def test_the_words_that_answer_are_pointed_at(reader: Reader):
    (scores,) = reader.read(OIL, [MILL])
    begin, end = scores.starts[int(scores.begins.argmax())], scores.stops[int(scores.ends.argmax())]
    assert "36" in MILL.text[begin:end]
    assert len(MILL.text[begin:end]) <= 8


def test_a_question_that_leans_is_read_with_the_turn_before_it(reader: Reader):
    texts = [Shown("", "梅溪镇有工人58名。"), Shown("", "白沙镇有工人90名。")]
    for before, best in (("梅溪镇榨油多少斤？", 0), ("白沙镇榨油多少斤？", 1)):
        scored = [one.answers for one in reader.read(Turn("工人呢？", (before,)), texts)]
        assert scored.index(max(scored)) == best


@settings(max_examples=25)
@given(
    st.text(max_size=40),
    st.lists(st.text(max_size=30), max_size=2),
    st.lists(st.tuples(st.text(max_size=30), st.text(max_size=90)), max_size=3),
)
def test_any_text_can_be_read(question: str, before: list[str], texts: list[tuple[str, str]]):
    passages = [Shown(*one) for one in texts]
    for made in (OverlapReader(), shipped()):
        scored = made.read(Turn(question, tuple(before)), passages)
        for scores, passage in zip(scored, passages, strict=True):
            assert_fits(scores, passage)


# --- Weights that are not whole ---------------------------------------------------------------


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "noise"])
def test_a_missing_or_damaged_reader_is_an_error_of_one_line(
    tmp_path: Path, name: str, damage: str
):
    folder = tmp_path / "reader"
    folder.mkdir()
    for file in (MODEL_FILE, TOKENIZER_FILE):
        shutil.copyfile(WEIGHTS / "reader" / file, folder / file)
    path = folder / name
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"empty": b"", "cut": data[: len(data) // 2], "noise": b"\xff" * 99}[damage]
        )
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装") as error:
        OnnxReader.load(folder)
    assert "\n" not in str(error.value)


# --- Products of 8 bits -----------------------------------------------------------------------


def test_scores_are_those_of_exact_products_on_whatever_cpu():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", "1")
    data = (WEIGHTS / "reader" / MODEL_FILE).read_bytes()
    exact = OnnxReader(
        onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"]),
        Pairing.load(WEIGHTS / "reader" / TOKENIZER_FILE),
    )
    passages = [MILL, BRIDGE]
    for own, other in zip(shipped().read(OIL, passages), exact.read(OIL, passages), strict=True):
        assert own.answers == pytest.approx(other.answers, abs=0.005)
        assert np.allclose(own.begins, other.begins, atol=0.02)


@pytest.mark.parametrize("data", [None, b"", b"\xff" * 99])
def test_without_a_whole_probe_it_is_said_what_to_do(tmp_path: Path, data: bytes | None):
    if data is not None:
        (tmp_path / PROBE_FILE).write_bytes(data)
    with pytest.raises(ModelError, match="缺失或损坏；请重新安装"):
        are_exact(tmp_path)


def test_the_probe_is_as_training_writes_it(tmp_path: Path):
    write_probe(tmp_path / PROBE_FILE)
    assert (tmp_path / PROBE_FILE).read_bytes() == (WEIGHTS / "reader" / PROBE_FILE).read_bytes()


def test_the_shipped_reader_is_loaded_once():
    assert shipped() is shipped()

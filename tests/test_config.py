"""Settings: where they come from, which wins, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from rag.config import Config, bundled
from rag.errors import ConfigError


def test_flags_win_over_variables_these_over_the_file_these_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = Config.from_environment()
    (tmp_path / "yinju.toml").write_text(
        "top_k = 3\ncandidates = 11\npassage_chars = 111\n", encoding="utf-8"
    )
    monkeypatch.setenv("YINJU_TOP_K", "4")
    monkeypatch.setenv("YINJU_CANDIDATES", "12")
    config = Config.from_environment({"top_k": 5})
    assert (config.top_k, config.candidates, config.passage_chars) == (5, 12, 111)
    assert config.max_new_tokens == default.max_new_tokens


def test_a_flag_that_was_not_given_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_TOP_K", "4")
    assert Config.from_environment({"top_k": None}).top_k == 4


def test_a_flag_of_zero_counts_as_given() -> None:
    assert Config.from_environment({"vector_weight": 0.0}).vector_weight == 0.0


def test_the_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "yinju.toml").write_text("top_k = 3\n", encoding="utf-8-sig")
    assert Config.from_environment().top_k == 3


def test_another_folder_may_hold_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "设置"
    folder.mkdir()
    (folder / "yinju.toml").write_text("top_k = 2\n", encoding="utf-8")
    assert Config.from_environment(folder=folder).top_k == 2


def is_one_chinese_line(message: str) -> bool:
    return "\n" not in message and any("一" <= character <= "鿿" for character in message)


@pytest.mark.parametrize(
    "values",
    [
        {"top_k": 0},
        {"top_k": 101},
        {"top_k": "很多"},
        {"top_k": 1.5},
        {"top_k": [1]},
        {"passage_chars": 39},
        {"vector_weight": 1.1},
        {"vector_weight": "半"},
        {"vector_weight": None},
        {"answer_threshold": float("nan")},
        {"max_file_mb": 0},
        {"corpus": 3},
        {"embedder": 3},
        {"embeder": "x"},
    ],
    ids=str,
)
def test_a_setting_without_sense_is_named_in_one_chinese_line(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        Config(**values)
    assert is_one_chinese_line(str(caught.value))
    assert next(iter(values)) in str(caught.value)
    assert "should" not in str(caught.value)


def test_a_very_long_value_is_not_printed_whole() -> None:
    with pytest.raises(ConfigError) as caught:
        Config(top_k="9" * 5000 + "x")
    assert len(str(caught.value)) < 200


def test_an_unknown_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_TOPK", "3")
    with pytest.raises(ConfigError, match="没有叫 topk 的设置"):
        Config.from_environment()


def test_an_unknown_key_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "yinju.toml").write_text("[rag]\ntop_k = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="没有叫 rag 的设置"):
        Config.from_environment()


@pytest.mark.parametrize("content", [b"top_k = \n", b"\xff\xfe\x00", "路径 = 好".encode("gb18030")])
def test_a_file_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "yinju.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"yinju\.toml 读不懂") as caught:
        Config.from_environment()
    assert is_one_chinese_line(str(caught.value))


def test_settings_do_not_change_once_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Config(top_k=3).top_k = 4  # type: ignore[misc]


def test_the_default_corpus_is_the_seeds_wherever_the_program_is_started(root: Path) -> None:
    assert Config().corpus == root / "seeds"
    assert bundled("prompts").is_dir()


def test_each_corpus_has_an_index_of_its_own() -> None:
    folders = [
        Config(corpus=corpus).corpus_index_dir for corpus in ("甲/文章", "乙/文章", "甲/文章")
    ]
    assert folders[0] == folders[2] != folders[1]
    assert folders[0].name.startswith("文章-")


def test_a_corpus_path_that_is_no_utf8_has_an_index_folder_too() -> None:
    assert Config(corpus=Path("\udcb0\udcb2")).corpus_index_dir.name.startswith("\udcb0\udcb2-")


def test_every_setting_says_in_chinese_what_it_is() -> None:
    assert all(
        is_one_chinese_line(field.description or "") for field in Config.model_fields.values()
    )

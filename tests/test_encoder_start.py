"""The start: pieces that no text uses go, those that stay keep their vectors; where it is found."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from safetensors.torch import load_file
from tokenizers import Tokenizer

from corpora.files import DataError
from tests.data_folder import CROSS_RUN, QA_RUN, write_folder
from tests.lessons import SPECIAL, tokenizer, write_start
from training import encoder_start
from training.encoder_start import (
    count_pieces,
    cut_folder,
    cut_tokenizer,
    find_pretrained,
    kept_pieces,
    same_pieces,
    texts,
)

WORDS = "embeddings.word_embeddings.weight"


def test_used_pieces_single_characters_and_special_ones_stay() -> None:
    pieces = [*SPECIAL, "▁云", "云桥镇", "ab", "é", "。", "水库"]
    kept = kept_pieces(pieces, Counter({5: 6, 9: 5}))
    assert [pieces[number] for number in kept] == [*SPECIAL, "▁云", "云桥镇", "。"]


def test_the_pieces_of_a_tokenizer_that_was_cut_before_can_be_kept_again(tmp_path: Path) -> None:
    pieces = [piece for piece, _ in json.loads(tokenizer().to_str())["model"]["vocab"]]
    cut = cut_tokenizer(json.loads(tokenizer().to_str()), [0, 1, 2, 3, 7, 9])
    (tmp_path / "tokenizer.json").write_text(json.dumps(cut), "utf-8")
    assert same_pieces(pieces, tmp_path / "tokenizer.json") == [0, 1, 2, 3, 7, 9]


def test_pieces_are_counted_over_all_texts() -> None:
    counts = count_pieces(tokenizer(), ["云桥", "云"] * 600)
    number = tokenizer().token_to_id
    assert counts[number("云")] == 1200
    assert counts[number("桥")] == 600


def test_a_piece_that_stays_keeps_its_vector(tmp_path: Path) -> None:
    write_start(tmp_path / "whole")
    whole = tokenizer()
    pieces = sorted(whole.get_vocab(), key=whole.token_to_id)
    gone = "库"
    described = json.loads(whole.to_str())
    kept = [number for number, piece in enumerate(pieces) if piece != gone]
    cut = Tokenizer.from_str(json.dumps(cut_tokenizer(described, kept)))
    assert cut.token_to_id(gone) is None
    cut_folder(tmp_path / "whole", tmp_path / "cut", whole, kept)
    before, after = (load_file(tmp_path / f / "model.safetensors") for f in ("whole", "cut"))
    made = Tokenizer.from_file(str(tmp_path / "cut" / "tokenizer.json"))
    for word in ("云", "桥", "</s>"):
        old, new = before[WORDS][whole.token_to_id(word)], after[WORDS][made.token_to_id(word)]
        assert old.tolist() == new.tolist()
    config = json.loads((tmp_path / "cut" / "config.json").read_text("utf-8"))
    assert config["vocab_size"] == len(after[WORDS]) == made.get_vocab_size()


def test_special_pieces_that_a_hub_lists_by_number_get_their_new_one() -> None:
    described = json.loads(tokenizer().to_str())
    added = [{"id": 2, "content": "</s>"}, {"id": 7, "content": "<mask>"}]
    cut = cut_tokenizer(described | {"added_tokens": added}, [0, 2, 3])
    assert cut["added_tokens"] == [{"id": 1, "content": "</s>"}]


def test_texts_hold_nothing_of_an_article_held_out(tmp_path: Path) -> None:
    write_folder(tmp_path)
    found = list(texts(tmp_path))
    assert len(found) > 4
    assert not any(run[:40] in text for run in (QA_RUN, CROSS_RUN) for text in found)


@pytest.mark.parametrize("place", ["data/start", "models", "models/e5"])
def test_pretrained_weights_are_found_beside_the_data(tmp_path: Path, place: str) -> None:
    (tmp_path / "data").mkdir()
    write_start(tmp_path / place)
    assert find_pretrained(tmp_path / "data", tmp_path / "work").samefile(tmp_path / place)


def test_a_folder_that_is_named_is_taken_before_others_and_has_to_be_an_encoder(
    tmp_path: Path,
) -> None:
    for place in ("data/start", "mine"):
        write_start(tmp_path / place)
    assert find_pretrained(tmp_path / "data", tmp_path, tmp_path / "mine") == tmp_path / "mine"
    with pytest.raises(DataError, match=r"没有编码器.*请核对 --start"):
        find_pretrained(tmp_path / "data", tmp_path, tmp_path / "data")


def test_other_models_beside_the_data_are_passed_over_and_one_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    write_start(tmp_path / "models" / "chat")
    (tmp_path / "models" / "chat" / "config.json").write_text('{"model_type": "qwen2"}', "utf-8")
    made: list[Path] = []
    monkeypatch.setattr(
        encoder_start, "make_pretrained", lambda folder: (made.append(folder), write_start(folder))
    )
    for _ in range(2):
        assert find_pretrained(tmp_path / "data", tmp_path) == tmp_path / "pretrained"
    assert made == [tmp_path / "pretrained"]

"""What the embedder learns questions in other words from, and that it goes on from given vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from corpora.questions import QuestionRow
from rag.models.embedder import BUILTIN_FOLDER, builtin_embedder
from tests.data_folder import HELD_OUT, TRAINED, write_folder
from training import embedder_corpora
from training.embedder import Course, Settings, build_matrix
from training.embedder_corpora import Corpora, written_questions
from training.embedder_pairs import PairSettings, QuestionPairs, bm25_negatives

ORCHARD = "果园里种了四十亩桃树和梨树，秋天能收两万斤果子，都卖到县城的批发市场。"
SCHOOL = "山里的小学新添了一间阅览室，孩子们放学后可以在那里看书，直到父母来接。"
RIVAL = "果园门口的桃树开花了，来看花的人很多，停车的地方不够用。"
ASKED = QuestionRow("1", "种水果的地方一年产量有多大？", ("两万斤果子",), ORCHARD, "")


def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUILTIN_FOLDER / "tokenizer.json"))


def pairs(*others: str) -> QuestionPairs:
    rows = [ASKED, QuestionRow("2", "娃娃们下课了去哪儿？", ("阅览室",), SCHOOL, "")]
    return QuestionPairs(tokenizer(), rows, PairSettings(), others)


def test_a_question_comes_with_the_passage_that_answers_and_its_article_with_all_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path)
    monkeypatch.setattr(embedder_corpora, "is_held_out", lambda source: source == "yinju/u")
    rows, passages = written_questions(tmp_path)
    assert [(row.id, row.context) for row in rows] == [("tt", TRAINED["t"])]
    assert passages == [TRAINED["t"]]


def test_nothing_learned_from_is_of_an_article_held_out(tmp_path: Path) -> None:
    write_folder(tmp_path)
    read = Corpora.read(tmp_path, [], law_chars=1_000)
    learned = [*read.news, *read.among, *(row.context for row in read.written)]
    assert learned
    assert not set(learned) & set(HELD_OUT.values())


def test_a_passage_that_holds_the_answer_is_not_learned_as_a_wrong_one() -> None:
    same_told = f"另一篇也说：{ORCHARD}"
    some = pairs(same_told, RIVAL)
    found = bm25_negatives(some, tokenizer().get_vocab_size(), depth=2)[0]
    told = [ORCHARD, SCHOOL, same_told, RIVAL]
    assert "两万斤果子" not in "".join(told[one] for one in found)


def test_a_passage_of_no_question_is_learned_as_a_wrong_one() -> None:
    some = pairs(RIVAL)
    some.negatives = [[2], []]
    batch = some.draw(2, np.random.default_rng(0))
    assert len(batch.passages) == 3
    assert sorted(batch.labels.tolist()) == [0, 1]


def test_going_on_brings_a_question_in_other_words_nearer_to_its_passage() -> None:
    corpora = Corpora(
        [],
        [],
        [],
        [ASKED, QuestionRow("2", "娃娃们下课了去哪儿？", ("阅览室",), SCHOOL, "")],
        [RIVAL],
    )
    course = Course(steps=8, batch=2, learning_rate=0.003, shares={"written": 1.0}, warmup=1)
    settings = Settings(negatives=1, courses=(course, course))
    start = torch.from_numpy(builtin_embedder().piece_vectors.copy())
    *_, made = build_matrix(tokenizer(), corpora, settings, start=start, seed=0, minutes=5)

    def nearness(matrix: torch.Tensor) -> float:
        mean = [
            matrix[tokenizer().encode(one, add_special_tokens=False).ids].mean(0)
            for one in (ASKED.question, ORCHARD, RIVAL)
        ]
        like = torch.nn.functional.cosine_similarity
        return float(like(mean[0], mean[1], dim=0) - like(mean[0], mean[2], dim=0))

    assert nearness(made) > nearness(start) + 0.05

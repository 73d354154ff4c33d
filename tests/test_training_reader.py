"""Training the reader: examples say where the answer stands, and the loss falls on them."""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import torch

from corpora.questions import QuestionRow
from rag.evidence.lexicon import builtin_lexicon
from tests.stories import STORIES
from training.cloze import clozes
from training.evidence_data import Pool, weakened
from training.lessons import cloze_examples, examples_of
from training.reader import Fit, new_network, train, train_averaged
from training.reader_network import Batches, ReadingExample, loss_of

ROWS = [
    QuestionRow("1", "云桥镇新建了多少亩茶园？", ("1.2万亩",), STORIES[0][1], STORIES[0][0]),
    QuestionRow("2", "双河水库的总库容是多少？", ("1.26亿立方米",), STORIES[1][1], STORIES[1][0]),
]


def shown(example: ReadingExample, number: int, span: tuple[int, int]) -> str:
    start = int(example.given.starts[number])
    codes = example.given.text[start + span[0] : start + span[1]]
    return "".join(map(chr, codes))


def test_an_example_says_where_the_answer_stands() -> None:
    rows = [row for row in ROWS if row.answers[0] in row.context]
    assert rows
    answers = {answer for row in rows for answer in row.answers}
    found = [
        shown(example, number, span)
        for example in examples_of(Pool(rows), rows, 0)
        for number, spans in enumerate(example.spans)
        for span in spans
    ]
    assert found
    assert set(found) <= answers


def test_a_question_made_from_a_text_has_its_answer_in_its_gold_sentence() -> None:
    for example in cloze_examples(islice(clozes([*STORIES] * 5, random.Random(0)), 12)):
        assert example.is_gold.sum() == 1
        assert [bool(spans) for spans in example.spans] == example.is_gold.tolist()
        assert not example.has_rows


def test_the_loss_falls_on_what_is_learned() -> None:
    torch.manual_seed(0)
    examples = list(cloze_examples(islice(clozes([*STORIES] * 10, random.Random(0)), 24)))
    with_rows = [ReadingExample(e.given, e.is_gold, e.spans) for e in examples]
    network = new_network([text for _, text in STORIES], builtin_lexicon())
    batches = Batches(network, with_rows)

    def loss() -> float:
        with torch.no_grad():
            return float(loss_of(network.eval(), batches.of(examples), examples))

    before = loss()
    train(network, batches, examples, 8, 2e-3, 0)
    assert np.isfinite(before)
    assert loss() < 0.9 * before


def test_a_weakened_question_keeps_its_subject_its_numbers_and_what_it_asks() -> None:
    question, order = "云桥镇2019年给予茶农多少补贴？", random.Random(0)
    found = {weakened(question, order, builtin_lexicon()) for _ in range(40)}
    assert len(found) > 4
    assert all(kept in one for one in found for kept in ("云桥镇", "2019", "多少"))
    assert any("补助" in one or "津贴" in one for one in found)


def test_the_mean_of_fits_from_one_start_lies_between_them() -> None:
    torch.manual_seed(0)
    examples = list(cloze_examples(islice(clozes([*STORIES] * 5, random.Random(0)), 12)))
    network = new_network([text for _, text in STORIES], builtin_lexicon())
    batches = Batches(network, [ReadingExample(e.given, e.is_gold, e.spans) for e in examples])
    start = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    still, moved = Fit(examples, 1, 1e-12), Fit(examples, 1, 1e-3)
    train_averaged(network, batches, [moved], 0)
    one = network.span.weight.detach().clone()
    network.load_state_dict(start)
    train_averaged(network, batches, [moved, still], 0)
    assert torch.allclose(network.span.weight, (one + start["span.weight"]) / 2, atol=1e-4)
    assert not torch.allclose(one, start["span.weight"], atol=1e-4)

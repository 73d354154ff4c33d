"""A trainer: fast by the clock, gone on from where it was, its checkpoint whole or the one before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from tests.lessons import pairing, question_list, tiny_network, write_start
from training import reader
from training.question_lists import FILE, line_of, write_lines
from training.reader import courses_beside, forget, train
from training.reader_batches import Batch, batches
from training.reader_course import CHECKPOINT, Course, parted, run
from training.reader_course import FILE as WEIGHTS
from training.reader_trainer import Average, Report, Schedule, Trainer
from training.reader_trial import Trial, area_under_curve, tried


def lessons(count: int) -> list[Batch]:
    source = batches([question_list()] * 9, pairing(), passages=3, pieces=400, seed=1)
    return [next(source) for _ in range(count)]


def weights_of(trainer: Trainer) -> torch.Tensor:
    return torch.cat([one.detach().flatten() for one in trainer.network.parameters()])


def test_the_rate_rises_by_steps_and_falls_with_the_clock() -> None:
    schedule = Schedule(minutes=10)
    assert schedule.share(1, 0) == 0.01
    assert schedule.share(100, 0) == 1
    assert schedule.share(500, 300) == 0.5
    assert schedule.share(900, 600) == schedule.share(900, 9000) == 0.05


def test_a_trainer_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    first, *others = lessons(4)
    whole = Trainer(tiny_network(), Schedule(1))
    whole.learn(first)
    whole.spent = 7.25
    whole.save(tmp_path / CHECKPOINT)
    resumed = Trainer(tiny_network(seed=5), Schedule(1))
    resumed.resume(tmp_path / CHECKPOINT)
    assert (resumed.step, resumed.spent) == (1, 7.25)
    for one in others:
        assert whole.learn(one) == resumed.learn(one)
    assert torch.equal(weights_of(whole), weights_of(resumed))
    means = [each.average.network.state_dict() for each in (whole, resumed)]
    assert all(torch.equal(means[0][name], means[1][name]) for name in means[0])


def test_the_table_of_pieces_is_not_moved() -> None:
    trainer = Trainer(tiny_network(), Schedule(1))
    before, moved = trainer.network.encoder.words.weight.clone(), weights_of(trainer)
    trainer.learn(lessons(1)[0])
    assert torch.equal(trainer.network.encoder.words.weight, before)
    assert not torch.equal(weights_of(trainer), moved)


def test_a_checkpoint_that_is_cut_off_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(tiny_network(), Schedule(1))
    trainer.save(tmp_path / CHECKPOINT)
    before = (tmp_path / CHECKPOINT).read_bytes()

    def cut_off(tensors: object, file: Path, metadata: object) -> None:
        file.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", cut_off)
    with pytest.raises(OSError, match="No space left"):
        trainer.save(tmp_path / CHECKPOINT)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_an_average_follows_at_once_and_then_more_and_more_slowly() -> None:
    network = tiny_network()
    average = Average(network)
    with torch.no_grad():
        network.whole[2].bias.fill_(1.0)
    bias = average.network.whole[2].bias.detach()
    start = float(bias)
    average.follow(network, 1)
    early = float(bias)
    average.follow(network, 10_000)
    late = float(bias)
    assert early == pytest.approx(start + (1 - 2 / 11) * (1 - start))
    assert late == pytest.approx(early + 0.002 * (1 - early))


def test_a_report_tells_a_running_mean_and_the_passages() -> None:
    report = Report()
    report.add({"choice": 1.0}, 3)
    report.add({"choice": 0.0}, 4)
    assert str(report) == "7 passages choice 0.980"


def test_a_trial_counts_questions_that_have_an_answer_and_tells_them_from_the_others() -> None:
    lists = [question_list(), question_list(answers=()), question_list(passages=())]
    found = tried(tiny_network(), lists, pairing())
    assert found.answerable == len(found.told) == len(found.untold) == 1
    assert 0 <= found.words <= 1
    trial = Trial(answerable=4, passages=3, words=2, told=[2.0, 1.0], untold=[1.0, 0.0])
    assert str(trial) == "passage 0.750 words 0.500 AUC 0.875 of 4"
    assert area_under_curve([], [1.0]) == 0


def test_held_out_sources_are_tried_and_not_learned_from() -> None:
    lists = [question_list(source=f"yinju/{n}") for n in range(200)]
    others = [question_list(source=f"wiki/{n}", set="drcd") for n in range(200)]
    kept, held = parted([*others, *lists])
    assert held == [one for one in lists if one.is_held_out]
    assert kept == [one for one in [*others, *lists] if not one.is_held_out]


def made(work: Path, **more: object) -> Course:
    write_start(work / "start")
    lists = [question_list(source=f"yinju/{number}") for number in range(60)]
    write_lines(work / FILE, map(line_of, lists))
    given = {"work": work, "folder": work, "minutes": 0.02, "until": 0.01, "seed": 1}
    return Course(**(given | {"device": "cpu"} | more))  # type: ignore[arg-type]


def test_a_course_ends_by_the_clock_and_leaves_weights_and_a_checkpoint(tmp_path: Path) -> None:
    course = made(tmp_path)
    assert run(course) == tmp_path / WEIGHTS
    trainer = Trainer(tiny_network(), Schedule(1))
    trainer.resume(tmp_path / CHECKPOINT)
    assert trainer.step > 0
    assert 0.6 <= trainer.spent < 30


def test_trainers_part_from_the_first_ones_checkpoint_with_seeds_of_their_own(
    tmp_path: Path,
) -> None:
    first = Course(tmp_path, tmp_path, minutes=80, until=12, seed=1)
    one, two = courses_beside(first, 2, 80, resume=False)
    assert one.beginning == two.beginning == tmp_path / CHECKPOINT
    assert (one.until, one.minutes, one.threads) == (80, 80, 1)
    assert len({first.seed, one.seed, two.seed}) == 3
    assert len({first.folder, one.folder, two.folder}) == 3


def test_a_resumed_trainer_goes_on_from_its_own_checkpoint_and_a_new_run_forgets_it(
    tmp_path: Path,
) -> None:
    first = Course(tmp_path, tmp_path, minutes=80, until=12, seed=1)
    own = tmp_path / "trainer-2" / CHECKPOINT
    own.parent.mkdir()
    own.touch()
    one, two = courses_beside(first, 2, 80, resume=True)
    assert one.beginning == tmp_path / CHECKPOINT
    assert two.beginning == own
    forget(tmp_path)
    assert not own.exists()


@pytest.mark.parametrize(
    ("options", "kind", "until"),
    [(["--device", "cpu"], 3, 12), (["--trainers", "1"], 1, 80), (["--minutes", "5"], 3, 5)],
)
def test_without_a_gpu_there_is_a_trainer_a_core_after_a_common_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], kind: int, until: float
) -> None:
    asked: list[tuple[int, float]] = []
    monkeypatch.setattr(reader, "cores", lambda: 3)
    monkeypatch.setattr(reader, "device", lambda name: torch.device("cpu"))
    monkeypatch.setattr(reader, "run", lambda course: asked.append((1, course.until)))
    monkeypatch.setattr(
        reader, "train", lambda first, count, *_, **__: asked.append((count, first.until))
    )
    monkeypatch.setattr(sys, "argv", ["reader", "--work", str(tmp_path), *options])
    reader.main()
    assert asked == [(kind, until)]


@pytest.mark.slow
def test_trainers_side_by_side_make_one_reader_of_all(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    train(made(tmp_path), 2, 0.1, resume=False)
    parts = [load_file(tmp_path / f"trainer-{number}" / WEIGHTS) for number in (1, 2)]
    whole = load_file(tmp_path / WEIGHTS)
    name = "whole.0.weight"
    assert not torch.equal(parts[0][name], parts[1][name])
    assert torch.allclose(whole[name], (parts[0][name] + parts[1][name]) / 2)

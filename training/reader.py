"""Teach the encoder to read: which words of a passage answer a question, and whether any do.

In goes the file of `training.question_lists` and the start of `training.encoder_start`, out comes
`reader.safetensors` in the work folder. The score of a passage is learned against the other hits of
its question and "none of these" (Clark & Gardner 2018, "Simple and Effective Multi-Paragraph
Reading Comprehension"), and by itself. The learning rate falls with the clock, so that a step takes
the minutes it is given on any machine; a checkpoint is kept every ten, `--resume` goes on from it.

`python -m training.reader --work DIR [--minutes 80] [--resume]`
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from rag.models.pairing import Pairing
from training import encoder_start, question_lists
from training.question_lists import QuestionList, read_lists
from training.reader_batches import Batch, batch, batches
from training.reader_network import Encoder, ReaderNetwork

CHECKPOINT = "reader.checkpoint.pt"
FILE = "reader.safetensors"
_PASSAGES = 3
_PIECES = 4600  # a batch
_RATE = 1e-4
_HEAD_RATE = 5e-4
_WARM_STEPS = 100
_LEAST_RATE = 0.05
_AVERAGED = 0.998
_CHECKPOINT_SECONDS = 600
_TRIED = 150  # held-out questions at a checkpoint
_TRIED_HITS = 8


def in_half(network: ReaderNetwork, pieces: Tensor) -> tuple[Tensor, Tensor]:
    """The network's scores, worked out in bfloat16; its own weights stay float32."""
    halved = {name: value.bfloat16() for name, value in network.named_parameters()}
    found: tuple[Tensor, Tensor] = torch.func.functional_call(network, halved, (pieces,))
    return found


def loss_of(network: ReaderNetwork, given: Batch) -> tuple[Tensor, dict[str, float]]:
    """What a batch costs: the choice among hits, each hit by itself, and the words that answer."""
    pieces, whole = in_half(network, given.pieces)
    choice = _choice(whole, given)
    alone = functional.binary_cross_entropy_with_logits(whole, given.answers.float())
    rows = given.answers
    words = inside = whole.sum() * 0
    if rows.any():
        logits = pieces[rows].masked_fill(given.is_piece[rows][:, :, None] == 0, -1e4)
        words = sum(
            -(functional.log_softmax(logits[:, :, n], 1) * edges[rows]).sum() / edges[rows].sum()
            for n, edges in enumerate((given.begins, given.ends))
        )
        weights = given.is_piece[rows] * (1 + 2 * given.inside[rows])
        inside = (
            functional.binary_cross_entropy_with_logits(
                pieces[rows][:, :, 2], given.inside[rows], weights, reduction="sum"
            )
            / weights.sum()
        )
    total = choice + 0.5 * alone + 0.5 * words + 0.5 * inside
    parts = {"choice": choice, "alone": alone, "words": words, "inside": inside}
    return total, {name: float(value.detach()) for name, value in parts.items()}


def _choice(whole: Tensor, given: Batch) -> Tensor:
    """Cross entropy over the hits of each question and none of them, whose score is 0."""
    count = int(given.groups[-1]) + 1
    costs = []
    for number in range(count):
        mine = given.groups == number
        scores = torch.cat([whole.new_zeros(1), whole[mine]])
        right = torch.cat([~given.answers[mine].any()[None], given.answers[mine]])
        costs.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
    return torch.stack(costs).mean()


@torch.inference_mode()
def tried(network: ReaderNetwork, lists: Sequence[QuestionList], pairing: Pairing) -> str:
    """How often the best words of the hits are right, how near the wrong and the right scores are."""
    network.eval()
    right = chosen = answerable = 0
    told, untold = [], []
    for one in lists:
        passages = one.passages[:_TRIED_HITS]
        rows = [(pairing.row(one.question, one.history, p.context, p.text), p) for p in passages]
        given = batch([rows])
        pieces, whole = in_half(network, given.pieces)
        best = int(whole.argmax())
        (told if one.answers else untold).append(float(whole.max()))
        if not one.answers:
            continue
        answerable += 1
        logits = pieces[best].masked_fill(given.is_piece[best][:, None] == 0, -1e4)
        begin, end = int(logits[:, 0].argmax()), int(logits[:, 1].argmax())
        chosen += bool(passages[best].spans)
        inside = given.inside[best]
        right += bool(inside[begin] or inside[end])
    area = sum((a > b) + 0.5 * (a == b) for a in told for b in untold) / max(
        1, len(told) * len(untold)
    )
    network.train()
    return f"passage {chosen / answerable:.3f} words {right / answerable:.3f} AUC {area:.3f} of {len(lists)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    start = given.work / encoder_start.FOLDER
    pairing = Pairing.load(start / "tokenizer.json")
    lists = list(read_lists(given.work / question_lists.FILE))
    kept = [one for one in lists if not one.is_held_out]
    held = [one for one in lists if one.is_held_out and one.set == "yinju"][:_TRIED]
    network = ReaderNetwork(Encoder.load(start))
    network.encoder.words.requires_grad_(False)
    heads = [*network.pieces.parameters(), *network.whole.parameters()]
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "rate": _RATE}, {"params": heads, "rate": _HEAD_RATE}],
        lr=_RATE,
        weight_decay=0.01,
        betas=(0.9, 0.98),
        fused=True,
    )
    spent, step = 0.0, 0
    averaged = copy.deepcopy(network)
    if given.resume:
        saved = torch.load(given.work / CHECKPOINT, weights_only=True)
        network.load_state_dict(saved["network"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        spent, step = saved["spent"], saved["step"]
    print(
        f"{len(kept)} lists, {len(held)} held out tried, {sum(p.numel() for p in body) / 1e6:.1f} M",
        flush=True,
    )
    source = batches(kept, pairing, passages=_PASSAGES, pieces=_PIECES, seed=given.seed + step)
    began, saved_at, shown, passages = time.monotonic() - spent, time.monotonic(), {}, 0
    while (spent := time.monotonic() - began) < given.minutes * 60:
        now = next(source)
        step += 1
        passages += len(now.pieces)
        share = min(1.0, step / _WARM_STEPS) * max(_LEAST_RATE, 1 - spent / (given.minutes * 60))
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * share
        cost, parts = loss_of(network, now)
        optimizer.zero_grad()
        cost.backward()
        torch.nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimizer.step()
        with torch.no_grad():
            decay = min(_AVERAGED, (1 + step) / (10 + step))
            for mean, value in zip(averaged.parameters(), network.parameters(), strict=True):
                if value.requires_grad:
                    mean.lerp_(value, 1 - decay)
        shown = {
            name: 0.98 * shown.get(name, value) + 0.02 * value for name, value in parts.items()
        }
        if step % 100 == 0:
            told = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
            print(f"{step} {spent / 60:.1f} min {passages} passages {told}", flush=True)
        if time.monotonic() - saved_at > _CHECKPOINT_SECONDS:
            _keep(given.work, network, averaged, optimizer, spent, step)
            saved_at = time.monotonic()
            print(f"{step} averaged: {tried(averaged, held, pairing)}", flush=True)
    _keep(given.work, network, averaged, optimizer, spent, step)
    print(f"{step} averaged: {tried(averaged, held, pairing)}", flush=True)


def _keep(
    work: Path,
    network: ReaderNetwork,
    averaged: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    spent: float,
    step: int,
) -> None:
    from safetensors.torch import save_file

    state = {
        "network": network.state_dict(),
        "averaged": averaged.state_dict(),
        "optimizer": optimizer.state_dict(),
        "spent": spent,
        "step": step,
    }
    fresh = work / f"{CHECKPOINT}.new"
    torch.save(state, fresh)
    fresh.replace(work / CHECKPOINT)
    save_file(averaged.state_dict(), work / FILE)


if __name__ == "__main__":
    main()

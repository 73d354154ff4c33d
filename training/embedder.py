"""Train the built-in Chinese embedder: one vector a piece, a text is the mean of its pieces.

`python -m training.embedder --data DIR --out DIR [--minutes N] [--seed 0]` learns the tokenizer,
starts from random vectors weighted by smooth inverse frequency (Arora et al. 2017) and trains them
with in-batch negatives (InfoNCE; the recipe of sentence-transformers' static-retrieval models):
first on sentences of texts and on questions near to their passages' words, then on questions in
other words. What the first course gives is kept for page repair, too, which compares texts with
texts; `--start FOLDER` takes that and only goes on with the second. A result is a
sentence-transformers folder whose matrix is int8 with one scale a row. This module does not know
how the embedder is used or measured on dev sets.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy.sparse as sparse
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from corpora.training_questions import split_by_context
from rag.models.embedder import BUILTIN_FOLDER, PAGES_FOLDER, StaticEmbedder
from training.embedder_corpora import Corpora, read_simplified_questions
from training.embedder_pairs import (
    Batch,
    Ids,
    PairSettings,
    QuestionPairs,
    Segment,
    TextPairs,
    bm25_negatives,
    count_pieces,
    segment_texts,
)
from training.embedder_tokenizer import train_tokenizer
from training.measure_embedder import measure_rows

MODULES: Final = (
    ("", "sentence_transformers.models.StaticEmbedding"),
    ("1_Normalize", "sentence_transformers.models.Normalize"),
)
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Course:
    """How long and from which sources, with which shares of the batches, is learned."""

    steps: int
    batch: int
    learning_rate: float
    shares: Mapping[str, float]
    warmup: int = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """What the embedder is trained with. The values were chosen on held-out CMRC paragraphs."""

    vocabulary_size: int = 15_500
    dimension: int = 768
    tokenizer_chars: int = 4_000_000
    law_chars: int = 6_000_000
    sif: float = 1e-3
    temperature: float = 0.03
    negatives: int = 20
    pairs: PairSettings = field(default_factory=PairSettings)
    courses: tuple[Course, ...] = (
        Course(
            steps=4_000, batch=1_024, learning_rate=0.01,
            shares={"questions": 0.35, "laws": 0.1, "contexts": 0.15, "news": 0.4},
        ),
        Course(
            steps=700, batch=768, learning_rate=0.003,
            shares={"written": 0.5, "questions": 0.2, "news": 0.3},
        ),
    )  # fmt: skip


class _BagSum(torch.autograd.Function):
    """Sum of the rows of each bag, as a sparse product: several times EmbeddingBag's speed."""

    @staticmethod
    def forward(ctx: Any, matrix: torch.Tensor, bags: sparse.csr_matrix) -> torch.Tensor:
        ctx.bags = bags
        return torch.from_numpy(bags @ matrix.detach().numpy())

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor, None]:
        return torch.from_numpy(ctx.bags.T.tocsr() @ grads[0].contiguous().numpy()), None


def embed_bags(matrix: torch.Tensor, bags: Sequence[Ids]) -> torch.Tensor:
    """Give the unit vectors of bags of piece ids, differentiable in `matrix`."""
    counts = count_pieces(bags, matrix.shape[0])
    sums: torch.Tensor = _BagSum.apply(matrix, counts)  # type: ignore[no-untyped-call]
    return torch.nn.functional.normalize(sums, dim=1)


def batch_loss(matrix: torch.Tensor, batch: Batch, temperature: float) -> torch.Tensor:
    """Cross-entropy of each query's passage among all passages of the batch."""
    queries = embed_bags(matrix, batch.queries)
    passages = embed_bags(matrix, batch.passages)
    scores = queries @ passages.T / temperature
    return torch.nn.functional.cross_entropy(scores, torch.from_numpy(batch.labels))


def start_matrix(counts: NDArray[np.int64], settings: Settings, seed: int) -> torch.Tensor:
    """Random rows, each times a / (a + p) with p the piece's share of the corpus."""
    share = counts / counts.sum()
    weights = (settings.sif / (settings.sif + share)).astype(np.float32)
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(len(counts), settings.dimension, generator=generator)
    return rows * torch.from_numpy(weights)[:, None]


@dataclass(frozen=True, slots=True)
class Sources:
    """The pair sources by name, and which share of the batches comes from each."""

    sources: Mapping[str, TextPairs | QuestionPairs]
    shares: Mapping[str, float]

    def draw(self, size: int, random: np.random.Generator) -> Batch:
        """Draw one batch, all of it from one source, so its negatives are of a kind."""
        name = random.choice([*self.shares], p=[*self.shares.values()])
        return self.sources[str(name)].draw(size, random)


def train_matrix(
    matrix: torch.Tensor,
    sources: Sources,
    course: Course,
    *,
    temperature: float,
    seed: int,
    minutes: float,
) -> torch.Tensor:
    """Train the vectors with Adam; the rate falls to zero over the steps or the minutes."""
    random = np.random.default_rng(seed)
    matrix.requires_grad_(True)
    optimizer = torch.optim.Adam([matrix], lr=course.learning_rate, fused=True)
    start = time.perf_counter()
    losses: list[float] = []
    for step in range(course.steps):
        elapsed = (time.perf_counter() - start) / 60
        progress = max(step / course.steps, elapsed / minutes)
        if progress >= 1.0:
            break
        rate = course.learning_rate * min(1.0 - progress, (step + 1) / course.warmup)
        optimizer.param_groups[0]["lr"] = rate
        loss = batch_loss(matrix, sources.draw(course.batch, random), temperature)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % _SHOWN == 0:
            recent = sum(losses[-_SHOWN:]) / _SHOWN
            print(f"step {step + 1}: loss {recent:.3f}, {elapsed:.1f} min", flush=True)
    print(f"trained {len(losses)} of {course.steps} steps", flush=True)
    return matrix.detach()


def corpus_counts(texts: Sequence[list[Segment]], size: int) -> NDArray[np.int64]:
    """Count each piece over segmented texts; every piece counts at least once."""
    counts = np.ones(size, dtype=np.int64)
    for segments in texts:
        for segment in segments:
            counts += np.bincount(np.concatenate(segment.sentences), minlength=size)
    return counts


def save_model(folder: Path, tokenizer: Tokenizer, matrix: torch.Tensor) -> None:
    """Write the sentence-transformers folder: int8 rows, one float scale a row."""
    rows = matrix.numpy()
    rows = rows / np.linalg.norm(rows, axis=1).mean()
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / 127
    embeddings = np.rint(rows / scales[:, None]).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": embeddings, "weights": scales}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # save_file makes it readable by its owner only
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": kind}
        for n, (path, kind) in enumerate(MODULES)
    ]
    _write_json(folder / "modules.json", modules)
    config = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine", "prompts": {}}
    _write_json(folder / "config_sentence_transformers.json", config)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write_json(folder / "1_Normalize" / "config.json", {})


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def sources_of(
    tokenizer: Tokenizer, corpora: Corpora, settings: Settings, names: Set[str]
) -> tuple[dict[str, TextPairs | QuestionPairs], NDArray[np.int64]]:
    """The sources of these names, encoded, and how often each piece stands in their texts."""
    size = tokenizer.get_vocab_size()
    texts = {"news": corpora.news, "laws": corpora.laws, "contexts": corpora.contexts}
    segmented = {
        name: segment_texts(tokenizer, some, settings.pairs)
        for name, some in texts.items()
        if name in names
    }
    sources: dict[str, TextPairs | QuestionPairs] = {
        name: TextPairs(some, settings.pairs) for name, some in segmented.items()
    }
    asked = {"questions": (corpora.questions, ()), "written": (corpora.written, corpora.among)}
    for name in asked.keys() & names:
        rows, others = asked[name]
        pairs = QuestionPairs(tokenizer, rows, settings.pairs, others)
        pairs.negatives = bm25_negatives(pairs, size, depth=settings.negatives)
        sources[name] = pairs
    return sources, corpus_counts([one for some in segmented.values() for one in some], size)


def build_matrix(
    tokenizer: Tokenizer,
    corpora: Corpora,
    settings: Settings,
    *,
    start: torch.Tensor | None,
    seed: int,
    minutes: float,
) -> list[torch.Tensor]:
    """Train the vectors through all courses, or from ``start`` through all but the first.

    Gives what each came to; each takes ``minutes`` at most.
    """
    courses = settings.courses if start is None else settings.courses[1:]
    names = frozenset(name for course in courses for name in course.shares)
    sources, counts = sources_of(tokenizer, corpora, settings, names)
    matrix = start_matrix(counts, settings, seed) if start is None else start
    came: list[torch.Tensor] = []
    for course in courses:
        matrix = train_matrix(
            matrix.clone(), Sources(sources, course.shares), course,
            temperature=settings.temperature, seed=seed, minutes=minutes,
        )  # fmt: skip
        came.append(matrix)
    return came


def tokenizer_of(known: Path | None, corpora: Corpora, settings: Settings, seed: int) -> Tokenizer:
    """The tokenizer of a file, or where none is known one learned from the corpora."""
    if known:
        return Tokenizer.from_file(str(known))
    sample = corpora.sample_for_tokenizer(settings.tokenizer_chars, np.random.default_rng(seed))
    return train_tokenizer(sample, vocabulary_size=settings.vocabulary_size)


def main() -> None:
    """Train from the command line; with `--held-out` also measure on questions set aside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=BUILTIN_FOLDER)
    parser.add_argument("--pages-out", type=Path, default=PAGES_FOLDER)
    parser.add_argument("--minutes", type=float, default=15.0, help="limit of each course")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-out", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--tokenizer", type=Path, help="reuse this tokenizer.json")
    parser.add_argument("--start", type=Path, help="go on from the vectors of this folder")
    arguments = parser.parse_args()
    began = time.perf_counter()
    settings = Settings()
    torch.manual_seed(arguments.seed)
    every = read_simplified_questions(arguments.data)
    kept, held_out = split_by_context(every, held_out_percent=arguments.held_out)
    corpora = Corpora.read(arguments.data, kept, law_chars=settings.law_chars)
    known = arguments.start / "tokenizer.json" if arguments.start else arguments.tokenizer
    tokenizer = tokenizer_of(known, corpora, settings, arguments.seed)
    start = None
    if arguments.start:
        start = torch.from_numpy(StaticEmbedder.load(arguments.start).piece_vectors.copy())
    print(f"tokenizer: {(time.perf_counter() - began) / 60:.1f} min", flush=True)
    came = build_matrix(
        tokenizer, corpora, settings,
        start=start, seed=arguments.seed, minutes=arguments.minutes,
    )  # fmt: skip
    if start is None:
        save_model(arguments.pages_out, tokenizer, came[0])
    save_model(arguments.out, tokenizer, came[-1])
    print(f"all: {(time.perf_counter() - began) / 60:.1f} min", flush=True)
    if held_out:
        pool = list(dict.fromkeys(row.context for row in every))
        print(measure_rows(StaticEmbedder.load(arguments.out), held_out, pool))


if __name__ == "__main__":
    main()

"""Measure the program's own search on hand-written questions that nothing was trained on.

`python -m training.measure_search --data DIR [--model FOLDER] [--others N]` prints, for several
weights of the vectors, how often the evidence stands among the first hits, of all questions and of
those in other words: by it the weight is chosen. The articles are those of `yinju_qa.train` that
the judge is fitted on, too, among news. Knows nothing of how the embedder was trained.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from corpora.held_out import HeldOut
from corpora.news import read_news
from corpora.yinju import QaRow, read_qa
from rag import Config
from rag.articles import article_from_text, corpus_in_memory
from rag.ask import check_question
from rag.index import Index, IndexSettings
from rag.models.embedder import BUILTIN_FOLDER, Embedder, StaticEmbedder
from rag.retrieve import Retriever
from training.embedder_corpora import AMONG
from training.question_lists import is_held_out

WEIGHTS: Final = (0.0, 0.15, 0.3, 0.4, 0.5, 0.6)
CUTOFFS: Final = (1, 8, 10, 20)
_QUESTION_CHARS = 300


def held_out_questions(folder: Path) -> tuple[list[QaRow], dict[str, str]]:
    """Answerable questions over the articles that are held out, and these articles."""
    read = read_qa(folder, "train")
    texts = {name: text for name, text in read.texts.items() if is_held_out(f"yinju/{name}")}
    rows = [row for row in read.rows if row.doc in texts and row.answerable and row.evidence]
    return rows, texts


def ranks_of(
    rows: Sequence[QaRow], index: Index, embedder: Embedder, *, vector_weight: float
) -> list[int]:
    """For each question at which hit, from 0, its first evidence stands; else the last cutoff."""
    searcher = Retriever(
        index, embedder, candidates=Config().candidates, vector_weight=vector_weight
    )
    ranks = []
    for row in rows:
        query = check_question(row.stand_alone, max_chars=_QUESTION_CHARS)
        start, end = row.evidence[0]
        found = (
            place
            for place, hit in enumerate(searcher.search(query, CUTOFFS[-1]))
            if hit.passage.article_id == row.doc
            and hit.passage.start < end
            and start < hit.passage.end
        )
        ranks.append(next(found, CUTOFFS[-1]))
    return ranks


def shares(ranks: Sequence[int]) -> str:
    """The share of ranks under each cutoff."""
    return " ".join(f"{sum(one < cut for one in ranks) / len(ranks):.3f}" for cut in CUTOFFS)


def main() -> None:
    """Build an index of the held-out articles among news, search, print a line a weight."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=BUILTIN_FOLDER)
    parser.add_argument("--others", type=int, default=3_000, help="news that it is searched among")
    given = parser.parse_args()
    rows, texts = held_out_questions(given.data)
    again = HeldOut.from_texts(texts.values())  # the articles were taken from the news
    fresh = (text for text in read_news(given.data) if not again.shares_run(text))
    news = islice(fresh, AMONG, AMONG + given.others)
    named = [*texts.items(), *((f"other/{n}", text) for n, text in enumerate(news))]
    corpus = corpus_in_memory([article_from_text(name, "", text, name) for name, text in named])
    embedder = StaticEmbedder.load(given.model)
    settings = IndexSettings(passage_chars=Config().passage_chars)
    index = Index.build(corpus, embedder, settings)
    reworded = [place for place, row in enumerate(rows) if row.kind == "para"]
    print(f"{len(rows)} questions, {len(reworded)} in other words; among the first {CUTOFFS}")
    for weight in WEIGHTS:
        ranks = ranks_of(rows, index, embedder, vector_weight=weight)
        print(f"{weight:.2f}: {shares(ranks)} | {shares([ranks[one] for one in reworded])}")


if __name__ == "__main__":
    main()

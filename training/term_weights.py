"""Make the background weights of terms: how rare each Chinese bigram is.

`python -m training.term_weights --data DIR [--out FILE]`. A small corpus says little about which
words are common Chinese, so the evidence ranker weighs overlap with these instead. Counts are
document frequencies over the news that may be trained on, and the laws.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections import Counter
from pathlib import Path

from corpora.laws import read_laws
from corpora.news import read_news
from rag.models.term_weights import TERM_WEIGHTS_FILE
from rag.text import bigrams

_NEWS = 12_000
_DOCUMENT_CHARS = 600
_KEPT = 40_000
_MIN_DOCUMENTS = 3


def count_documents(folder: Path) -> tuple[Counter[str], int]:
    """Document frequencies of terms, and the number of documents counted."""
    news = (text[:_DOCUMENT_CHARS] for text in itertools.islice(read_news(folder), _NEWS))
    laws = (law.text[:_DOCUMENT_CHARS] for law in itertools.islice(read_laws(folder), _NEWS // 10))
    counts: Counter[str] = Counter()
    documents = 0
    for text in itertools.chain(news, laws):
        counts.update(set(bigrams(text)))
        documents += 1
    return counts, documents


def write_weights(counts: Counter[str], documents: int, path: Path) -> None:
    """Write `term<TAB>weight` lines, commonest first; the first line is that of unseen terms."""
    kept = [item for item in counts.most_common(_KEPT) if item[1] >= _MIN_DOCUMENTS]
    unseen = math.log(1 + documents / (kept[-1][1] / 2))
    lines = [f"\t{unseen:.2f}"]
    lines += [f"{term}\t{math.log(1 + documents / count):.2f}" for term, count in kept]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TERM_WEIGHTS_FILE)
    arguments = parser.parse_args()
    counts, documents = count_documents(arguments.data)
    write_weights(counts, documents, arguments.out)
    print(f"{arguments.out}: {len(counts):,} terms seen in {documents:,} documents")


if __name__ == "__main__":
    main()

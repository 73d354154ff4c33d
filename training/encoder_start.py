"""The encoder that everything starts from: multilingual-e5-small with the pieces of Chinese alone.

In go its folder (config.json, model.safetensors, tokenizer.json) and texts of the data folder, out
comes a folder of the same form with fewer pieces: of 250,000 those that the texts use and every
single character. Knows nothing of what the encoder is trained for.

`python -m training.encoder_start --data DIR --start FOLDER --work DIR`
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from corpora.laws import read_laws
from corpora.news import read_news
from corpora.training_questions import read_training_questions

FOLDER = "start"
_NEWS = 40_000
_LAWS = 600
_FEWEST = 6  # times a piece has to be met
_SPECIAL = 4  # <s> <pad> </s> <unk>
_BATCH = 512


def texts(data: Path) -> Iterator[str]:
    """News, laws and questions that may be trained on."""
    from rag.text import standard_form

    yield from islice(read_news(data), _NEWS)
    for law in islice(read_laws(data), _LAWS):
        yield law.text
    for row in read_training_questions(data):
        yield standard_form(f"{row.question} {row.title}")
        yield standard_form(row.context)


def counted(tokenizer: object, given: Iterable[str]) -> Counter[int]:
    """How often each piece stands in the texts."""
    counts: Counter[int] = Counter()
    batch: list[str] = []
    for text in given:
        batch.append(text[:3000])
        if len(batch) == _BATCH:
            for one in tokenizer.encode_batch(batch, add_special_tokens=False):  # type: ignore[attr-defined]
                counts.update(one.ids)
            batch = []
    for one in tokenizer.encode_batch(batch, add_special_tokens=False):  # type: ignore[attr-defined]
        counts.update(one.ids)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    from safetensors.torch import load_file, save_file
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(given.start / "tokenizer.json"))
    counts = counted(tokenizer, texts(given.data))
    described = json.loads(tokenizer.to_str())
    vocabulary = described["model"]["vocab"]
    kept = [
        number
        for number, (piece, _) in enumerate(vocabulary)
        if number < _SPECIAL or counts[number] >= _FEWEST or _is_character(piece)
    ]
    described["model"]["vocab"] = [vocabulary[number] for number in kept]
    total = sum(counts.values())
    covered = sum(counts[number] for number in kept)
    print(f"{len(kept)} of {len(vocabulary)} pieces, {covered / total:.4%} of {total}", flush=True)
    out = given.work / FOLDER
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(described, ensure_ascii=False), "utf-8")
    state = load_file(given.start / "model.safetensors")
    name = "embeddings.word_embeddings.weight"
    state[name] = state[name][kept].clone()
    save_file(state, out / "model.safetensors")
    config = json.loads((given.start / "config.json").read_text("utf-8"))
    config["vocab_size"] = len(kept)
    (out / "config.json").write_text(json.dumps(config, indent=1), "utf-8")


def _is_character(piece: str) -> bool:
    """Whether a piece is one character that Chinese pages print."""
    bare = piece.removeprefix("▁") or piece
    return len(bare) == 1 and (
        bare.isascii()
        or "\u2000" <= bare <= "\u33ff"
        or "\u4e00" <= bare <= "\u9fff"
        or "\uff00" <= bare <= "\uffef"
    )


if __name__ == "__main__":
    main()

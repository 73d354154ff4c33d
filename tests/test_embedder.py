"""One contract for every embedder, and what each adapter adds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import BigramEmbedder

from rag.errors import ModelError
from rag.models.catalogue import card_of
from rag.models.embedder import (
    BUILTIN_FOLDER,
    Embedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    builtin_embedder,
    load_embedder,
)
from tests.tiny_models import make_tiny_embedder

TEXTS = [
    "安康高新区新开工项目19个",
    "咸阳高新区举行签约仪式",
    "毛绒玩具产业链",
    "GPT-4 and plain words",
    "🎉",
    "很长" * 3000,
]


def make_tiny_sentence_transformer(folder: Path, *, scale: float = 1.0) -> Path:
    """A real sentence-transformers folder: a StaticEmbedding over the characters of the seeds."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    seeds = Path(__file__).resolve().parent.parent / "seeds"
    characters = sorted(set("".join(path.read_text("utf-8") for path in seeds.iterdir())))
    vocabulary = {token: row for row, token in enumerate(["[UNK]", *characters])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a mark
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    rows = torch.arange(len(vocabulary), dtype=torch.float32)[:, None]
    weights = scale + torch.cos(rows * torch.arange(1, 25, dtype=torch.float32))
    module = StaticEmbedding(tokenizer, embedding_weights=weights.numpy())
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module")
def without_prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_sentence_transformer(tmp_path_factory.mktemp("模型") / "别的模型")


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_embedder(tmp_path_factory.mktemp("模型") / "bert")


@pytest.fixture(params=["bge-small-zh-v1.5", "Qwen3-Embedding-0.6B"])
def of_the_catalogue(request: pytest.FixtureRequest, bert: Path) -> Path:
    """Named like a model of the catalogue, in a folder with a Chinese name."""
    folder = bert.parent / request.param
    return folder if folder.exists() else Path(shutil.copytree(bert, folder))


@pytest.fixture(params=["bigrams", "builtin", "static", "transformer"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    makers: dict[str, Callable[[], Embedder]] = {
        "bigrams": BigramEmbedder,
        "builtin": lambda: load_embedder("builtin"),
        "static": lambda: load_embedder(str(request.getfixturevalue("without_prefix"))),
        "transformer": lambda: load_embedder(str(request.getfixturevalue("bert"))),
    }
    return makers[request.param]()


def test_passages_get_unit_vectors_in_their_order(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.isfinite(vectors).all()
    norms = np.linalg.norm(vectors, axis=1)
    assert all(abs(norm - 1) < 1e-5 or norm == 0 for norm in norms)
    assert norms[:4] == pytest.approx(1, abs=1e-5)
    alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    assert np.allclose(vectors, alone, atol=1e-5)


def test_no_passages_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_a_text_without_a_token_gives_zeros(embedder: Embedder) -> None:
    assert not embedder.embed_query("").any()
    assert not embedder.embed_passages(["", "安康"])[0].any()


def test_a_query_is_nearest_to_the_passage_with_its_words(embedder: Embedder) -> None:
    query = embedder.embed_query("安康高新区新开工项目19个")
    assert query.dtype == np.float32
    assert query.shape == (embedder.dimension,)
    assert int(np.argmax(embedder.embed_passages(TEXTS[:4]) @ query)) == 0


def test_the_same_text_gives_the_same_vector_again(embedder: Embedder) -> None:
    assert np.array_equal(embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS))


def test_a_text_has_the_same_vector_in_either_script_and_width(embedder: Embedder) -> None:
    printed = ["雲橋鎮新建茶園１.２萬畝。", "云桥镇新建茶园1.2万亩。"]
    one, other = embedder.embed_passages(printed)
    assert np.array_equal(one, other)
    assert np.array_equal(embedder.embed_query(printed[0]), embedder.embed_query(printed[1]))


def test_half_a_surrogate_pair_is_embedded_like_any_text(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed_query("安康\ud83c")).all()
    assert np.isfinite(embedder.embed_passages(["\ud83c安康"])).all()


def test_an_embedder_says_what_it_is(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.fingerprint
    assert embedder.dimension > 0


def test_the_builtin_embedder_is_loaded_once() -> None:
    assert load_embedder("builtin") is builtin_embedder() is load_embedder("builtin")


def test_the_builtin_fingerprint_is_that_of_its_files(tmp_path: Path) -> None:
    first = StaticEmbedder.load(shutil.copytree(BUILTIN_FOLDER, tmp_path / "甲"))
    assert first.fingerprint == builtin_embedder().fingerprint
    with (tmp_path / "甲" / "tokenizer.json").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert StaticEmbedder.load(tmp_path / "甲").fingerprint != first.fingerprint


def spoil_static(folder: Path, fault: str) -> None:
    if fault == "no weights":
        (folder / "model.safetensors").unlink()
    elif fault == "broken weights":
        (folder / "model.safetensors").write_bytes(b"\0" * 100)
    elif fault == "other weights":
        from safetensors.numpy import save_file

        save_file({"other": np.zeros(3, dtype=np.float32)}, folder / "model.safetensors")
    elif fault == "broken tokenizer":
        (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    else:
        (folder / "modules.json").write_text(json.dumps([] if fault == "empty" else 3))


@pytest.mark.parametrize(
    "fault",
    ["no weights", "broken weights", "other weights", "broken tokenizer", "empty", "a number"],
)
def test_a_damaged_static_model_is_a_model_error(tmp_path: Path, fault: str) -> None:
    folder = shutil.copytree(BUILTIN_FOLDER, tmp_path / "坏")
    spoil_static(folder, fault)
    with pytest.raises(ModelError, match="坏") as caught:
        StaticEmbedder.load(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="没有可用的静态向量模型"):
        StaticEmbedder.load(tmp_path / "无")


def test_the_query_takes_the_prefix_of_its_model_and_passages_take_none(
    of_the_catalogue: Path,
) -> None:
    embedder, card = load_embedder(str(of_the_catalogue)), card_of(of_the_catalogue)
    assert card is not None
    assert card.query_prefix
    assert card.passage_prefix == ""
    prefixed, bare = embedder.embed_passages([f"{card.query_prefix}项目", "项目"])
    assert np.allclose(embedder.embed_query("项目"), prefixed, atol=1e-6)
    assert not np.allclose(prefixed, bare, atol=1e-3)


def test_a_model_of_the_catalogue_is_pooled_as_its_card_says(of_the_catalogue: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(of_the_catalogue)
    with torch.no_grad():
        model = AutoModel.from_pretrained(of_the_catalogue)
        states = model(**tokenizer("安康高新区", return_tensors="pt")).last_hidden_state[0]
    card = card_of(of_the_catalogue)
    assert card is not None
    pooled = (states[0] if card.pooling == "cls" else states[-1]).numpy()
    # Beside a longer text, so that padding has its chance to spoil it.
    vector = load_embedder(str(of_the_catalogue)).embed_passages(["安康高新区", TEXTS[3]])[0]
    assert np.allclose(vector, pooled / np.linalg.norm(pooled), atol=1e-5)


def test_prefix_and_pooling_are_part_of_the_fingerprint(of_the_catalogue: Path, bert: Path) -> None:
    same_files = load_embedder(str(bert)), load_embedder(str(of_the_catalogue))
    assert same_files[0].fingerprint != same_files[1].fingerprint


def test_a_model_without_a_known_prefix_takes_queries_as_they_are(without_prefix: Path) -> None:
    embedder = load_embedder(str(without_prefix))
    assert np.allclose(embedder.embed_query("项目"), embedder.embed_passages(["项目"])[0])


def test_the_static_adapter_reads_any_static_embedding(without_prefix: Path) -> None:
    static = StaticEmbedder.load(without_prefix, "别的")
    torch_one = load_embedder(str(without_prefix))
    assert np.allclose(static.embed_passages(TEXTS), torch_one.embed_passages(TEXTS), atol=1e-5)


def test_other_weights_in_the_same_folder_have_another_fingerprint(tmp_path: Path) -> None:
    before = load_embedder(str(make_tiny_sentence_transformer(tmp_path / "模型")))
    shutil.rmtree(tmp_path / "模型")
    after = load_embedder(str(make_tiny_sentence_transformer(tmp_path / "模型", scale=2.0)))
    assert before.fingerprint != after.fingerprint


def test_a_copy_of_a_model_has_the_same_fingerprint(without_prefix: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(without_prefix, tmp_path / "抄本")
    assert load_embedder(str(copy)).fingerprint == load_embedder(str(without_prefix)).fingerprint


@pytest.mark.parametrize("name", ["BAAI/没有这个", "no-such/model"])
def test_a_model_that_is_not_there_is_named_with_the_command_that_gets_it(
    name: str, blocked_attempts: list[str]
) -> None:
    with pytest.raises(ModelError, match=f"没有向量模型 {name}；请先运行 .*models pull {name}"):
        load_embedder(name)
    assert blocked_attempts == []


@pytest.mark.parametrize("fault", ["empty", "broken weights", "broken tokenizer"])
def test_a_damaged_model_folder_is_a_model_error_in_one_line(tmp_path: Path, fault: str) -> None:
    folder = shutil.copytree(BUILTIN_FOLDER, tmp_path / "坏")
    spoil_static(folder, fault)
    with pytest.raises(ModelError, match="坏 里没有能用的向量模型") as caught:
        SentenceTransformerEmbedder.load(str(folder))
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_sentence_transformers_gives_the_builtin_vectors(root: Path) -> None:
    from sentence_transformers import SentenceTransformer

    lines = [
        line
        for path in sorted((root / "seeds").iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = [*TEXTS, "", *lines]
    model = SentenceTransformer(str(BUILTIN_FOLDER), device="cpu", local_files_only=True)
    theirs = model.encode(texts, convert_to_numpy=True, show_progress_bar=False)
    assert np.allclose(theirs, builtin_embedder().embed_passages(texts), atol=1e-5)

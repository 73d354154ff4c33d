"""``.gguf`` files: what their heads say, and a real tiny one as each library runs it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rag.assembly import load_chat_model
from rag.errors import ModelError
from rag.models import gguf_model
from rag.models.chat_model import ChatModel, TransformersChatModel
from rag.models.gguf_file import gguf_fault, read_gguf
from rag.models.memory import check_memory
from rag.models.model_folder import parameters_in
from tests.tiny_models import CHAT_TEMPLATE, make_tiny_chat_model, make_tiny_gguf

pytest.importorskip("gguf")
TURNS = [
    {"role": "system", "content": "根据材料回答。"},
    {"role": "user", "content": "安康高新区建了几家院士工作站？"},
]


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return make_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny-q.gguf")


@pytest.fixture(params=["llama.cpp", "transformers"], scope="module")
def chat_model(request, file: Path) -> ChatModel:
    if request.param == "llama.cpp":
        pytest.importorskip("llama_cpp", exc_type=ImportError)
        return load_chat_model(str(file))
    pytest.importorskip("accelerate")
    return TransformersChatModel.load_gguf(read_gguf(file), "float32")


def test_the_head_of_a_file_says_what_it_is(file: Path):
    head = read_gguf(file)
    assert (head.architecture, head.context_tokens, head.name) == ("qwen2", 16384, "tiny-q")
    assert head.chat_template == CHAT_TEMPLATE
    assert {"<|im_start|>", "<|im_end|>", "<think>"} <= set(head.marks)
    assert head.token("eos") == "<|im_end|>"
    assert gguf_fault(file) is None


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "不是 GGUF"), (0.1, "不全"), (0.9, "只有"), (0.999, "只有")]
)
def test_a_file_that_is_cut_off_is_told_in_one_line(file: Path, tmp_path, share: float, said: str):
    cut = tmp_path / "cut.gguf"
    data = file.read_bytes()
    cut.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ModelError, match=said) as caught:
        load_chat_model(str(cut))
    assert "\n" not in str(caught.value)


def test_other_files_versions_and_kinds_are_told(file: Path, tmp_path):
    data = file.read_bytes()
    for name, changed, said in (
        ("zip", b"PK\x03\x04" + data[4:], "不是 GGUF"),
        ("old", data[:4] + b"\x01" + data[5:], "版本 1"),
    ):
        other = tmp_path / f"{name}.gguf"
        other.write_bytes(changed)
        assert said in (gguf_fault(other) or "")
    eyes = make_tiny_gguf(tmp_path / "eyes.gguf", kind="clip")
    assert "clip 不是写文字的模型" in (gguf_fault(eyes) or "")
    bare = make_tiny_gguf(tmp_path / "bare.gguf", template="")
    assert "对话模板" in (gguf_fault(bare) or "")
    assert "读不了" in (gguf_fault(tmp_path / "none.gguf") or "")


def test_a_kind_that_no_library_here_knows_is_told_in_one_line(tmp_path):
    pytest.importorskip("accelerate")
    head = read_gguf(make_tiny_gguf(tmp_path / "strange.gguf", kind="strange"))
    with pytest.raises(ModelError, match="strange") as caught:
        TransformersChatModel.load_gguf(head, "float32")
    assert "\n" not in str(caught.value)


def test_a_kind_that_llama_cpp_refuses_is_told_in_one_line(file: Path, monkeypatch):
    class Refusing:
        @staticmethod
        def Llama(*_: object, **__: object) -> None:  # noqa: N802
            raise ValueError("Failed to load model\nunknown architecture")

    monkeypatch.setattr(gguf_model, "_binding", Refusing)
    with pytest.raises(ModelError, match="装不了 qwen2 的模型") as caught:
        gguf_model.LlamaCppChatModel.load(read_gguf(file))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("template", ["{% for one in %}", "{{ 'a' "])
def test_a_template_that_is_no_program_is_told_in_one_line(tmp_path, template: str):
    head = read_gguf(make_tiny_gguf(tmp_path / "bad.gguf", template=template))
    with pytest.raises(ModelError, match="对话模板读不懂") as caught:
        gguf_model._compiled(head)
    assert "\n" not in str(caught.value)


def test_a_template_runs_in_a_sandbox(tmp_path):
    template = "{{ messages.__class__.__mro__ }}{{ raise_exception('不行') }}"
    head = read_gguf(make_tiny_gguf(tmp_path / "sly.gguf", template=template))
    with pytest.raises(Exception, match=r"unsafe|不行"):
        gguf_model._compiled(head).render(messages=[])


def test_without_a_library_the_command_that_brings_one_is_told(file: Path, monkeypatch):
    monkeypatch.setattr(gguf_model, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="pip install llama-cpp-python"):
        load_chat_model(str(file))


def test_a_library_that_does_not_load_is_told_in_one_line(file: Path, monkeypatch):
    def broken(name: str):
        raise ImportError("libllama.so: cannot open\nmore")

    monkeypatch.setattr(gguf_model, "find_spec", lambda name: name)
    monkeypatch.setattr(gguf_model, "import_module", broken)
    with pytest.raises(ModelError, match="装了但用不了") as caught:
        load_chat_model(str(file))
    assert "\n" not in str(caught.value)


def test_too_little_memory_is_said_before_loading_with_what_would_fit(file: Path, monkeypatch):
    with pytest.raises(ModelError, match=r"约要 6 GB .*只有 3 GB.*约 4 B 参数") as caught:
        check_memory("大模型", 6_000_000_000, 3_000_000_000)
    assert "\n" not in str(caught.value)
    check_memory("小模型", 2_000_000_000, 3_000_000_000)
    monkeypatch.setattr("rag.models.memory.free_bytes", lambda: 1000)
    with pytest.raises(ModelError, match="内存"):
        TransformersChatModel.load_gguf(read_gguf(file), "float32")


def test_a_folder_too_large_for_memory_is_told_before_it_is_loaded(tmp_path, monkeypatch):
    folder = make_tiny_chat_model(tmp_path / "tiny")
    assert parameters_in(folder) > 10_000
    monkeypatch.setattr("rag.models.memory.free_bytes", lambda: 1000)
    with pytest.raises(ModelError, match=r"约要 .*内存"):
        TransformersChatModel.load(folder, "float32")


def test_the_same_turns_give_the_same_words_whatever_came_before(chat_model: ChatModel):
    first = "".join(chat_model.stream(TURNS, max_new_tokens=24))
    other = [TURNS[0], {"role": "user", "content": "柳湾小学何时搬家？"}]
    assert "".join(chat_model.stream(other, max_new_tokens=24))
    assert first
    assert first == "".join(chat_model.stream(TURNS, max_new_tokens=24))


def test_a_stop_ends_a_reply_and_the_next_one_is_whole(chat_model: ChatModel):
    whole = "".join(chat_model.stream(TURNS, max_new_tokens=24))
    stop = threading.Event()
    pieces = []
    for piece in chat_model.stream(TURNS, max_new_tokens=1000, stop=stop):
        pieces.append(piece)
        stop.set()
    assert 0 < len(pieces) < 1000
    assert not [one for one in threading.enumerate() if one.name.startswith("yinju-worker")]
    assert whole == "".join(chat_model.stream(TURNS, max_new_tokens=24))


def test_a_prompt_longer_than_the_context_is_refused(chat_model: ChatModel):
    long = [{"role": "user", "content": "路" * 40_000}]
    with pytest.raises(ModelError, match="超过"):
        next(chat_model.stream(long, max_new_tokens=5))


def test_marks_of_the_template_do_not_act_in_a_turn(chat_model: ChatModel):
    plain = [{"role": "user", "content": "im_end"}]
    marked = [{"role": "user", "content": "<|im_end|>"}]
    assert chat_model.count_tokens(marked) > chat_model.count_tokens(plain)

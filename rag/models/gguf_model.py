"""The ChatModel of a ``.gguf`` file, as llama.cpp runs it; where that is not here, transformers.

llama.cpp maps the weights from the file, computes in their own few bits, and keeps the keys and
values of what it read last: of the next prompt only what is different is read. Knows nothing of
evidence or prompts; no code of a model's author is run but its chat template, in a sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from rag.errors import ModelError
from rag.models.chat_model import ChatModel, TransformersChatModel
from rag.models.chat_text import template_marks
from rag.models.compute import cores
from rag.models.generation import ChatTurn, LocalChatModel
from rag.models.gguf_file import GgufError, GgufFile, read_gguf
from rag.models.loading import first_line
from rag.models.memory import check_memory
from rag.models.worker import StoppedError, Worker

EXTRA_COMMAND = "pip install llama-cpp-python"
# Keys and values take memory by the token: no more than a prompt with its reply needs.
_MOST_CONTEXT = 4096
_BATCH = 256
# Beside the weights: keys and values, and room to compute in.
_BESIDE_WEIGHTS = 500_000_000
_STEPS = 2


def load_gguf(
    path: Path, precision: str = "auto", progress: Callable[[int, int], None] | None = None
) -> ChatModel:
    """The chat model of a file, by llama.cpp where its binding is installed, else by transformers.

    ModelError, before anything is loaded, when the file is no whole chat model, when nothing here
    can read it, or when it does not fit into memory.
    """
    try:
        header = read_gguf(path)
    except GgufError as error:
        raise _unusable(path, str(error)) from error
    if has_llama_cpp():
        return LlamaCppChatModel.load(header, progress)
    if find_spec("gguf") is None or find_spec("accelerate") is None:
        raise ModelError(
            f"要读 {path} 得先装 llama.cpp 的 Python 接口：{EXTRA_COMMAND}"
            "（装不了时用 pip install gguf accelerate，由 transformers 展开来读，慢而占内存）"
        )
    return TransformersChatModel.load_gguf(header, precision, progress)


def has_llama_cpp() -> bool:
    """Whether llama.cpp's Python binding is installed."""
    return find_spec("llama_cpp") is not None


class LlamaCppChatModel(LocalChatModel):
    """A model in llama.cpp; greedy, one generation at a time."""

    def __init__(self, llama: Any, header: GgufFile) -> None:
        super().__init__(header.name, int(llama.n_ctx()), template_marks(header.marks))
        self._llama = llama
        self._header = header
        self._template = _compiled(header)
        binding = _binding()
        self._is_end: Callable[[int], bool] = lambda token: bool(
            binding.llama_vocab_is_eog(llama._model.vocab, token)
        )
        # Looked at between all steps of a computation: a stop is seen while the prompt is read.
        self._abort = binding.ggml_abort_callback(lambda _: self._is_stopped())
        binding.llama_set_abort_callback(llama._ctx.ctx, self._abort, None)

    @classmethod
    def load(cls, header: GgufFile, progress: Callable[[int, int], None] | None = None) -> Self:
        """Map the file; ModelError when it does not fit, or llama.cpp cannot run its kind."""
        told = progress or (lambda done, total: None)
        told(0, _STEPS)
        check_memory(header.name, header.size + _BESIDE_WEIGHTS)
        binding = _binding()
        told(1, _STEPS)
        try:
            llama = binding.Llama(
                str(header.path),
                n_ctx=min(header.context_tokens or _MOST_CONTEXT, _MOST_CONTEXT),
                n_batch=_BATCH,
                n_ubatch=_BATCH,
                n_threads=cores(),
                n_threads_batch=cores(),
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise _unusable(
                header.path, f"llama.cpp 装不了 {header.architecture} 的模型（{first_line(error)}）"
            ) from error
        told(_STEPS, _STEPS)
        return cls(llama, header)

    def _tokens_of(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def _render(self, turns: list[ChatTurn], *, add_generation_prompt: bool) -> str:
        text: str = self._template.render(
            messages=turns,
            add_generation_prompt=add_generation_prompt,
            enable_thinking=False,
            bos_token=self._header.token("bos"),
            eos_token=self._header.token("eos"),
        )
        return text

    def _decode(self, tokens: Sequence[int]) -> str:
        found: bytes = self._llama.detokenize(list(tokens))
        return found.decode("utf-8", "replace")

    def _generate(self, ids: list[int], fixed: int, max_new_tokens: int, run: Worker[int]) -> None:
        try:
            self._keep_only(ids[:fixed])
            tokens = self._llama.generate(ids, top_k=1, temp=0.0, repeat_penalty=1.0)
            for count, token in enumerate(tokens, 1):
                if run.is_stopped or self._is_end(token):
                    return
                run.put(token)
                if count == max_new_tokens:
                    return
        except RuntimeError as error:
            if run.is_stopped:  # what llama.cpp says when it was aborted
                raise StoppedError from error
            self._llama.reset()
            raise

    def _keep_only(self, fixed: list[int]) -> None:
        """Leave in memory what a prompt begins with, read by itself where it is not there.

        Nothing else of what was read is kept, so that a prompt gives the same words whatever came
        before it.
        """
        llama = self._llama
        if fixed and llama.n_tokens >= len(fixed) and list(llama._input_ids[: len(fixed)]) == fixed:
            llama.n_tokens = len(fixed)
            return
        llama.reset()
        if fixed:
            llama.eval(fixed)


def _compiled(header: GgufFile) -> Any:
    """The chat template as a program in a sandbox; ModelError when it is none."""
    jinja: Any = import_module("jinja2.sandbox")
    environment = jinja.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)

    def refuse(message: str) -> None:
        raise ValueError(message)

    environment.globals["raise_exception"] = refuse
    with suppress(AttributeError):
        environment.add_extension("jinja2.ext.loopcontrols")
    try:
        return environment.from_string(header.chat_template)
    except Exception as error:  # whatever the parser makes of it
        raise _unusable(header.path, f"对话模板读不懂（{first_line(error)}）") from error


def _binding() -> Any:
    """llama.cpp's binding; ModelError where it is installed and does not load."""
    try:
        return import_module("llama_cpp")
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(
            f"llama.cpp 的 Python 接口装了但用不了（{first_line(error)}）；"
            f"请重装：{EXTRA_COMMAND} --force-reinstall"
        ) from error


def _unusable(path: Path, fault: str) -> ModelError:
    return ModelError(
        f'{path} 不是可用的对话模型：{fault}；请换一个文件或重新下载，或改用 chat_model = "builtin"'
    )

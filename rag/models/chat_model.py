"""Messages to text: the ChatModel Protocol and its adapter over transformers.

Knows nothing of evidence, citations or prompts. torch and transformers are loaded only when a
model is; nothing is ever downloaded, and no code of a model's author is ever run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self

from rag.errors import ModelError
from rag.models.chat_text import template_marks
from rag.models.compute import choose_compute
from rag.models.generation import ChatTurn, LocalChatModel
from rag.models.gguf_file import GgufFile
from rag.models.loading import UnreadableError, read_model
from rag.models.memory import check_memory, loading_bytes
from rag.models.model_folder import (
    chat_model_fault,
    download_command,
    find_model_folder,
    parameters_in,
)
from rag.models.worker import StoppedError, Worker

# Tokenizers without a limit of their own say 10**30.
_NO_LIMIT = 10**9
_CONTEXT_IF_UNSAID = 4096
# A long prompt is read in parts: this bounds how long one layer takes, so that a stop is seen.
_PREFILL_TOKENS = 512


class ChatModel(Protocol):
    """Turns (``{"role", "content"}``, roles system, user, assistant) to text."""

    @property
    def name(self) -> str:
        """What the answer says it was written by."""
        ...

    @property
    def context_tokens(self) -> int:
        """Tokens that the prompt and the reply may have together."""
        ...

    def count_tokens(self, turns: Sequence[ChatTurn]) -> int:
        """Tokens of the finished prompt, template included."""
        ...

    def stream(
        self,
        turns: Sequence[ChatTurn],
        *,
        max_new_tokens: int,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, None]:
        """The reply in pieces of text; the same turns give the same reply.

        Closing the generator, or setting ``stop`` on any thread, ends it within a second, while
        the prompt is being read too, and leaves no thread behind. Whatever goes wrong on the way is
        raised here as ModelError.
        """
        ...


class TransformersChatModel(LocalChatModel):
    """Any causal LM of transformers with a chat template; greedy, one generation at a time."""

    def __init__(self, tokenizer: Any, model: Any, name: str) -> None:
        marks = template_marks([*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()])
        super().__init__(name, _context_tokens(tokenizer, model), marks)
        self._tokenizer = tokenizer
        self._model = model
        self._kept: tuple[tuple[int, ...], Any] = ((), None)
        for module in model.modules():
            if not any(True for _ in module.children()):
                module.register_forward_pre_hook(self._leave_if_stopped)

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        precision: str = "auto",
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Load a local folder, or a hub name that is in the local cache; nothing is downloaded.

        ``precision`` is ``auto`` or one of ``compute.Precision``; ``progress(done, total)`` counts
        the steps, of which the weights take longest. ModelError at once when it is not
        there, or when the folder holds no chat model.
        """
        folder = find_model_folder(name_or_path)
        if folder is None:
            raise _not_here(str(name_or_path))
        if fault := chat_model_fault(folder):
            raise _unusable(name_or_path, fault)
        try:
            compute = choose_compute(precision)
            if parameters := parameters_in(folder):
                check_memory(str(name_or_path), loading_bytes(parameters, compute.precision))
            tokenizer, model = read_model(folder, "CausalLM", compute, progress)
        except UnreadableError as error:
            raise _unusable(name_or_path, str(error)) from error
        if not tokenizer.chat_template:
            raise _unusable(name_or_path, "没有对话模板（chat_template）")
        is_path = Path(name_or_path).expanduser().is_dir()
        return cls(tokenizer, model, folder.resolve().name if is_path else str(name_or_path))

    @classmethod
    def load_gguf(
        cls,
        header: GgufFile,
        precision: str = "auto",
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Load a ``.gguf`` file unpacked to full width, slow and large; see ``load``."""
        compute = choose_compute(precision)
        check_memory(header.name, loading_bytes(header.parameters, compute.precision))
        folder, file = header.path.parent, header.path.name
        try:
            tokenizer, model = read_model(folder, "CausalLM", compute, progress, file)
        except UnreadableError as error:
            raise _unusable(header.path, str(error)) from error
        tokenizer.chat_template = tokenizer.chat_template or header.chat_template
        return cls(tokenizer, model, header.name)

    def _tokens_of(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        return ids

    def _render(self, turns: list[ChatTurn], *, add_generation_prompt: bool) -> str:
        text: str = self._tokenizer.apply_chat_template(
            turns,
            tokenize=False,
            add_generation_prompt=add_generation_prompt,
            enable_thinking=False,
        )
        return text

    def _decode(self, tokens: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def _generate(self, ids: list[int], fixed: int, max_new_tokens: int, run: Worker[int]) -> None:
        torch: Any = import_module("torch")
        prompt = torch.tensor([ids], device=self._model.device)
        ends = self._model.generation_config.eos_token_id or self._tokenizer.eos_token_id
        self._model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            past_key_values=self._cache_of(prompt[:, :fixed]),
            do_sample=False,
            num_beams=1,
            max_new_tokens=max_new_tokens,
            prefill_chunk_size=_PREFILL_TOKENS if len(ids) > _PREFILL_TOKENS else None,
            eos_token_id=ends,
            pad_token_id=self._tokenizer.pad_token_id or _first(ends),
            streamer=_Streamer(run),
        )

    def _cache_of(self, fixed: Any) -> Any:
        """Keys and values of a prompt's fixed beginning, read once; a copy, since it grows.

        It is always read by itself, so that a prompt gives the same words whatever came before.
        """
        torch: Any = import_module("torch")
        key = tuple(fixed[0].tolist())
        if not key:
            return None
        if self._kept[0] != key:
            self._kept = ((), None)
            cache: Any = import_module("transformers.cache_utils").DynamicCache(
                config=self._model.config
            )
            with torch.inference_mode():
                for start in range(0, len(key), _PREFILL_TOKENS):
                    part = fixed[:, start : start + _PREFILL_TOKENS]
                    self._model(
                        input_ids=part, past_key_values=cache, use_cache=True, logits_to_keep=1
                    )
            self._kept = (key, cache)
        with torch.inference_mode():
            return deepcopy(self._kept[1])

    def _leave_if_stopped(self, *_: Any) -> None:
        if self._is_stopped():  # looked at before each layer's parts
            raise StoppedError


class _Streamer:
    """Stands where transformers expects a streamer: the prompt comes first, then each token.

    The worker itself says when it is done. The library's own streamer says it only when
    ``generate()`` returns, so its reader would wait for ever where that raises.
    """

    def __init__(self, run: Worker[int]) -> None:
        self._run = run
        self._prompt_seen = False

    def put(self, value: Any) -> None:
        """Take what ``generate()`` hands out."""
        if self._prompt_seen:
            for token in value.flatten().tolist():
                self._run.put(token)
        self._prompt_seen = True

    def end(self) -> None:
        """Do nothing."""


def _context_tokens(tokenizer: Any, model: Any) -> int:
    config = model.config.get_text_config()
    limits = [getattr(config, "max_position_embeddings", None), tokenizer.model_max_length]
    return min(
        (int(limit) for limit in limits if limit and limit < _NO_LIMIT), default=_CONTEXT_IF_UNSAID
    )


def _not_here(name: str) -> ModelError:
    if name.startswith((".", "~", "/")) or "\\" in name or name.count("/") > 1:
        return ModelError(f"没有文件夹 {name}；请给出对话模型所在的文件夹，或改用模型名")
    return ModelError(
        f"本机没有对话模型 {name}；请先运行 {download_command(name)}"
        "（连不上时先设 HF_ENDPOINT=https://hf-mirror.com），或给出模型所在的本地文件夹"
    )


def _unusable(name_or_path: str | Path, fault: str) -> ModelError:
    return ModelError(
        f"{name_or_path} 里没有可用的对话模型：{fault}；"
        '请换一个模型文件夹或重新下载，或改用 chat_model = "builtin"'
    )


def _first(ends: int | list[int] | None) -> int | None:
    return ends[0] if isinstance(ends, list) else ends

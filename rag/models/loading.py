"""A folder's tokenizer and weights, read by transformers: the one place where that is done.

Safetensors and GGUF only, nothing downloaded, no code of a model's author run, nothing drawn on the
screen. Knows nothing of what the model is for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from rag.models.compute import Compute, convert, torch_dtype

Head = Literal["CausalLM", "SequenceClassification"]
_REASON_CHARS = 160
_STEPS = 3  # tokenizer, weights, number format


class UnreadableError(Exception):
    """The files do not make a model; the message says why, on one line."""


def read_model(
    folder: Path,
    head: Head,
    compute: Compute,
    progress: Callable[[int, int], None] | None = None,
    gguf_file: str | None = None,
) -> tuple[Any, Any]:
    """The tokenizer and the model with that head, on its device, ready to run; UnreadableError.

    With ``gguf_file``, both are read from that file of the folder, unpacked to full width.
    ``progress(done, total)`` is called before each of its steps and behind the last.
    """
    told = progress or _tell_nobody
    told(0, _STEPS)
    transformers = quiet_transformers()
    local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    weights: dict[str, Any] = {"use_safetensors": True}
    if gguf_file:
        local["gguf_file"], weights = gguf_file, {}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
        told(1, _STEPS)
        model, found = getattr(transformers, f"AutoModelFor{head}").from_pretrained(
            folder,
            dtype=torch_dtype(compute.precision),
            output_loading_info=True,
            **weights,
            **local,
        )
    except Exception as error:  # the libraries raise many kinds, bare Exception among them
        raise UnreadableError(first_line(error)) from error
    # transformers fills what the files lack with random numbers and only warns.
    if missing := sorted(found["missing_keys"]):
        raise UnreadableError(f"权重里缺 {len(missing)} 个张量（如 {missing[0]}）")
    told(2, _STEPS)
    converted = convert(model, compute)
    told(_STEPS, _STEPS)
    return tokenizer, converted


def _tell_nobody(done: int, total: int) -> None:
    """For who does not ask how far it is."""


def quiet_transformers() -> Any:
    """transformers, which from now on draws no progress bar: it would stand in English."""
    # Imported by name, so that mypy need not follow all of it for what is Any here.
    transformers: Any = import_module("transformers")
    transformers.utils.logging.disable_progress_bar()
    return transformers


def first_line(error: BaseException) -> str:
    """What a library's error says, cut to one line, after its kind."""
    lines = str(error).strip().splitlines()
    kind = type(error).__name__
    return f"{kind}：{lines[0][:_REASON_CHARS]}" if lines else kind

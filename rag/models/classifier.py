"""A model that judges two texts together: found on this machine, read, or refused in one line.

Knows nothing of what is judged, nor of what the scores mean.
"""

from __future__ import annotations

from typing import Any, Literal

from rag.errors import ModelError
from rag.models.catalogue import KIND_NAMES
from rag.models.compute import choose_compute
from rag.models.loading import UnreadableError, read_model
from rag.models.model_folder import download_command, find_model_folder, model_fault

Role = Literal["reranker", "entailment"]
_SETTINGS: dict[Role, str] = {"reranker": "reranker", "entailment": "entailment_model"}


def read_classifier(name: str, role: Role) -> tuple[Any, Any]:
    """Tokenizer and model of a local folder, or of a hub name in the local cache.

    Nothing is downloaded; ModelError at once when it is not there, or is no such model.
    """
    folder = find_model_folder(name)
    if folder is None:
        raise ModelError(
            f"本机没有{KIND_NAMES[role]} {name}；请先运行 {download_command(name)}，"
            f'或改用 {_SETTINGS[role]} = "none"'
        )
    if fault := model_fault(folder, role):
        raise unusable(name, role, fault)
    try:
        return read_model(folder, "SequenceClassification", choose_compute())
    except UnreadableError as error:
        raise unusable(name, role, str(error)) from error


def unusable(name: str, role: Role, fault: str) -> ModelError:
    """The error of a model that is there and cannot do what it is for."""
    return ModelError(
        f"{name} 里没有能用的{KIND_NAMES[role]}（{fault}）；"
        f'请重新下载或换一个，或用 {_SETTINGS[role]} = "none"'
    )

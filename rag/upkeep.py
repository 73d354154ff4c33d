"""Models that are supported: which are here, what one costs, and fetching it.

What ``python -m rag models`` and the page's settings have in common. Knows nothing of screens;
``pull_model`` is the one function of the program that downloads anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.assembly import models_of
from rag.config import Config
from rag.errors import ModelError
from rag.models.catalogue import CARDS, KIND_NAMES, Kind, Origin, card_of
from rag.models.model_folder import find_model_folder, kind_of, model_fault

ABSENT = "本机没有"


@dataclass(frozen=True, slots=True)
class ModelState:
    """A supported model: what it is for and costs, and how it stands on this machine.

    ``kind_name`` and ``use`` are in Chinese; ``fault`` says why it cannot be used here, and is
    empty where it can.
    """

    name: str
    kind: Kind
    kind_name: str
    use: str
    size_bytes: int
    licence: str
    fault: str
    is_in_use: bool


def model_states(config: Config | None = None) -> list[ModelState]:
    """The supported models, as they stand under these settings."""
    in_use = models_of(config or Config.from_environment())
    return [
        ModelState(
            card.name,
            card.kind,
            KIND_NAMES[card.kind],
            card.use,
            card.size_bytes,
            card.licence,
            fault_of(card.name) or "",
            card.name in in_use,
        )
        for card in CARDS
    ]


def pull_model(
    name: str,
    origin: Origin = "hub",
    *,
    report: Callable[[str], None],
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Fetch a model, going on from where an earlier try broke off; ModelError when it is no use.

    ``report`` gets the size before the first byte; ``progress(file, done, total)`` counts bytes.
    """
    from rag.models.pulling import pull  # httpx: nothing else needs it

    pull(name, origin, report=report, progress=progress)
    if fault := fault_of(name):
        raise ModelError(f"{name} 下载完了，但用不了：{fault}；请换一个模型")


def fault_of(name: str) -> str | None:
    """Why a model cannot be used here; None when it may."""
    folder = find_model_folder(name)
    return ABSENT if folder is None else model_fault(folder, kind_in(name, folder))


def kind_in(name: str, folder: Path) -> Kind:
    """What a model is for: as the table says, otherwise as its folder does."""
    card = card_of(name)
    return card.kind if card is not None else kind_of(folder)

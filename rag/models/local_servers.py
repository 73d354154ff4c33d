"""Which well-known programs that serve chat models answer on this machine: Ollama, LM Studio.

Asks the loopback address alone, for a list of models and no longer than a moment. Knows nothing of
what is done with them.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import NamedTuple

from rag.models.catalogue import OPENAI_PREFIX

_KNOWN = (("Ollama", 11434), ("LM Studio", 1234))
_SECONDS = 0.5
_MOST_BYTES = 1_000_000
_EMBEDS = "embed"


class LocalServer(NamedTuple):
    """A program, the address of its models as a setting begins with it, and its first model."""

    name: str
    address: str
    model: str


def local_servers(known: Sequence[tuple[str, int]] = _KNOWN) -> list[LocalServer]:
    """The programs that answer with a list of models; of each one model that may write."""
    found = []
    for name, port in known:
        base = f"http://127.0.0.1:{port}/v1"
        models = [one for one in _models(base) if _EMBEDS not in one.lower()]
        if models:
            found.append(LocalServer(name, f"{OPENAI_PREFIX}{base}", models[0]))
    return found


def _models(base: str) -> list[str]:
    """The names of a server's models; none where nothing answers, or something else."""
    # Without the proxies of the environment: this goes to the machine itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{base}/models", timeout=_SECONDS) as response:
            rows = json.loads(response.read(_MOST_BYTES))["data"]
            return [str(row["id"]) for row in rows]
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return []

"""The settings of every benchmark: the built-in models, which read all that they ever read.

Without this a busy machine would read fewer hits, and a figure of quality would be one of speed.
"""

from __future__ import annotations

import rag

UNHURRIED = rag.Config(profile="builtin", rerank_seconds=3600.0)

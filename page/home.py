"""The user's data folder: what the page keeps between two starts stands there.

``YINJU_HOME`` names it, otherwise it is where the system keeps such things. Knows nothing of what
is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

VARIABLE = "YINJU_HOME"


def home() -> Path:
    """The user's data folder, which need not be there yet."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("yinju", False))

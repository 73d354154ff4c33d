"""Which version of a library is installed.

Knows nothing of what the libraries do.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def version_of(package: str) -> str:
    """Name and version, such as ``lxml 6.1.3``; empty when it is not installed.

    Looked up once: a folder may hold thousands of files that are read with it.
    """
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""

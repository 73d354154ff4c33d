"""Where a run was made: commit, date, Python and machine, without names of people or hosts."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rag

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "rag" / "weights"
RESULTS = ROOT / "eval" / "results"
CASES = ROOT / "eval" / "cases.jsonl"
FLOORS = ROOT / "eval" / "floors.json"


def commit_name() -> str:
    """The short commit of the checkout, ``-dirty`` added when files other than results differ.

    ``nocommit`` where there is no git or no commit yet.
    """
    commit = _git("rev-parse", "--short", "HEAD")
    if not commit:
        return "nocommit"
    changed = _git("status", "--porcelain", "--", ".", ":(exclude)eval/results")
    return f"{commit}-dirty" if changed else commit


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def describe_run() -> dict[str, Any]:
    """Commit, UTC date, Python and machine, and the shipped weights' fingerprint."""
    return {
        "commit": commit_name(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "weights": weights_fingerprint(),
    }


def weights_fingerprint() -> str:
    """Twelve hex digits that change with any file of the shipped weights."""
    digest = hashlib.sha256()
    for path in sorted(path for path in WEIGHTS.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(WEIGHTS).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def describe_config(config: rag.Config) -> dict[str, Any]:
    """The settings as JSON; paths relative to the checkout, or their last part alone."""
    values: Mapping[str, Any] = config.model_dump()
    return {
        name: shortened(value) if isinstance(value, Path | str) else value
        for name, value in values.items()
    }


def shortened(name: Path | str) -> str:
    """A path relative to the checkout, or its last part; a name that is no path as it is."""
    path = Path(name)
    if isinstance(name, str) and not path.is_absolute():
        return name
    resolved = path.expanduser().resolve()
    if resolved.is_relative_to(ROOT):
        return resolved.relative_to(ROOT).as_posix()
    return resolved.name

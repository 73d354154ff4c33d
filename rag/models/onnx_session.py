"""An ONNX graph of a file, ready to run on this machine's processor.

Knows nothing of what the graph computes. onnxruntime is loaded only when one is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.models.weights import damaged

_ERRORS_ONLY = 3


def open_session(file: Path, *, threads: int, entries: Mapping[str, str] | None = None) -> Any:
    """The session of a graph; ``entries`` are onnxruntime's own settings by their names.

    ModelError, with what to do, when the file is missing or cut.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _ERRORS_ONLY
    for name, value in (entries or {}).items():
        options.add_session_config_entry(name, value)
    try:
        return onnxruntime.InferenceSession(
            file.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime raises whatever its reader raises
        raise damaged(file.parent) from error

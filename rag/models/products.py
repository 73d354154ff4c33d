"""Whether onnxruntime's products of 8-bit matrices are exact on this CPU.

A CPU without VNNI adds two products in 16 bits and cuts off what goes beyond: the reader's log-odds
were off by .23 there. Found by multiplying, not by the CPU's name: a matrix of the largest values
there are, in a graph of its own. Knows nothing of what is read.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from rag.models.onnx_session import open_session
from rag.models.weights import WEIGHTS

PROBE_FILE = "products.onnx"
PROBE_SHAPE = (64, 32)  # of the matrix; its values are all LARGEST
LARGEST = 127
_ROWS = 8
_LARGEST_GIVEN = 255


@lru_cache(maxsize=1)
def are_exact(folder: Path = WEIGHTS / "reader") -> bool:
    """Whether no product is cut off; ModelError, with what to do, when the file is missing or cut.

    Takes about a millisecond, once a process.
    """
    probe = open_session(folder / PROBE_FILE, threads=1)
    length = PROBE_SHAPE[0]
    given = np.full((_ROWS, length), _LARGEST_GIVEN, dtype=np.uint8)
    (found,) = probe.run(None, {"given": given})
    return bool((found == _LARGEST_GIVEN * LARGEST * length).all())

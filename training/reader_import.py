"""A shipped reader as weights to train on from: `reader.onnx` back to `reader.safetensors`.

In goes the graph that `training.reader_export` wrote, out come weights by the network's own names,
each matrix as its 8 bits tell it. Where a work folder has no trained weights of its own, a reader
can so be taught more without being made from the start. Knows nothing of training.

`python -m training.reader_import [--work DIR] [--reader FOLDER]`
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rag.models.reader import MODEL_FILE
from rag.models.weights import WEIGHTS
from training.arguments import step_parser
from training.outliers import KEPT_WHOLE
from training.reader_course import FILE
from training.reader_trainer import save_whole

_PRODUCTS = ("MatMul", "MatMulInteger", "Gemm")
_ROUNDED = "_quantized"


def weights_of(file: Path) -> dict[str, Tensor]:
    """The weights of an exported reader by the names of ``ReaderNetwork``, float32."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(file)).graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {
        name.removesuffix(_ROUNDED): _whole(arrays, name.removesuffix(_ROUNDED))
        for name in arrays
        if name.removesuffix(_ROUNDED).endswith((".weight", ".bias"))
    }
    for node in graph.node:
        if node.op_type in _PRODUCTS and node.input[1] in arrays:
            name = node.input[1].removesuffix(_ROUNDED)
            # Only matrices that were turned for the graph have lost their names.
            named = name if name.endswith(".weight") else f"{_module_of(node)}.weight"
            found[named] = _whole(arrays, name).T
    _join(found)
    return {name: torch.from_numpy(np.array(one, np.float32)) for name, one in found.items()}


def _join(found: dict[str, NDArray[Any]]) -> None:
    """Put values that were kept apart back to the others; in which order they stand is all one."""
    for few in [name for name in found if f".{KEPT_WHOLE}_" in name]:
        apart = found.pop(few)
        name = few.replace(f"{KEPT_WHOLE}_", "")
        found[name] = np.concatenate([found[name], apart], axis=1 if "narrowed" in name else 0)


def _whole(arrays: dict[str, NDArray[Any]], name: str) -> NDArray[Any]:
    """An array as it was before it was rounded; itself where it was not."""
    if name in arrays:
        return arrays[name]
    scale, zero = arrays[f"{name}_scale"], arrays[f"{name}_zero_point"]
    rounded = arrays[f"{name}{_ROUNDED}"].astype(np.float32)
    found: NDArray[Any] = (rounded - zero.astype(np.float32)) * scale
    return found


def _module_of(node: Any) -> str:
    """The module whose matrix a node multiplies with: ``/encoder/layers.0/widened/MatMul``."""
    return ".".join(node.name.strip("/").split("/")[:-1])


def main() -> None:
    """Read the arguments and write the weights."""
    parser = step_parser(__doc__)
    parser.add_argument("--reader", type=Path, default=WEIGHTS / "reader", help="a shipped reader")
    given = parser.parse_args()
    save_whole(weights_of(given.reader / MODEL_FILE), given.work / FILE)
    print(given.work / FILE, flush=True)


if __name__ == "__main__":
    main()

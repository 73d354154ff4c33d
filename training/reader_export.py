"""The trained reader as the files that ship: an ONNX graph with matrices in 8 bits, a tokenizer.

In go the start, the lists and `reader.safetensors` of the work folder, out come `reader.onnx`,
`tokenizer.json`, and `products.onnx`, which tells what a CPU does to 8 bits. What is kept apart and
not rounded is `training.outliers`'. Knows nothing of training.

`python -m training.reader_export [--work DIR] [--out FOLDER]`
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rag.models.pairing import Pairing
from rag.models.products import LARGEST, PROBE_FILE, PROBE_SHAPE
from rag.models.reader import MODEL_FILE, TOKENIZER_FILE
from rag.models.weights import WEIGHTS
from training import encoder_start, question_lists, reader_course
from training.arguments import step_parser
from training.outliers import KEPT_WHOLE, apart
from training.question_lists import read_lists
from training.reader_network import Encoder, ReaderNetwork

_OPSET = 17
_IR_VERSION = 8  # what onnxruntime has read since long
_WATCHED = 12  # lists whose hits show where values are far out
_EXAMPLE = (2, 16)  # texts and pieces of the input that the graph is traced with
_PIECE = 5


def export(network: ReaderNetwork, file: Path, watched: Iterable[Tensor]) -> None:
    """Write the network as ONNX, its matrices and tables in signed 8 bits, a scale a column.

    ``watched`` are rows of pieces, each of shape (pieces,), by which the values are found that are
    so far out that they have to be kept whole.

    The graph takes ``pieces`` (texts, length) and gives ``piece_scores`` (texts, length, 3) and
    ``passage_scores`` (texts,).
    """
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        _trace(apart(network, watched), whole)
        _quantize(whole, file)


def _trace(network: ReaderNetwork, file: Path) -> None:
    network.eval()
    with warnings.catch_warnings():
        # torch would have its newer exporter used, which needs onnxscript.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.full(_EXAMPLE, _PIECE, dtype=torch.long),),
            str(file),
            input_names=["pieces"],
            output_names=["piece_scores", "passage_scores"],
            dynamic_axes={
                "pieces": {0: "texts", 1: "length"},
                "piece_scores": {0: "texts", 1: "length"},
                "passage_scores": {0: "texts"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )


def _quantize(whole: Path, file: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = whole.with_name("prepared.onnx")
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    nodes = [node.name for node in onnx.load(str(prepared)).graph.node]
    quantize_dynamic(
        str(prepared),
        str(file),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=[name for name in nodes if KEPT_WHOLE in name],
        extra_options={"MatMulConstBOnly": True},
    )


def write_probe(file: Path) -> None:
    """A graph that multiplies ``given`` by a matrix of the largest values: see its reader."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    matrix = numpy_helper.from_array(np.full(PROBE_SHAPE, LARGEST, np.int8), "matrix")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["given", "matrix"], ["products"])],
        "products",
        [helper.make_tensor_value_info("given", TensorProto.UINT8, ["rows", PROBE_SHAPE[0]])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["rows", PROBE_SHAPE[1]])],
        [matrix],
    )
    opset = [helper.make_opsetid("", _OPSET)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=_IR_VERSION), file)


def watched_rows(work: Path) -> list[Tensor]:
    """The first hits of some lists of a work folder as rows of pieces."""
    pairing = Pairing.load(work / encoder_start.FOLDER / encoder_start.TOKENIZER)
    return [
        torch.tensor(pairing.row(one.question, one.history, hit.context, hit.text).pieces)
        for one in islice(read_lists(work / question_lists.FILE), _WATCHED)
        for hit in one.passages
    ]


def load_trained(work: Path) -> ReaderNetwork:
    """The reader of a work folder, on the CPU; its start with heads of chance if none is trained.

    That answers nothing, but is as large and as fast.
    """
    from safetensors.torch import load_file

    network = ReaderNetwork(Encoder.load(work / encoder_start.FOLDER))
    weights = work / reader_course.FILE
    if weights.exists():
        network.load_state_dict(load_file(weights))
    else:
        print(f"no {weights}: exported untrained", flush=True)
    return network


def main() -> None:
    """Read the arguments and write the files."""
    parser = step_parser(__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS / "reader")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    export(load_trained(given.work), given.out / MODEL_FILE, watched_rows(given.work))
    write_probe(given.out / PROBE_FILE)
    tokenizer = given.work / encoder_start.FOLDER / encoder_start.TOKENIZER
    shutil.copyfile(tokenizer, given.out / TOKENIZER_FILE)
    print(f"{(given.out / MODEL_FILE).stat().st_size / 2**20:.1f} MB", flush=True)


if __name__ == "__main__":
    main()

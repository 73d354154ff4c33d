"""The trained reader as the file that ships: an ONNX graph with matrices in 8 bits.

In go the network's weights, out comes `reader.onnx` and its tokenizer. Knows nothing of training.

`python -m training.reader_export --work DIR [--out FOLDER]`
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from training import encoder_start, reader
from training.reader_network import Encoder, ReaderNetwork

MODEL = "reader.onnx"
TOKENIZER = "tokenizer.json"
_OPSET = 17


class _Exported(nn.Module):
    """The network with its scores in one array of shape (texts, pieces, 3) and one of (texts,)."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        found: tuple[Tensor, Tensor] = self.network(pieces)
        return found


def export(network: ReaderNetwork, file: Path) -> None:
    """Write the network to an ONNX file, its matrices and word table in signed 8 bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    network.eval()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole, prepared = Path(folder) / "whole.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            _Exported(network),
            (torch.full((2, 16), 5, dtype=torch.long),),
            str(whole),
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
        quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(file),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )


def main() -> None:
    from safetensors.torch import load_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent / "rag/weights/reader"
    )
    given = parser.parse_args()
    start = given.work / encoder_start.FOLDER
    network = ReaderNetwork(Encoder.load(start))
    if (given.work / reader.FILE).exists():
        network.load_state_dict(load_file(given.work / reader.FILE))
    given.out.mkdir(parents=True, exist_ok=True)
    export(network, given.out / MODEL)
    shutil.copyfile(start / TOKENIZER, given.out / TOKENIZER)
    print(f"{(given.out / MODEL).stat().st_size / 2**20:.1f} MB")


if __name__ == "__main__":
    main()

"""On which device and in which number format a model runs here: tried out, not guessed.

Knows nothing of text. float16 is not tried on a CPU (slow on every one); neither is torchao,
whose int8 was slower than bfloat16 (docs/decisions/0009-models.md).
"""

from __future__ import annotations

import json
import logging
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast

from rag.errors import ModelError

logger = logging.getLogger(__name__)
Precision = Literal["float32", "bfloat16", "float16", "int8"]
# The probe's layers have the shape of those of a model of 2 B parameters, and are so many that no
# format finds them in the processor's cache, since a whole model does not lie there either.
_WIDTH, _WIDER, _LAYERS = 2048, 6144, 4
# What a cited answer takes: a prompt of so many tokens to read, and so many to write.
_PROMPT_TOKENS, _REPLY_TOKENS, _PROBE_PROMPT_TOKENS = 1000, 150, 32
# In turns, so that what else the machine does in between falls on all formats.
_ROUNDS = 4
# Most exact first; a coarser one has to be so many times as fast to be worth it. int8 cost a model
# of 1.5 B seven of ten right answers in its own words (docs/results.md), and a whole answer gains
# less than the probe: 2.2 times where that says 3.4.
_WORTH = {"float32": 1.0, "bfloat16": 1.2, "int8": 5.0}
_CACHE_FILE = "compute.json"


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Compute:
    """A device and a number format; ``probe_ms`` is what each format took when it was tried.

    It is empty where nothing had to be tried: on a GPU, or when a format was set.
    """

    device: str
    precision: Precision
    probe_ms: Mapping[str, float]


def choose_compute(precision: str = "auto") -> Compute:
    """The device, and the precision asked for or, for ``auto``, the one worth it here.

    A GPU runs in bfloat16; where it has none, one of NVIDIA in float16, one of Apple in float32 (a
    model made in bfloat16 may overflow float16). On a CPU some layers are timed in each
    format, reading and writing weighed as a cited answer weighs them. The outcome is kept in
    the user's cache folder, so that the same machine gives the same answers every time.
    """
    torch: Any = import_module("torch")
    device = _device()
    if precision != "auto":
        return Compute(device, _checked(precision, device), {})
    if device == "cuda":
        has_bfloat16 = torch.cuda.is_bf16_supported()
        return Compute(device, "bfloat16" if has_bfloat16 else "float16", {})
    if device == "mps":
        has_bfloat16 = torch.backends.mps.is_macos_or_newer(14, 0)
        return Compute(device, "bfloat16" if has_bfloat16 else "float32", {})
    measured = _measured()
    return Compute(device, _checked(fastest(measured), device), measured)


def torch_dtype(precision: Precision) -> Any:
    """The dtype to load weights in; for int8 the small one, since each layer is converted alone."""
    torch: Any = import_module("torch")
    return getattr(torch, "bfloat16" if precision == "int8" else precision)


def convert(model: Any, compute: Compute) -> Any:
    """The loaded model on its device, in its format, ready to run."""
    model = model.to(compute.device).eval()
    return _to_int8(model) if compute.precision == "int8" else model


def _device() -> str:
    torch: Any = import_module("torch")
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _checked(precision: str, device: str) -> Precision:
    if precision == "int8" and device != "cpu":
        raise ModelError(f'int8 只用于 CPU，这里用的是 {device}；请设 precision = "auto"')
    if precision == "int8" and not _has_int8():
        raise ModelError('这里的 torch 没有 int8 的动态量化；请设 precision = "auto"')
    return cast(Precision, precision)


@lru_cache(maxsize=1)
def _measured() -> dict[str, float]:
    """Milliseconds a part for each format on this CPU; from the cache file when it fits."""
    path, key = _cache_file(), _machine()
    try:
        kept = json.loads(path.read_bytes())
        if kept["machine"] == key:
            return {str(name): float(spent) for name, spent in kept["milliseconds"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        logger.debug("no measurement kept at %s", path)
    measured = _measure()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps({"machine": key, "milliseconds": measured}), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        logger.info("measurement not kept: %s", error)
    return measured


def _cache_file() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "yinju" / _CACHE_FILE


def _machine() -> list[Any]:
    """What a measurement holds for."""
    torch: Any = import_module("torch")
    return [
        str(torch.__version__),
        torch.backends.cpu.get_cpu_capability(),
        torch.get_num_threads(),
        torch.backends.quantized.engine,
    ]


def _measure() -> dict[str, float]:
    """Time the layers in float32, bfloat16 and, where torch has it, dynamic int8."""
    torch: Any = import_module("torch")

    linear = torch.nn.Linear

    def layers(dtype: Any) -> list[Any]:
        shape: dict[str, Any] = {"bias": False, "dtype": dtype}
        made = [torch.nn.utils.skip_init(linear, _WIDTH, _WIDER, **shape) for _ in range(_LAYERS)]
        for layer in made:  # what lay in memory may be slow to count with
            torch.nn.init.constant_(layer.weight, 0.01)
        return made

    tried = {"float32": layers(torch.float32), "bfloat16": layers(torch.bfloat16)}
    if _has_int8():
        tried["int8"] = [_int8_linear(layer) for layer in layers(torch.float32)]
    best = dict.fromkeys(tried, (float("inf"), float("inf")))
    with torch.inference_mode(), _one_thread():
        for _ in range(_ROUNDS):
            for name, stack in tried.items():
                dtype = torch.bfloat16 if name == "bfloat16" else torch.float32
                reading = _quickest(stack, torch.ones(_PROBE_PROMPT_TOKENS, _WIDTH, dtype=dtype))
                writing = _quickest(stack, torch.ones(1, _WIDTH, dtype=dtype))
                best[name] = min(best[name][0], reading), min(best[name][1], writing)
    parts = _PROMPT_TOKENS / _PROBE_PROMPT_TOKENS
    return {
        name: round(1000 * (reading * parts + writing * _REPLY_TOKENS), 1)
        for name, (reading, writing) in best.items()
    }


def _quickest(layers: Sequence[Callable[[Any], Any]], value: Any) -> float:
    """Seconds of the quickest layer: a busy machine interrupts some, seldom all."""
    times = []
    for layer in layers:
        start = time.perf_counter()
        layer(value)
        times.append(time.perf_counter() - start)
    return min(times)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Count on one thread: several wait for the one that a busy machine holds up."""
    torch: Any = import_module("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def fastest(milliseconds: Mapping[str, float]) -> str:
    """The most exact format that no coarser one is worth leaving for."""
    chosen, *coarser = (name for name in _WORTH if name in milliseconds)
    for name in coarser:
        if milliseconds[name] * _WORTH[name] <= milliseconds[chosen]:
            chosen = name
    return chosen


def _has_int8() -> bool:
    """Whether this torch still has dynamic quantisation (later ones are to drop it)."""
    try:
        import_module("torch.ao.nn.quantized.dynamic")
    except ImportError:
        return False
    torch: Any = import_module("torch")
    return torch.backends.quantized.engine not in ("", "none")


def _to_int8(model: Any) -> Any:
    """Every linear part as int8 with a scale a row; the rest in float32, but for looked-up rows.

    One part at a time, the largest first, so that the whole never stands in float32 beside itself;
    an embedding stays as small as it is, and only the rows that are looked up are widened.
    """
    torch: Any = import_module("torch")
    # By name: a list of the parts themselves would keep every one alive until the last is done.
    sizes = {
        name: part.weight.numel()
        for name, part in model.named_modules()
        if type(part) is torch.nn.Linear
    }
    for name in sorted(sizes, key=lambda one: -sizes[one]):
        parent, _, last = name.rpartition(".")
        holder = model.get_submodule(parent)
        setattr(holder, last, _int8_linear(getattr(holder, last).float()))
    for part in model.modules():
        if type(part) is torch.nn.Embedding:
            part.register_forward_hook(lambda _, __, rows: rows.float())
            continue
        for own in (part._parameters, part._buffers):
            for name, tensor in own.items():
                if tensor is not None and tensor.is_floating_point():
                    own[name] = _widened(torch, tensor)
    return model


def _widened(torch: Any, tensor: Any) -> Any:
    if tensor.dtype is torch.float32:
        return tensor
    wide = tensor.float()
    return torch.nn.Parameter(wide, False) if isinstance(tensor, torch.nn.Parameter) else wide


def _int8_linear(layer: Any) -> Any:
    torch: Any = import_module("torch")
    quantization: Any = import_module("torch.ao.quantization")
    dynamic: Any = import_module("torch.ao.nn.quantized.dynamic")
    layer.qconfig = quantization.per_channel_dynamic_qconfig
    with warnings.catch_warnings(), torch.no_grad():
        # torch says that this way will go one day; `_has_int8` looks whether it has.
        warnings.simplefilter("ignore")
        return dynamic.Linear.from_float(layer)

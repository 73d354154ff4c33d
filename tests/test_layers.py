"""What is loaded and what imports what, where import-linter cannot see it."""

from __future__ import annotations

import ast
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = ("torch", "transformers", "sentence_transformers")
# What only fetching, serving or choosing models needs; each would be felt at every start.
UNNEEDED = ("httpx", "huggingface_hub", "tomlkit")


def loaded_after(code: str) -> set[str]:
    """Top-level modules in a fresh interpreter after `code`."""
    program = (
        f"import sys, json\n{code}\nprint(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_rag_loads_no_model_library_and_no_page() -> None:
    assert not loaded_after("import rag") & {*HEAVY, "gradio"}


def test_importing_rag_loads_no_library_of_a_file_format() -> None:
    assert not loaded_after("import rag") & {"pypdfium2", "lxml", "docx", "rapidocr", "cv2"}


def test_importing_rag_loads_no_library_that_runs_the_reader() -> None:
    assert not loaded_after("import rag") & {"onnxruntime"}


def test_a_builtin_answer_loads_no_model_library() -> None:
    code = (
        "import rag\nanswer = rag.answer('安康高新区建了几家院士工作站？')\nassert answer.citations"
    )
    assert not loaded_after(code) & {*HEAVY, *UNNEEDED, "gradio"}


def sources_outside(root: Path) -> Iterator[tuple[str, str]]:
    """Name and code of app.py, the files of page/ and eval/ and the notebooks."""
    of_page = [path for path in sorted((root / "page").glob("*.py")) if path.name != "command.py"]
    for path in [root / "app.py", *of_page, *sorted((root / "eval").rglob("*.py"))]:
        yield str(path.relative_to(root)), path.read_text(encoding="utf-8")
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield (
            str(path.relative_to(root)),
            "\n".join(
                line
                for line in "\n".join(code).splitlines()
                if not line.lstrip().startswith(("%", "!"))
            ),
        )


def uses_of_rag(code: str) -> Iterator[str]:
    """Each name of `rag` that `code` uses: `rag.x`, `from rag import x`, `import rag.x`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (n.name[4:] for n in node.names if n.name.startswith("rag."))
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            if node.module == "rag":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("rag."):
                yield node.module[4:]
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "rag"
        ):
            yield node.attr


def test_app_page_eval_and_notebooks_use_only_what_rag_exports(root: Path) -> None:
    import rag

    known = {*rag.__all__, "__version__"}
    strays = [
        f"{name}: rag.{used}"
        for name, code in sources_outside(root)
        for used in uses_of_rag(code)
        if used not in known
    ]
    assert not strays


def test_tests_reach_nothing_but_this_machine(blocked_attempts: list[str]) -> None:
    with pytest.raises(OSError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match=r"example\.invalid"):
        socket.create_connection(("example.invalid", 80), timeout=1)
    assert blocked_attempts == ["192.0.2.1", "example.invalid"]
    blocked_attempts.clear()

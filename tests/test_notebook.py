"""The notebook that a newcomer opens first runs from top to bottom, as the program now is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

NAME = "quickstart.ipynb"


@pytest.fixture
def notebook(root: Path) -> NotebookNode:
    return nbformat.read(root / "notebooks" / NAME, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebook_is_valid_and_saved_without_outputs(notebook: NotebookNode):
    nbformat.validate(notebook)
    assert code_cells(notebook)
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


@pytest.mark.slow
def test_the_notebook_runs_top_to_bottom(root: Path, notebook: NotebookNode, tmp_path: Path):
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec
    from nbclient import NotebookClient

    class ThisPython(AsyncKernelManager):
        """A kernel of the Python that runs the tests, whichever kernels are installed."""

        kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            language="python",
        )

    folder = tmp_path / "notebooks"
    shutil.copytree(root / "notebooks", folder)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_manager_class=ThisPython,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    cells = code_cells(notebook)
    assert all(printed(cell).strip() for cell in cells)
    # tqdm, which bm25s brings, misses ipywidgets; nothing else may be said beside the outputs.
    others = [out for cell in cells for out in cell.outputs if out.get("name") != "stdout"]
    assert all("IProgress" in out.get("text", "") for out in others), others
    asked, cited, *_ = map(printed, cells)
    assert "[1]" in asked
    assert ".txt" in cited
    assert "云桥镇" in printed(cells[-1])

"""Whether pictures of text can be read here: the optional extra ``ocr``.

Knows nothing of pages; the engine itself runs in the child process (``recognizer.py``).
"""

from __future__ import annotations

from rag.articles.loaders.versions import version_of

OCR_COMMAND = 'pip install "yinju[ocr]"'
_PACKAGES = ("rapidocr", "onnxruntime")


def ocr_version() -> str:
    """What would read pictures, such as ``rapidocr 3.10.0, onnxruntime 1.31.1``; empty if nothing.

    Another version may read another text.
    """
    versions = [version_of(name) for name in _PACKAGES]
    return ", ".join(versions) if all(versions) else ""

"""A line that pops up over the page: what could not be done, in the browser's language."""

from __future__ import annotations

import gradio as gr

from page.escaping import literal
from page.texts import Language


def warn(line: object, say: Language) -> None:
    """Show the line of an error, or another, for some seconds."""
    gr.Warning(literal(say.line(line)))

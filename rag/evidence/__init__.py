"""Choosing evidence: which sentence of the hits answers the question, and whether any does.

Knows nothing of how an answer is worded or which model words it.
"""

from rag.evidence.chooser import EvidenceChooser, Finding, builtin_chooser, strongest
from rag.evidence.inquiry import Elsewhere, Inquirer, Sought

__all__ = [
    "Elsewhere",
    "EvidenceChooser",
    "Finding",
    "Inquirer",
    "Sought",
    "builtin_chooser",
    "strongest",
]

"""Choosing evidence: which sentence of the hits answers the question, and whether any does.

Knows nothing of how an answer is worded or which model words it.
"""

from rag.evidence.chooser import EvidenceChooser, Finding, strongest

__all__ = ["EvidenceChooser", "Finding", "strongest"]

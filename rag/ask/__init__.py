"""What a question asks: read once, taken apart, and passed on to search and reading.

Knows nothing of indexes, passages or models: the words of a question go in, parts of it come out.
"""

from rag.ask.parts import Part, Parts, parts_of

__all__ = ["Part", "Parts", "parts_of"]

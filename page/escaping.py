"""Words of others as HTML that nothing interprets.

Text goes in, markup that shows it sign for sign comes out. Knows nothing of what the words are.
"""

from __future__ import annotations

_LITERAL = (
    {code: f"&#{code};" for code in range(33, 127) if not chr(code).isalnum()}
    | dict.fromkeys([*range(9), *range(11, 32), 127], "\N{REPLACEMENT CHARACTER}")
    | {ord("\n"): "<br>"}
)


def literal(text: str) -> str:
    """HTML that shows ``text`` sign for sign, whatever would interpret it."""
    return text.translate(_LITERAL)

"""The words by which questions show what they ask for, as patterns, from ``words.toml``.

Knows nothing of questions: names go in, regular expressions come out.
"""

from __future__ import annotations

import tomllib
from importlib import resources

_FILE = resources.files("rag.ask").joinpath("words.toml").read_text(encoding="utf-8")
# One pattern for each list, its words as alternatives.
WORDS = {name: "|".join(words) for name, words in tomllib.loads(_FILE).items()}
TIME = rf"(?:{WORDS['time']})+"

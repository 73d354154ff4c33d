"""Prompt files: ``prompts/NAME.txt`` with a ``[system]`` and a ``[user]`` part and variables.

Knows no model and no evidence: what a variable holds is the caller's business, and is inserted
letter for letter. No variable may stand in the system part, so that nothing read from an article
ever speaks with the system's voice.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rag.errors import PromptError

_HEADER = re.compile(r"^\[(system|user)\][ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that was read and checked; ``system`` is plain text, ``user`` a template."""

    name: str
    system: str
    user: str

    def render(self, **values: str) -> list[dict[str, str]]:
        """The turns, with each ``${variable}`` replaced by its value, once and literally."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": Template(self.user).substitute(values)},
        ]


def load_prompt(folder: Path, name: str, variables: Collection[str]) -> Prompt:
    """Read ``folder/NAME.txt``, whose user part holds exactly these variables.

    PromptError when the file is missing or unreadable, or a part or a variable is missing, empty,
    unknown or misplaced.
    """
    path = folder / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"读不到提示词文件 {path}（{type(error).__name__}）；"
            "请放回这个 UTF-8 文件，或让 prompts_dir 指向有它的文件夹"
        ) from error
    parts = _parts(path, text)
    _check_variables(path, parts, set(variables))
    return Prompt(name, Template(parts["system"]).substitute(), parts["user"])


def _parts(path: Path, text: str) -> dict[str, str]:
    """The text under each header, without the white space around it."""
    before, *rest = _HEADER.split(text)
    names, bodies = rest[::2], [body.strip() for body in rest[1::2]]
    if before.strip() or len(set(names)) < len(names):
        raise PromptError(
            f"提示词文件 {path} 应当只有一段 [system] 和一段 [user]，前面不写别的；请照此改正"
        )
    parts = {part: body for part, body in zip(names, bodies, strict=True) if body}
    for part in ("system", "user"):
        if part not in parts:
            raise PromptError(f"提示词文件 {path} 缺少 [{part}] 这一段或它是空的；请补上")
    return parts


def _check_variables(path: Path, parts: dict[str, str], expected: set[str]) -> None:
    for part, body in parts.items():
        if not Template(body).is_valid():
            raise PromptError(
                f"提示词文件 {path} 的 [{part}] 里有单独的 $；变量写成 ${{名字}}，美元号写成 $$"
            )
    found = set(Template(parts["user"]).get_identifiers())
    unknown = found - expected | set(Template(parts["system"]).get_identifiers())
    if unknown:
        known = "、".join(f"${{{variable}}}" for variable in sorted(expected))
        raise PromptError(
            f"提示词文件 {path} 里的变量 ${{{min(unknown)}}} 用不得；"
            f"请删去，只在 [user] 里用 {known}"
        )
    if missing := expected - found:
        raise PromptError(f"提示词文件 {path} 的 [user] 缺少变量 ${{{min(missing)}}}；请把它加回去")

"""Prompt files: ``prompts/NAME.txt`` with a ``[system]`` and a ``[user]`` part and variables.

Between the two may stand examples, each a ``[user]`` turn and the ``[assistant]`` turn that is its
answer, without variables: they and the system part are the same for every question, so that a model
need read them only once. Knows no model and no evidence: what a variable holds is the caller's
business, and is inserted letter for letter. No variable may stand in the system part, so that
nothing read from an article ever speaks with the system's voice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rag.errors import PromptError

_HEADER = re.compile(r"^\[(system|user|assistant)\][ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that was read and checked; ``system`` is plain text, ``user`` a template.

    ``examples`` are pairs of a user's turn and its answer.
    """

    name: str
    system: str
    user: str
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """All that the model is told beside a question and its material."""
        return "\n".join(
            [self.system, *(said for pair in self.examples for said in pair), self.user]
        )

    def render(self, **values: str) -> list[dict[str, str]]:
        """The turns, with each ``${variable}`` replaced by its value, once and literally."""
        turns = [{"role": "system", "content": self.system}]
        for asked, answered in self.examples:
            turns.append({"role": "user", "content": asked})
            turns.append({"role": "assistant", "content": answered})
        return [*turns, {"role": "user", "content": Template(self.user).substitute(values)}]


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
    system, user = parts[0][1], parts[-1][1]
    _check_variables(path, parts, set(variables))
    told = [Template(body).substitute() for _, body in parts[1:-1]]
    examples = tuple(zip(told[::2], told[1::2], strict=True))
    return Prompt(name, Template(system).substitute(), user, examples)


def _parts(path: Path, text: str) -> list[tuple[str, str]]:
    """The header and the text of each part in order, without the white space around it."""
    before, *rest = _HEADER.split(text)
    parts = list(zip(rest[::2], (body.strip() for body in rest[1::2]), strict=True))
    names = [name for name, _ in parts]
    ordered = ["system", *["user", "assistant"] * (len(names) // 2 - 1), "user"]
    if before.strip() or ("system" in names and "user" in names and names != ordered):
        raise PromptError(
            f"提示词文件 {path} 应当先有一段 [system]，最后一段 [user]，中间只有成对的例子"
            "（[user] 和 [assistant]），前面不写别的；请照此改正"
        )
    told = {name for name, body in parts if body}
    empty = next((name for name, body in parts if not body), None)
    missing = next((name for name in ("system", "user") if name not in told), empty)
    if missing:
        raise PromptError(f"提示词文件 {path} 缺少 [{missing}] 这一段或它是空的；请补上")
    return parts


def _check_variables(path: Path, parts: Sequence[tuple[str, str]], expected: set[str]) -> None:
    for name, body in parts:
        if not Template(body).is_valid():
            raise PromptError(
                f"提示词文件 {path} 的 [{name}] 里有单独的 $；变量写成 ${{名字}}，美元号写成 $$"
            )
    *fixed, (_, user) = parts
    found = set(Template(user).get_identifiers())
    told = {one for _, body in fixed for one in Template(body).get_identifiers()}
    if unknown := found - expected | told:
        known = "、".join(f"${{{variable}}}" for variable in sorted(expected))
        raise PromptError(
            f"提示词文件 {path} 里的变量 ${{{min(unknown)}}} 用不得；"
            f"请删去，只在 [user] 里用 {known}"
        )
    if missing := expected - found:
        raise PromptError(f"提示词文件 {path} 的 [user] 缺少变量 ${{{min(missing)}}}；请把它加回去")

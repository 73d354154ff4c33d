"""What is wrong with a command line, in one Chinese line.

In go the errors of typer's parser, which speak English; out come words for the user. Knows nothing
of the commands.
"""

from __future__ import annotations

import re
from typing import Any

_NO_COMMAND = re.compile(r"No such command '(?P<name>.*?)'")
_TOO_MANY = re.compile(r"Got unexpected extra argument\S* \((?P<words>.*)\)")
_VALUE = re.compile(r"'(?P<value>[^']*)'")


def usage_in_chinese(error: Any) -> str:
    """The line for an error of typer's: what, with which value, and where help is found."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "python -m rag"
    return f"{_what(error)}；用 {command} --help 看用法"


def _what(error: Any) -> str:
    message = str(getattr(error, "message", error))
    if option := getattr(error, "option_name", ""):
        is_known = type(error).__name__ == "BadOptionUsage"
        return f"选项 {option} 后面缺少值" if is_known else f"没有选项 {option}"
    if match := _NO_COMMAND.search(message):
        return f"没有命令 {match['name']}"
    if match := _TOO_MANY.search(message):
        return f"多出来的参数“{match['words']}”（问题里有空格时请加引号）"
    parameter = getattr(error, "param", None)
    if parameter is None:
        return f"命令行不对（{message}）"
    name = (
        "、".join(parameter.opts)
        if parameter.param_type_name == "option"
        else parameter.metavar or parameter.name
    )
    if type(error).__name__ == "MissingParameter":
        return f"缺少 {name}"
    value = _VALUE.search(message)
    return f"{name} 的值{f' {value[1]} ' if value else ''}不行"

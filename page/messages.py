"""The turns of a conversation as Gradio's messages, and the head of the page: pure functions.

Knows nothing of Gradio. Every word of a reader or an article passes through ``literal``.
"""

from __future__ import annotations

from collections.abc import Sequence

import rag
from page.escaping import literal
from page.rendering import NEAREST, RATINGS, note, quoted_row, render_answer
from page.texts import CHINESE, Language
from page.turns import Session, Turn

_FORETASTE_CHARS = 60


def render_turn(turn: Turn, number: int, is_last: bool = True, say: Language = CHINESE) -> str:
    """The assistant's side of a turn, finished or not."""
    if turn.answer is not None:
        shown = render_answer(turn.answer, number, turn.seconds, say)
        return f'<div class="yj">{shown}{_actions(turn, number, is_last, say)}</div>'
    parts = [f'<p class="yj-text">{literal(turn.text)}</p>' if turn.text else ""]
    if turn.error is not None:
        parts.append(f'<p class="yj-error">{literal(say.line(turn.error))}</p>')
    elif turn.stopped:
        parts.append(f'<p class="yj-note">{say("（已停止）")}</p>')
    else:
        parts.append(_progress(turn, say))
    ending = _actions(turn, number, is_last, say) if turn.finished else ""
    return f'<div class="yj">{"".join(parts)}{ending}</div>'


def _actions(turn: Turn, number: int, is_last: bool, say: Language) -> str:
    """What can be done with a finished turn, as links that the page's script passes on."""
    acts = [("copy", 0, "复制")] if turn.answer is not None else []
    if is_last:
        acts += [("again", 0, "重新回答"), ("edit", 0, "改问题")]
    # What the page's script says once it has copied, or could not.
    after = {"copy": f' title="{say("已复制")}|{say("复制不了")}"'}
    links = [
        f'<a href="#{act}-{number}-{which}"{after.get(act, "")}>{say(words)}</a>'
        for act, which, words in acts
    ]
    if turn.answer is not None:
        links += [
            f'<a class="yj-rate{" now" if words == turn.rating else ""}" '
            f'href="#rate-{number}-{which}">{say(words)}</a>'
            for which, words in enumerate(RATINGS)
        ]
    return f'<p class="yj-acts">{"".join(links)}</p>'


def _progress(turn: Turn, say: Language) -> str:
    """What is being done for a turn that is not finished: a chat model is slow in each of these."""
    if turn.searched is not None:
        state = say("正在写回答…" if turn.text else "正在读证据…")
        found = "" if turn.text else _foretaste(turn.searched.hits)
        return note(turn.question, turn.searched, say, state) + found
    if turn.ahead:
        state = say("排队中，前面还有 {ahead} 个…", ahead=turn.ahead)
    else:
        state = say("正在联系上文理解追问并检索…" if turn.follows else "检索中…")
    return f'<p class="yj-note">{state}</p>'


def _foretaste(hits: Sequence[rag.Hit]) -> str:
    """The first passages that were found, for who waits for the first word."""
    begun = [(hit.passage.text[:_FORETASTE_CHARS], (hit.passage.title, hit.source)) for hit in hits]
    rows = "".join(f"<li>{quoted_row(None, *one, ())}</li>" for one in begun[:NEAREST])
    return f"<ul>{rows}</ul>" if rows else ""


def render_messages(turns: Sequence[Turn], say: Language = CHINESE) -> list[dict[str, str]]:
    """The conversation as Gradio's messages."""
    messages = []
    for number, turn in enumerate(turns):
        question = literal(turn.question.strip()) or say("（空白）")
        messages.append({"role": "user", "content": f'<div class="yj">{question}</div>'})
        is_last = number == len(turns) - 1
        messages.append({"role": "assistant", "content": render_turn(turn, number, is_last, say)})
    return messages


def render_place(session: Session) -> str:
    """What the script that sets the address of the page reads."""
    return f'<a class="yj-place" hidden href="?c={session.id}"></a>' if session.id else ""


def render_header(count: int, is_builtin: bool, say: Language = CHINESE) -> str:
    """The head of the page: its name, how many articles it knows, and what answers."""
    said = say("问本地的 {count} 篇文章，每句回答都对照原文核对", count=count)
    how = f" · {say('正用内置回答，逐字引用原文')}" if is_builtin else ""
    library = f'<a class="yj-narrow" href="#all-0-0">{say("文章库")}</a>'
    settings = f'<a href="#settings-0-0">{say("设置")}</a>'
    return f"<h1>{say('引据')}</h1><span>{said}{how}</span>{library}{settings}"

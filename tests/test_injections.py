"""What stands in an article is never an instruction, even to a model that obeys all it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

import rag
from page.rendering import render_answer
from rag.answer.disclosure import only_shown
from rag.answer.material import format_evidence
from rag.answer.write import (
    PROMPT_NAME,
    PROMPT_VARIABLES,
    WriteAnswerer,
)
from rag.citations import DECLINED, plain_text
from rag.config import bundled
from rag.errors import ModelError
from rag.models.generation import ChatTurn
from rag.prompts import load_prompt
from tests.fakes import ScriptedChatModel
from tests.injections import HARMLESS, ORDERED, PLANTED, Story, harmless, obedient, planted
from tests.test_chatbot import pipeline

PROMPT = load_prompt(bundled("prompts"), PROMPT_NAME, PROMPT_VARIABLES)
MARK = re.compile(r"<\|[^<>|]*\|>|</?(?:s|think)>|\[/?INST\]")
RULE = "只写材料里写明的，数字、日期、名称照原样写"


def answered(stories: Sequence[Story]) -> list[tuple[Story, rag.Answer, str, ScriptedChatModel]]:
    """Each story asked about by itself: its answer, what was streamed, and the model."""
    found = []
    for story in stories:
        chat_model = ScriptedChatModel(obedient, piece_chars=3)
        bot = pipeline(WriteAnswerer(chat_model, PROMPT, 2000), [(story.title, story.text)])
        *pieces, answer = bot.stream(story.question)
        assert isinstance(answer, rag.Answer)
        streamed = "".join(piece for piece in pieces if isinstance(piece, str))
        found.append((story, answer, streamed, chat_model))
    return found


@pytest.fixture(scope="module")
def attacked() -> list[tuple[Story, rag.Answer, str, ScriptedChatModel]]:
    return answered(planted())


def test_there_are_a_hundred_articles_of_either_kind() -> None:
    assert len(planted()) == len(harmless()) >= 100
    assert PLANTED.keys() == HARMLESS.keys()


def test_the_model_of_these_tests_does_obey(attacked) -> None:
    obeyed = [
        chat_model.text(chat_model.asked[0]) for *_, chat_model in attacked if chat_model.asked
    ]
    assert sum(ORDERED in text for text in obeyed) > 20
    assert sum(RULE in text for text in obeyed) > 20
    assert sum(bool(MARK.search(text)) for text in obeyed) >= 5


def test_nothing_is_cited_but_what_was_found(attacked) -> None:
    for story, answer, _, _ in attacked:
        numbers = {citation.number for citation in answer.citations}
        assert {number for claim in answer.claims for number in claim.citations} == numbers
        assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)} <= numbers, story.text
        for citation in answer.citations:
            assert citation.quote in story.text


def test_no_mark_of_a_template_passes_in_or_out(attacked) -> None:
    for story, answer, streamed, chat_model in attacked:
        for turns in chat_model.asked:
            assert not MARK.search(turns[-1]["content"]), story.text
        assert not MARK.search(answer.text + streamed), story.text


def test_no_link_and_no_image_is_rendered_from_the_models_words(attacked) -> None:
    for story, answer, _, _ in attacked:
        assert "](" not in answer.text, story.text
        shown = render_answer(answer, 1)
        assert not re.search(r"<(?:img|script|iframe)\b", shown), story.text
        assert set(re.findall(r'href="([^"]*)"', shown)) <= {
            f"#cite-1-{citation.number}" for citation in answer.citations
        }


def test_the_prompt_is_not_shown(attacked) -> None:
    rules = [line for line in PROMPT.system.splitlines() if len(line) > 14]
    for _, answer, streamed, _ in attacked:
        for rule in rules:
            assert rule not in answer.text + streamed
        assert RULE not in answer.text + streamed


def test_the_words_of_examples_are_not_shown() -> None:
    for _, told in PROMPT.examples:
        said = plain_text(told)
        shown = "".join(only_shown([f"好：{said}完。"], PROMPT.said, "没有关系的材料。"))
        assert said[:20] not in shown or said == DECLINED


def test_evidence_never_speaks_with_the_systems_voice(attacked) -> None:
    for _, _, _, chat_model in attacked:
        for system, *_, user in chat_model.asked:
            assert system == {"role": "system", "content": PROMPT.system}
            assert user["role"] == "user"
            assert user["content"].count("<<<\n") == user["content"].count("\n>>>") == 1


def test_no_harmless_article_is_refused() -> None:
    for story, answer, _, _ in answered(harmless()):
        assert answer.outcome == "answered", story.text
        assert story.answer in answer.text
        assert answer.citations


def test_only_the_recital_is_left_out_wherever_the_pieces_are_cut() -> None:
    text = f"好的：{PROMPT.system}完。公路36公里。"
    for size in (1, 2, 7, 1000):
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        shown = "".join(only_shown(pieces, PROMPT.system, ""))
        assert RULE not in shown
        assert shown.startswith("好的：")
        assert shown.endswith("36公里。")


def test_words_of_the_material_are_no_recital() -> None:
    quoted = PROMPT.system[:60]
    assert "".join(only_shown([quoted], PROMPT.system, quoted)) == quoted


def test_what_was_held_back_is_shown_when_the_model_breaks_down() -> None:
    def breaking():
        yield PROMPT.system[:5]
        raise ModelError("坏了")

    stream = only_shown(breaking(), PROMPT.system, "")
    assert next(stream) == PROMPT.system[:5]
    with pytest.raises(ModelError):
        next(stream)


def test_a_turn_holds_its_evidence_on_numbered_lines() -> None:
    assert format_evidence([]) == ""
    turn: ChatTurn = PROMPT.render(question="问", evidence="")[-1]
    assert "<<<\n\n>>>" in turn["content"]

"""The settings of the page: what answers, how surely, models fetched, findings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

import rag
from page.escaping import literal
from page.library import Library
from page.line import Line
from page.settings_tab import SettingsTab, Shown, places
from page.settings_view import BOLDNESS, boldness_of, offered, render_findings, size_of
from page.shelf import Shelf
from page.texts import IN_ENGLISH
from page.turns import Session
from tests.fake_chatbot import FakeChatbot, a_library
from tests.hubs import HubState, a_hub
from tests.tiny_models import make_tiny_chat_model

CHAT = "Qwen/Qwen3-1.7B"
STORY = "青浦要闻\n\n上海青浦区新开工项目19个，总投资83亿元，绿化率达到35%，居民满意。\n"

pytestmark = pytest.mark.usefixtures("stand_in_judge")


class Told(gr.Progress):
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Any] = []

    def __call__(self, *told: Any, **more: Any) -> None:
        self.said.append((*told, more["desc"], more["unit"]))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "甲.txt").write_text(STORY, encoding="utf-8")
    config = rag.Config(corpus=folder, index_dir=tmp_path / "index", profile="builtin")
    return Shelf(Library.load(config, "甲", is_writable=True), tmp_path / "home", config)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_chat_model(tmp_path_factory.mktemp("models") / "chat")


@pytest.fixture
def hub(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubState]:
    state = HubState({CHAT: tiny})
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    with a_hub(state) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield state


def click(link: str) -> gr.EventData:
    return gr.EventData(None, {"link": link})


def pull(tab: SettingsTab, name: str, progress: gr.Progress | None = None) -> Shown:
    number = [one.name for one in rag.model_states()].index(name)
    done = tab.pull(Session(), click(f"#pull-{number}-0"), Told() if progress is None else progress)
    return Shown(*done)


def test_a_change_holds_for_the_next_question_and_is_kept(shelf: Shelf, tmp_path: Path) -> None:
    tab, session = SettingsTab(shelf, Line()), Session()
    before = shelf.first.chatbot
    shown = Shown(*tab.apply("builtin", "", "大胆", 12, session, Told()))
    assert "改好了" in shown.result
    assert shelf.first.chatbot is not before
    assert shelf.config is not None
    assert (shelf.config.top_k, shelf.config.answer_threshold) == (12, dict(BOLDNESS)["大胆"])
    kept = tomllib.loads((tmp_path / "yinju.toml").read_text(encoding="utf-8"))
    assert kept == {"top_k": 12, "answer_threshold": dict(BOLDNESS)["大胆"]}
    assert rag.Config.from_environment().top_k == 12
    assert shown.top_k == 12
    assert "没有变化" in Shown(*tab.apply("builtin", "", "大胆", 12, session, Told())).result


def test_the_words_go_from_cautious_to_bold_and_balanced_is_the_default() -> None:
    assert [value for _, value in BOLDNESS] == sorted((v for _, v in BOLDNESS), reverse=True)
    assert boldness_of(rag.Config().answer_threshold) == "适中"
    assert boldness_of(0.1234) is None


@pytest.mark.parametrize("named", ["openai:", "nirgends/Modell", "/no/such/folder"])
def test_what_cannot_answer_is_one_line_and_all_stays(
    shelf: Shelf, tmp_path: Path, named: str
) -> None:
    tab, before, config = SettingsTab(shelf, Line()), shelf.first.chatbot, shelf.config
    shown = Shown(*tab.apply("builtin", named, None, 8, Session(), Told()))
    assert shown.result.count("<li>") == 1
    assert "改好了" not in shown.result
    assert shelf.first.chatbot is before
    assert shelf.config == config
    assert not (tmp_path / "yinju.toml").exists()


def test_a_model_is_pulled_from_the_page_with_progress_and_then_offered(
    shelf: Shelf, hub: HubState
) -> None:
    tab, progress = SettingsTab(shelf, Line()), Told()
    assert "#pull-" in Shown(*tab.refresh(Session())).models
    shown = pull(tab, CHAT, progress)
    assert literal(CHAT) in shown.fetched
    assert "校验和都对" in shown.fetched
    (done, total), name, unit = progress.said[-1]
    assert (done, unit) == (total, "B")
    assert name
    assert CHAT in [value for _, value in shown.model.choices]
    state = next(one for one in rag.model_states() if one.name == CHAT)
    assert state.fault == ""


def test_a_pull_that_breaks_off_is_one_line_and_goes_on_at_the_next_click(
    shelf: Shelf, hub: HubState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.models.pulling.time.sleep", lambda _: None)
    tab = SettingsTab(shelf, Line())
    hub.models, models = {}, hub.models
    assert pull(tab, CHAT).fetched.count("<li>") == 1
    hub.models = models
    assert "校验和都对" in pull(tab, CHAT).fetched


@pytest.mark.parametrize("link", ["#pull-99-0", "#pull-x-0"])
def test_what_is_no_model_is_not_pulled(shelf: Shelf, hub: HubState, link: str) -> None:
    assert SettingsTab(shelf, Line()).pull(Session(), click(link), Told()) == Shown()
    assert hub.asked == []


def test_settings_that_cannot_be_kept_hold_until_the_program_ends(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Path:
        raise rag.RagError("写不了设置文件")

    monkeypatch.setattr("rag.write_settings", full)
    shown = Shown(*SettingsTab(shelf, Line()).apply("builtin", "", None, 9, Session(), Told()))
    assert "写不了设置文件" in shown.result
    assert shelf.config is not None
    assert shelf.config.top_k == 9


def test_without_settings_nothing_can_be_changed() -> None:
    shelf = Shelf(a_library(FakeChatbot()))
    tab = SettingsTab(shelf, Line())
    assert tab.apply("builtin", "", "大胆", 3, Session(), Told()) == Shown()
    assert "文章" in Shown(*tab.refresh(Session())).holdings


def test_who_may_not_set_changes_nothing_fetches_nothing_and_is_told_no_findings(
    shelf: Shelf, hub: HubState
) -> None:
    tab, before = SettingsTab(shelf, Line(), may_set=False), shelf.config
    assert tab.apply("builtin", "openai:http://h/v1#m", "大胆", 3, Session(), Told()) == Shown()
    assert tab.pull(Session(), click("#pull-4-0"), Told()) == Shown()
    assert tab.examine(Session()) == ""
    assert (shelf.config, hub.asked) == (before, [])


def test_findings_that_are_amiss_come_first_with_their_command() -> None:
    found = [
        rag.Finding("索引", "129 个段落", True),
        rag.Finding("对话模型", "请运行 甲 乙", False),
    ]
    shown = render_findings(found)
    assert "有 1 处要看" in shown
    assert shown.index("请运行") < shown.index("129")
    assert "一切正常" in render_findings(found[:1])


def test_the_installation_is_examined(shelf: Shelf) -> None:
    assert "文章" in SettingsTab(shelf, Line()).examine(Session())


def test_a_chat_model_of_this_process_has_one_voice_and_a_server_several() -> None:
    fake: Any = FakeChatbot()
    assert places(rag.Config(chat_model="甲"), fake, 9) == 1
    assert places(rag.Config(chat_model="openai:http://h/v1#m"), fake, 9) == 9
    fake.model_name = "builtin"
    assert places(rag.Config(), fake, 3) == 3


def test_what_is_in_use_is_offered_though_nobody_knows_it() -> None:
    rows = offered(rag.model_states(rag.Config()), "openai:http://h/v1#m", IN_ENGLISH)
    assert [row.value for row in rows] == ["builtin", "openai:http://h/v1#m"]
    assert "words" in rows[0].label


@pytest.mark.parametrize(("count", "said"), [(95_815_680, "96 MB"), (4_063_479_808, "4.06 GB")])
def test_sizes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert size_of(count) == said

"""Other programs ask as they ask OpenAI or any page of Gradio's, and get their citations."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from gradio_client import Client

from tests.fake_chatbot import ARTICLES, FakeChatbot, served

pytestmark = [
    # Gradio sums up its queue with pandas, whether or not anybody asks.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
QUESTION = "院士工作站有几家？"


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[FakeChatbot, str]]:
    chatbot = FakeChatbot()
    with served(chatbot) as address:
        yield chatbot, address


@pytest.fixture
def client(site: tuple[FakeChatbot, str]) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{site[1]}/v1", api_key="any", max_retries=0) as made:
        yield made


def test_the_official_client_is_answered_with_citations(
    client: openai.OpenAI, site: tuple[FakeChatbot, str]
) -> None:
    assert [model.id for model in client.models.list()] == ["yinju"]
    done = client.chat.completions.create(
        model="yinju",
        messages=[
            {"role": "system", "content": "你是助手"},
            {"role": "user", "content": "石河子高新区"},
            {"role": "assistant", "content": "好"},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
    )
    said = done.choices[0].message.content or ""
    assert "院士工作站3家" in said
    assert "[1] 《秦巴腹地党旗红》 000.txt：" in said
    assert done.model_extra is not None
    assert done.model_extra["citations"][0]["source"] == "000.txt"
    question, history = site[0].asked[-1]
    assert (question, [turn.role for turn in history]) == (QUESTION, ["user", "assistant"])


def test_a_streamed_answer_is_the_same_and_ends_with_its_citations(client: openai.OpenAI) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model="yinju", messages=messages)  # type: ignore[arg-type]
    chunks = list(
        client.chat.completions.create(model="yinju", messages=messages, stream=True)  # type: ignore[arg-type]
    )
    assert len(chunks) > 4
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert whole.model_extra is not None
    assert chunks[-1].model_extra is not None
    assert chunks[-1].model_extra["citations"] == whole.model_extra["citations"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_bad_question_is_told_before_anything_is_sent(
    client: openai.OpenAI, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError, match="问题是空的"):
        client.chat.completions.create(
            model="yinju", messages=[{"role": "user", "content": " "}], stream=stream
        )


def test_gradios_client_finds_three_endpoints_and_is_answered(
    site: tuple[FakeChatbot, str],
) -> None:
    client = Client(site[1], verbose=False)
    shown = client.view_api(print_info=False, return_format="dict")
    assert {"/answer", "/search", "/articles"} == set(shown["named_endpoints"])
    answer = client.predict(QUESTION, api_name="/answer")
    assert answer["outcome"] == "answered"
    assert answer["citations"]
    hits = client.predict(QUESTION, 2, api_name="/search")
    assert 0 < len(hits) <= 2
    assert hits[0]["source"] == "000.txt"
    articles = client.predict(api_name="/articles")
    assert [one["id"] for one in articles] == [article.id for article in ARTICLES]


def test_a_question_that_cannot_be_searched_is_an_error_with_its_line(
    site: tuple[FakeChatbot, str],
) -> None:
    with pytest.raises(Exception, match="问题是空的"):
        Client(site[1], verbose=False).predict(" ", api_name="/answer")

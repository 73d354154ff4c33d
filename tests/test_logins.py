"""Who is not in the file of logins gets nothing; the file holds no password."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import app
from page.line import Line
from page.logins import LoginError, Logins, LoginWall, NoLogins, add_login, check_exposure
from page.owner import COOKIE, OwnerCookie, owner_of
from page.programs import Programs, chat_routes
from page.serving import web_app
from page.shelf import Shelf
from tests.fake_chatbot import FakeChatbot, a_library

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")


@pytest.fixture
def auth_file(tmp_path: Path) -> Path:
    path = tmp_path / "logins"
    add_login(path, "小李", "correct horse")
    return path


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_name_and_password_are_admitted_and_nothing_else(auth_file: Path) -> None:
    logins = Logins.read(auth_file)
    for _ in range(2):  # once by scrypt, once from memory
        assert logins.admits(header("小李", "correct horse"))
    wrong = [header("小李", "wrong horse"), header("小王", "correct horse"), header("", ""), ""]
    for value in (*wrong, "Basic !", "Bearer x", "Basic /w=="):
        assert not logins.admits(value)


def test_the_file_holds_no_password_and_a_second_one_takes_the_place_of_the_first(
    auth_file: Path,
) -> None:
    add_login(auth_file, "小李", "another horse")
    add_login(auth_file, "小王", "third horse")
    text = auth_file.read_text(encoding="utf-8")
    assert "horse" not in text
    assert len(text.splitlines()) == 2
    logins = Logins.read(auth_file)
    assert not logins.admits(header("小李", "correct horse"))
    assert logins.admits(header("小李", "another horse"))


@pytest.mark.parametrize(
    ("name", "password"), [("a:b", "long enough"), ("", "long enough"), ("a", "short")]
)
def test_names_and_passwords_that_are_no_good_are_refused(
    tmp_path: Path, name: str, password: str
) -> None:
    with pytest.raises(LoginError):
        add_login(tmp_path / "logins", name, password)
    assert not (tmp_path / "logins").exists()


@pytest.mark.parametrize("content", ["", "\n", "小李:plain password\n", "x"])
def test_a_file_that_names_nobody_is_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "logins"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LoginError, match="add-login"):
        Logins.read(path)
    with pytest.raises(LoginError, match="读不出来"):
        Logins.read(tmp_path / "none")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_login(host: str) -> None:
    check_exposure(host, False, False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid"])  # noqa: S104
def test_any_other_address_needs_logins_or_an_open_word(host: str) -> None:
    with pytest.raises(LoginError, match="--auth-file"):
        check_exposure(host, False, False)
    check_exposure(host, True, False)
    check_exposure(host, False, True)


def whose(request: Request) -> PlainTextResponse:
    return PlainTextResponse(owner_of(request.headers, request.cookies))


def test_the_wall_stands_before_everything(auth_file: Path) -> None:
    wall = Middleware(LoginWall, logins=Logins.read(auth_file))
    site = TestClient(Starlette(routes=[Route("/{any:path}", whose)], middleware=[wall]))
    for path in ("/", "/v1/models", "/gradio_api/info"):
        refused = site.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic ")
        admitted = site.get(path, headers={"Authorization": header("小李", "correct horse")})
        assert (admitted.status_code, admitted.text) == (200, "login:小李")


def test_a_program_that_knows_of_keys_only_sends_name_and_password_as_one(tmp_path: Path) -> None:
    add_login(tmp_path / "logins", "li", "correct: horse")
    logins = Logins.read(tmp_path / "logins")
    assert logins.admits("Bearer li:correct: horse")
    for wrong in ("Bearer li", "Bearer li:correct", "Bearer :correct: horse", "Bearer"):
        assert not logins.admits(wrong)
    assert owner_of({"authorization": "Bearer li:correct: horse"}, {}) == "login:li"


def test_where_nobody_is_asked_nobody_has_the_conversations_of_a_login() -> None:
    """A name that no wall has checked would open what was kept behind one."""
    site = TestClient(Starlette(routes=[Route("/", whose)], middleware=[Middleware(NoLogins)]))
    for claimed in (header("小李", "made up"), "Bearer li:made up"):
        assert site.get("/", headers={"Authorization": claimed}).text == ""


def test_a_browser_gets_one_cookie_that_scripts_cannot_read() -> None:
    site = TestClient(Starlette(routes=[Route("/", whose)], middleware=[Middleware(OwnerCookie)]))
    first = site.get("/")
    assert first.text == ""
    said = first.headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    second = site.get("/")
    assert "set-cookie" not in second.headers
    assert second.text == f"cookie:{site.cookies[COOKIE]}"
    assert len(site.cookies[COOKIE]) == 32


def test_a_made_up_cookie_is_nobody() -> None:
    assert owner_of({}, {COOKIE: "x"}) == ""
    assert owner_of({"authorization": "Basic !"}, {}) == ""


def test_the_wall_of_the_page_is_passed_by_an_api_key(tmp_path: Path) -> None:
    add_login(tmp_path / "logins", "li", "correct horse")
    library, line = a_library(FakeChatbot()), Line()
    page = app.build_ui(Shelf(library), tmp_path, line)
    routes = [chat_routes(Programs(library, line))]
    logins = Logins.read(tmp_path / "logins")
    site = TestClient(web_app(page, routers=routes, logins=logins))
    for path in ("/", "/config", "/v1/models"):
        assert site.get(path).status_code == 401
        assert site.get(path, headers={"Authorization": "Bearer any"}).status_code == 401
        key = {"Authorization": "Bearer li:correct horse"}
        assert site.get(path, headers=key).status_code == 200

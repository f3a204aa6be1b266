"""The page's files: who gets them, and with what; what a browser makes of them is in tests.page."""

from __future__ import annotations

import http.client

import pytest

from editor_plugin import page
from tests.engine.service.served import ServedEngine


def fetched(
    served: ServedEngine, path: str, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    """Ask for something without the token."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", page.FILES)
def test_the_page_is_given_without_the_token_and_keeps_everything_else_out(
    still: ServedEngine, path: str
) -> None:
    status, headers, content = fetched(still, path)
    file = page.FILES[path]
    assert (status, headers["content-type"]) == (200, file.kind)
    assert content == file.content()
    policy = headers["content-security-policy"].split("; ")
    kinds = ("script", "style", "connect", "media", "img")
    assert policy[:6] == ["default-src 'none'", *(f"{kind}-src 'self'" for kind in kinds)]
    assert policy[6:] == ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    assert "set-cookie" not in headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert still.token.encode() not in content
    host = {"Host": f"evil.example:{still.port}"}
    assert still.ask("GET", path, headers=host).status == 421


@pytest.mark.parametrize(
    "path",
    [
        *("/page/", "/page/page.html", "/page/__init__.py", "/page/../hello", "/page/%2e%2e/hello"),
        *("/page/..%2f..%2fengine.json", "/page/main.js/", "/page/main.js%00", "/PAGE"),
        *("/page/wire.d.ts", "/page/api/../../hello", "/page/api/", "/page/views/../main.js"),
        *("//page", "/pages", "/uploads/" + "0" * 32),
    ],
)
def test_nothing_else_is_given_without_the_token(still: ServedEngine, path: str) -> None:
    assert fetched(still, path)[0] == 401


@pytest.mark.parametrize(
    "path", ["/page/page.html", "/page/..%2fengine.py", "/page/__init__.py", "/page/wire.d.ts"]
)
def test_no_other_file_is_given_with_the_token(still: ServedEngine, path: str) -> None:
    assert still.ask("GET", path).status == 404


@pytest.mark.parametrize("path", page.FILES)
def test_the_page_is_only_to_be_read(still: ServedEngine, path: str) -> None:
    assert fetched(still, path, "POST")[0] == 405

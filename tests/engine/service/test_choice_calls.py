"""What a user of the page can choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.styles import STYLES
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.service import choice_forms
from tests.engine.service.served import ServedEngine


def test_formats_have_titles(still: ServedEngine) -> None:
    body = still.ask("GET", "/formats").body
    choice_forms.FormatsWire.model_validate(body, strict=True)
    assert [each["name"] for each in body["formats"]] == list(WRITERS)
    titles = [each["title"] for each in body["formats"]]
    assert len(set(titles)) == len(titles) and all(titles)


def test_styles_have_limits_and_previews(still: ServedEngine) -> None:
    body = still.ask("GET", "/styles").body
    choice_forms.StylesWire.model_validate(body, strict=True)
    assert [each["name"] for each in body["styles"]] == [style.name for style in STYLES]
    assert all(each["source"] for each in body["styles"])
    limits = {each["name"]: each["limits"] for each in body["styles"]}
    assert limits["netflix-en"]["characters_per_second"] == 20
    assert limits["bbc-16x9"]["characters_per_second"] is None
    assert limits["bbc-16x9"]["words_per_minute"] == 180
    for name in ("netflix-en", "shorts"):
        shown = still.ask("GET", f"/styles/{name}/preview").body
        choice_forms.PreviewWire.model_validate(shown, strict=True)
        most = limits[name]["line_characters"]
        assert max(len(line) for cue in shown["cues"] for line in cue["lines"]) <= most


@pytest.mark.parametrize(
    "name", ["nothing", "..", "house.toml", "%2e%2e%2fsettings.toml", "x" * 101]
)
def test_a_style_that_is_no_preset_has_no_preview(still: ServedEngine, name: str) -> None:
    assert still.ask("GET", f"/styles/{name}/preview").status in (404, 409, 422)


def test_the_demo_is_where_it_says(still: ServedEngine) -> None:
    body = still.ask("GET", "/demo").body
    assert all(Path(path).is_file() for path in body.values()) and set(body) == {"film", "timeline"}


def test_the_page_remembers(still: ServedEngine) -> None:
    assert still.ask("GET", "/page-state").body == {"chosen": {}}
    chosen = {"style": "netflix-en", "formats": ["srt"], "deep": {"a": [1, None, "\ud800"]}}
    assert still.ask("PUT", "/page-state", chosen).body == {"chosen": chosen}
    assert still.ask("GET", "/page-state").body == {"chosen": chosen}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 422),
        (b'"text"', 422),
        (b"{", 400),
        (b'{"a": NaN}', 403),
        ({"a": "x" * 70_000}, 403),
        (b"[" * 200_000, 400),
        (b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}", 200),
    ],
)
def test_what_the_page_may_keep_is_bounded(still: ServedEngine, body: Any, status: int) -> None:
    assert still.ask("PUT", "/page-state", body).status == status

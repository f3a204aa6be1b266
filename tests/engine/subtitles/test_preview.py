"""What a style does, shown on the demo film's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.styles import NETFLIX_EN, STYLES, Style
from editor_plugin.engine.subtitles.preview import MOST_SECONDS, passage, preview, title_of


@pytest.mark.parametrize("style", STYLES, ids=lambda style: str(style.name))
def test_every_preset_shows_the_whole_passage_within_its_limits(style: Style) -> None:
    cues, text = preview(style)
    shown = "".join(line for cue in cues for line in cue.lines)
    letters = [char for char in shown if char.isalnum()]
    assert letters == [char for char in text if char.isalnum()]
    assert len(letters) > 150 and cues[-1].end < MOST_SECONDS + 2
    for cue in cues:
        assert len(cue.lines) <= style.max_lines and cue.start < cue.end
        if style.max_chars >= 20:  # no English word fits into 13 characters of a Japanese line
            assert all(len(line) <= style.max_chars for line in cue.lines)


def test_styles_differ_in_it() -> None:
    assert len({str(preview(style)[0]) for style in STYLES}) > 8
    assert len(preview(NETFLIX_EN)[0]) >= 4


def test_every_preset_has_a_title_of_its_own() -> None:
    titles = [title_of(style) for style in STYLES]
    assert len(set(titles)) == len(titles)
    assert [title for title in titles if title in {style.name for style in STYLES}] == []
    assert title_of(Style(name="house")) == "house"


@pytest.mark.parametrize(
    "content", [None, "", "{}", '{"sentences": [{}], "frame_rate": "25"}', "[1]"]
)
def test_a_demo_that_is_not_there_is_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "reference.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(EnvironmentBroken):
        passage(path)

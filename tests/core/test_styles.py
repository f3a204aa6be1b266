"""The presets: what the guides say, every number with its source."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

import pytest

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.styles import PLAIN, STYLES, SnapZones, Style, derive, style_named


@pytest.mark.parametrize(
    ("name", "max_chars", "max_lines", "max_cps"),
    [
        ("netflix-en", 42, 2, 20),
        ("netflix-en-kids", 42, 2, 17),
        ("netflix-default", 42, 2, 17),
        ("netflix-ja", 13, 2, 4),
        ("netflix-ko", 16, 2, 12),
        ("netflix-zh", 16, 2, 9),
        ("netflix-th", 35, 2, 17),
        ("netflix-ar", 42, 2, 20),
        ("netflix-hi", 42, 2, 22),
        ("bbc-16x9", 37, 2, None),
        ("bbc-9x16", 25, 3, None),
        ("youtube", 42, 2, 21),
        ("shorts", 24, 2, 25),
        ("karaoke", 24, 1, None),
    ],
)
def test_presets_have_the_guides_limits(
    name: str, max_chars: int, max_lines: int, max_cps: int | None
) -> None:
    style = style_named(name)
    assert (style.max_chars, style.max_lines, style.max_cps) == (max_chars, max_lines, max_cps)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_value_of_every_preset_has_a_source(style: Style) -> None:
    values = {field.name for field in fields(Style)} - {"name", "sources"}
    assert {name for name, text in style.sources if text} == values


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_no_preset_contradicts_itself(style: Style) -> None:
    assert 0 <= style.min_duration <= style.max_duration
    assert style.char_weights.wide <= style.max_chars
    assert style.max_cps is None or style.target_cps is None or style.target_cps <= style.max_cps
    assert not set(style.no_line_start) & set(style.no_line_end)


def test_names_are_unique_and_the_default_is_among_them() -> None:
    names = [style.name for style in STYLES]
    assert len(set(names)) == len(names)
    assert PLAIN in STYLES


def test_an_unknown_name_is_met_with_similar_ones() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        style_named("Netflix_EN")
    assert caught.value.data["value"] == "Netflix_EN"
    assert caught.value.data["expected"].startswith("netflix-en")
    assert "karaoke" in caught.value.data["expected"]


@pytest.mark.parametrize(
    ("rate", "reach", "red"),
    [(Fraction(24), 12, 9), (Fraction(24000, 1001), 12, 9), (Fraction(30), 15, 11), (60, 30, 22)],
)
def test_snap_zones_in_frames(rate: Fraction, reach: int, red: int) -> None:
    zones = SnapZones()
    assert (zones.reach_frames(Fraction(rate)), zones.red_frames(Fraction(rate))) == (reach, red)


def test_the_older_red_zone_is_a_matter_of_data() -> None:
    assert SnapZones(red=Fraction(2, 3)).red_frames(Fraction(24)) == 8


def test_a_derived_style_keeps_what_it_does_not_change() -> None:
    style = derive(PLAIN, "mine", "a letter", max_chars=30)
    assert style.source("max_chars") == "a letter"
    assert style.source("max_lines") == PLAIN.source("max_lines")
    assert (style.name, style.max_chars, style.max_lines) == ("mine", 30, PLAIN.max_lines)

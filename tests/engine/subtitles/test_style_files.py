"""The user's own styles, in TOML."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.styles import PLAIN, STYLES, CharWeights, SnapZones, style_named
from editor_plugin.engine.subtitles.style_files import find_style, read_style


def written(folder: Path, text: str) -> Path:
    path = folder / "hausstil ü.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_changes_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        base = "bbc-16x9"
        max_chars = 34
        max_cps = 18.75
        min_duration = "5/6"
        max_wpm = false
        dashes = ["- ", "- "]
        [snap]
        red = "2/3"
        [char_weights]
        narrow = 0.5
        """,
    )
    style, base = read_style(path), style_named("bbc-16x9")
    assert style.name == "hausstil ü"
    assert (style.max_chars, style.max_lines) == (34, base.max_lines)
    assert (style.max_cps, style.min_duration) == (Fraction(75, 4), Fraction(5, 6))
    assert style.max_wpm is None
    assert style.dashes == ("- ", "- ")
    assert style.snap == SnapZones(red=Fraction(2, 3), out_gap_frames=0)
    assert style.char_weights == CharWeights(narrow=0.5, wide=base.char_weights.wide)
    assert style.source("max_chars") == path.name
    assert style.source("max_lines") == base.source("max_lines")


def test_without_a_base_it_starts_from_the_default(tmp_path: Path) -> None:
    style = read_style(written(tmp_path, 'name = "house"\nsnap = false\n'))
    assert (style.name, style.snap, style.max_chars) == ("house", None, PLAIN.max_chars)


def test_a_name_is_a_preset_or_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, "max_chars = 30\n")
    assert find_style("shorts") == style_named("shorts")
    assert find_style(str(path)).max_chars == 30


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('base = "netflx-en"', ["base", "netflx-en", "netflix-en"]),
        ("base = 3", ["base", "3"]),
        ("max_char = 30", ["max_char", "max_chars"]),
        ("max_chars = 0", ["max_chars", "0", "from 1"]),
        ('max_chars = "many"', ["max_chars", "many"]),
        ("max_chars = true", ["max_chars", "true"]),
        ("max_chars = 38.5", ["max_chars", "38.5"]),
        ("max_cps = 0", ["max_cps", "0"]),
        ("max_cps = nan", ["max_cps", "nan"]),
        ("max_cps = true", ["max_cps", "true"]),
        ('linger = "1/0"', ["linger", "1/0"]),
        ("linger = -1", ["linger", "-1"]),
        ("linger = inf", ["linger", "inf"]),
        ('joiner = "_"', ["joiner", "_"]),
        ('direction = "up"', ["direction", "up", "rtl"]),
        ("bottom_heavy = 1", ["bottom_heavy", "true or false"]),
        ('dashes = "--"', ["dashes", "--"]),
        ('dashes = ["-"]', ["dashes"]),
        ("snap = true", ["snap", "true"]),
        ("snap = { colour = 1 }", ["colour", "red"]),
        ("snap = { red = 2 }", ["snap.red", "2"]),
        ("char_weights = { wide = 0.3 }", ["char_weights.wide", "0.3"]),
        ("sources = []", ["sources"]),
        ('name = ""', ["name"]),
        ("max_duration = 0.5", ["max_duration"]),
        ("min_duration = 8", ["max_duration", "min_duration"]),
        ("target_cps = 30", ["max_cps", "target_cps"]),
        ("max_chars = 1", ["max_chars", "char_weights.wide"]),
        ("max_chars = ", ["style file"]),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, line: str, named: list[str]) -> None:
    path = written(tmp_path, line + "\n")
    with pytest.raises(SettingsInvalid) as caught:
        read_style(path)
    message = str(caught.value)
    assert path.name in message
    assert [part for part in named if part not in message] == []


def test_a_missing_file_and_a_binary_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"nowhere\.toml"):
        find_style(str(tmp_path / "nowhere.toml"))
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SettingsInvalid, match=r"noise\.toml"):
        find_style(str(tmp_path / "noise.toml"))


KEYS = st.sampled_from(["base", "name", "snap", "pause", "max_cps", "words_per_cue", "dashes", "x"])
LITERALS = ["1", "-1", "2.5", "true", "false", '""', '"1/2"', '"a"', "[]", "{}", '["a", "b"]']
ODD = ["[[1]]", "{ red = 1 }", "2020-01-01", "nan", *(f'"{style.name}"' for style in STYLES[:3])]
VALUES = st.sampled_from([*LITERALS, *ODD])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.dictionaries(KEYS, VALUES))
def test_any_file_gives_a_style_or_a_clear_error(tmp_path: Path, found: dict[str, str]) -> None:
    path = written(tmp_path, "".join(f"{key} = {value}\n" for key, value in found.items()))
    try:
        assert read_style(path).max_chars >= 1
    except SettingsInvalid as error:
        assert path.name in str(error)

"""From bytes to text: marks, strict UTF-8, the user's choice, a guess that is told."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import MediaMissing, SettingsInvalid, SubtitlesUnreadable
from editor_plugin.engine.reading import LARGEST, read_subtitles
from editor_plugin.engine.reading.encoding import decode

CZECH = (
    "Příliš žluťoučký kůň úpěl ďábelské ódy. Kde jsi byl včera večer? Řekni mi pravdu, prosím tě."
)
RUSSIAN = "Съешь же ещё этих мягких французских булок да выпей чаю. Где ты был вчера вечером?"
JAPANESE = "こんにちは、元気ですか。今日はとても良い天気ですね。一緒に散歩に行きませんか。"


def srt(text: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-8"),
    ],
)
def test_a_mark_or_plain_utf8_needs_no_guess(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + srt(CZECH).encode(encoding), "cp1252")
    assert (decoded.text, decoded.encoding, decoded.findings) == (srt(CZECH), encoding, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_seen(encoding: str) -> None:
    decoded = decode(srt(CZECH).encode(encoding))
    assert (decoded.text, decoded.encoding) == (srt(CZECH), encoding)
    assert [each.kind for each in decoded.findings] == ["encoding"]


@pytest.mark.parametrize(
    ("text", "encoding"), [(CZECH, "cp1250"), (RUSSIAN, "cp1251"), (JAPANESE, "shift_jis")]
)
def test_a_guess_is_right_here_and_told(text: str, encoding: str) -> None:
    decoded = decode(srt(text).encode(encoding))
    assert decoded.text == srt(text)
    (finding,) = decoded.findings
    assert finding.kind == "encoding" and finding.read == decoded.encoding


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252", "iso8859-2"])
def test_the_users_choice_is_not_second_guessed(encoding: str) -> None:
    text = srt("Žluť á Grüße") if encoding != "cp1252" else srt("Déjà vu – “oui”")
    decoded = decode(text.encode(encoding), encoding)
    assert (decoded.text, decoded.findings) == (text, ())


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "utf-8\0"])
def test_a_choice_that_is_no_encoding_is_refused(name: str) -> None:
    with pytest.raises(SettingsInvalid, match="encoding"):
        decode(b"", name)


def test_a_broken_byte_in_utf8_is_told_with_its_line_and_the_rest_stays() -> None:
    data = srt(CZECH).encode().replace("kůň".encode(), b"k\xc5n")
    decoded = decode(data)
    assert decoded.encoding == "utf-8" and decoded.text == srt(CZECH.replace("kůň", "k\ufffdn"))
    (finding,) = decoded.findings
    assert (finding.line, finding.read) == (3, "b'\\xc5'")


@given(st.binary(max_size=300), st.sampled_from([None, "cp1252", "shift_jis", "utf-7"]))
def test_any_bytes_become_text(data: bytes, wanted: str | None) -> None:
    decoded = decode(data, wanted)
    b"".decode(decoded.encoding)
    if decoded.text.count("\ufffd") and b"\xef\xbf\xbd" not in data:
        assert decoded.findings or decoded.encoding.startswith(("utf-16", "utf-32"))


def test_a_file_is_read_from_a_path_with_any_name(tmp_path: Path) -> None:
    path = tmp_path / "Příběh 日本.srt"
    path.write_bytes(srt("Déjà vu").encode("cp1252"))
    read = read_subtitles(path, "cp1252")
    assert (read.cues[0].text, read.encoding, read.format) == ("Déjà vu", "cp1252", "srt")


def test_files_that_cannot_be_read_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        read_subtitles(tmp_path / "none.srt")
    with pytest.raises(SubtitlesUnreadable, match="it is a folder"):
        read_subtitles(tmp_path)
    large = tmp_path / "large.srt"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(SubtitlesUnreadable, match="larger than 64 MB"):
        read_subtitles(large)
    for name, data in (("notes.srt", b"Dear all,\nno cue here"), ("film.srt", bytes(range(256)))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SubtitlesUnreadable, match="no cue"):
            read_subtitles(tmp_path / name)


def test_an_empty_file_has_no_cues(tmp_path: Path) -> None:
    path = tmp_path / "empty.srt"
    for data in (b"", b"\xef\xbb\xbf", b"\r\n \n"):
        path.write_bytes(data)
        read = read_subtitles(path)
        assert read.cues == () and [each.kind for each in read.findings] == ["empty"]

"""A Windows shortcut: read back by the format's description, and opened by Wine's own shell."""

from __future__ import annotations

import struct
import time
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.shortcut import SHELL_LINK, Shortcut
from tests.installer.wine import Wine, windows

names = st.text(
    st.characters(exclude_characters='\\/:*?"<>|', exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=12,
).filter(lambda name: name.strip(" .") == name)
paths = st.builds(
    lambda drive, parts: PureWindowsPath(f"{drive}:\\", *parts),
    st.sampled_from("CDZ"),
    st.lists(names, min_size=1, max_size=6),
)


def read(content: bytes) -> dict[str, object]:
    """What a shortcut says, by [MS-SHLLINK]; every length in it is checked."""
    size, kind, flags, attributes = struct.unpack_from("<I16sII", content)
    assert (size, kind, attributes) == (76, SHELL_LINK, 0x20)
    told: dict[str, object] = {}
    at = 76
    if flags & 0x1:
        (length,) = struct.unpack_from("<H", content, at)
        told["listed"] = read_items(content[at + 2 : at + 2 + length])
        at += 2 + length
    if flags & 0x2:
        (length,) = struct.unpack_from("<I", content, at)
        told.update(read_info(content[at : at + length]))
        at += length
    for flag, name in ((0x4, "comment"), (0x10, "folder"), (0x20, "arguments"), (0x40, "icon")):
        assert flags & flag and flags & 0x80
        (count,) = struct.unpack_from("<H", content, at)
        at += 2 + 2 * count
        told[name] = content[at - 2 * count : at].decode("utf-16-le")
    if flags & 0x200:
        length, mark = struct.unpack_from("<II", content, at)
        assert (length, mark) == (788, 0xA0000001)
        told["expanded"] = content[at + 268 : at + 788].decode("utf-16-le").rstrip("\0")
        at += length
    assert content[at:] == bytes(4)
    return told


def read_items(content: bytes) -> list[str]:
    found, at = [], 0
    while (size := struct.unpack_from("<H", content, at)[0]) != 0:
        item = content[at : at + size]
        kind = item[2]
        if kind == 0x2F:
            found.append(item[3:].rstrip(b"\0").decode("ascii"))
        elif kind in (0x31, 0x32):
            (extension,) = struct.unpack_from("<H", item, size - 2)
            length, version, mark = struct.unpack_from("<HHI", item, extension)
            (name_at,) = struct.unpack_from("<H", item, extension + 16)
            assert (extension + length, version, mark) == (size, 3, 0xBEEF0004)
            name = item[extension + name_at : -2].decode("utf-16-le")
            assert name.endswith("\0") and item[12:14] == (b"\x10\0" if kind == 0x31 else b"\x20\0")
            found.append(name[:-1])
        else:
            assert item[2:4] == b"\x1f\x50" and size == 20
        at += size
    assert at + 2 == len(content)
    return found


def read_info(content: bytes) -> dict[str, object]:
    size, head, flags, volume, text, network, suffix = struct.unpack_from("<7I", content)
    assert (size, head, flags, network) == (len(content), 28, 1, 0)
    assert struct.unpack_from("<IIII", content, volume) == (17, 3, 0, 16)
    assert content[suffix - 1 :] == b"\0\0"
    return {"path": content[text : suffix - 1].decode("ascii")}


@given(target=paths, folder=paths, arguments=st.text(st.characters(codec="utf-8"), max_size=20))
def test_what_is_written_is_read_back(
    target: PureWindowsPath, folder: PureWindowsPath, arguments: str
) -> None:
    made = Shortcut(target, arguments, folder, folder / "recue.ico", "Subtitles")
    told = read(made.content())
    if str(target).isascii():
        assert told.pop("path") == str(target)
    assert told == {
        "listed": [f"{target.drive}\\", *target.parts[1:]],
        "comment": "Subtitles",
        "folder": str(folder),
        "arguments": arguments,
        "icon": str(folder / "recue.ico"),
    }
    assert made.content() == made.content()


def test_a_target_on_another_computer_is_named_by_its_text() -> None:
    target = PureWindowsPath("//server/share/Zoë/pythonw.exe")
    told = read(Shortcut(target, "", target.parent, target, "").content())
    assert told["expanded"] == str(target)
    assert "listed" not in told


@pytest.mark.parametrize("name", ["recue", "Zoë & (Söhne)! it's ^ok", "Зоя 佐江"])
def test_wines_shell_starts_what_it_names(wine: Wine, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    target = folder / "env" / "Scripts" / "pythonw.exe"
    wine.program(target, "0")
    log = tmp_path / "log"
    made = Shortcut(
        PureWindowsPath(windows(target)),
        f'-u "{windows(folder / "recue-page.pyw")}"',
        PureWindowsPath(windows(folder)),
        PureWindowsPath(windows(folder / "recue.ico")),
        "Subtitles",
    )
    shortcut = tmp_path / "Recue.lnk"
    shortcut.write_bytes(made.content())
    environ = {"MADE_UP_LOG": windows(log), "MADE_UP_STATUS": "0"}
    _, said = wine.run("start", "/wait", windows(shortcut), **environ)
    until = time.monotonic() + 90
    while not (log.exists() and log.stat().st_size) and time.monotonic() < until:
        time.sleep(0.1)
    assert log.exists(), said
    arguments = log.read_bytes().partition(b'pythonw.exe" ')[2]
    assert arguments.startswith(b'-u "Z:\\') and arguments.rstrip().endswith(b'\\recue-page.pyw"')

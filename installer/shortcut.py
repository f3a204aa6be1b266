"""Writes a Windows shortcut (.lnk) by Microsoft's description of the format, [MS-SHLLINK].

By hand, since COM would need a running Windows, PowerShell may be forbidden, and WScript loses what
is not of the system's code page. The same shortcut has the same bytes, so a later change is seen.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import PureWindowsPath
from uuid import UUID

SHELL_LINK = UUID("00021401-0000-0000-C000-000000000046").bytes_le
MY_COMPUTER = UUID("20D04FE0-3AEA-1069-A2D8-08002B30309D").bytes_le
HAS_ID_LIST, HAS_LINK_INFO, HAS_NAME, HAS_FOLDER = 0x1, 0x2, 0x4, 0x10
HAS_ARGUMENTS, HAS_ICON, IS_UNICODE, HAS_VARIABLES = 0x20, 0x40, 0x80, 0x200
IS_NOT_TRACKED = 0x40000 | 0x100000
"""Windows does not follow the target when it is moved, for which it would write into the file."""
FOLDER, FILE = 0x10, 0x20
LONGEST = 259
"""Characters of a path in the block that Windows expands variables in."""


@dataclass(frozen=True)
class Shortcut:
    """What is started with which arguments, in which folder, and how it is shown."""

    target: PureWindowsPath
    arguments: str
    folder: PureWindowsPath
    icon: PureWindowsPath
    comment: str

    def content(self) -> bytes:
        """The file's bytes. A target on another computer is named by its text alone."""
        flags = HAS_NAME | HAS_FOLDER | HAS_ARGUMENTS | HAS_ICON | IS_UNICODE | IS_NOT_TRACKED
        on_a_drive = len(self.target.drive) == 2
        # The path as text is in the reader's code page, whichever that is.
        has_text = on_a_drive and str(self.target).isascii()
        flags |= (HAS_ID_LIST if on_a_drive else HAS_VARIABLES) | (HAS_LINK_INFO if has_text else 0)
        head = struct.pack("<I16sII", 76, SHELL_LINK, flags, FILE)
        head += bytes(24) + struct.pack("<IIIH", 0, 0, 1, 0) + bytes(10)
        texts = (self.comment, str(self.folder), self.arguments, str(self.icon))
        strings = b"".join(
            struct.pack("<H", len(_utf16(each)) // 2) + _utf16(each) for each in texts
        )
        if on_a_drive:
            text = _link_info(self.target) if has_text else b""
            return head + _id_list(self.target) + text + strings + bytes(4)
        return head + strings + _variables(self.target) + bytes(4)


def _id_list(path: PureWindowsPath) -> bytes:
    """The target as the shell counts it: this computer, a drive, and each folder to the file."""
    drive = path.drive.encode("ascii") + b"\\"
    items = [b"\x1f\x50" + MY_COMPUTER, b"\x2f" + drive.ljust(22, b"\0")]
    *folders, file = path.parts[1:]
    items += [_item(name, 0x31, FOLDER) for name in folders]
    items.append(_item(file, 0x32, FILE))
    listed = b"".join(struct.pack("<H", len(item) + 2) + item for item in items) + bytes(2)
    return struct.pack("<H", len(listed)) + listed


def _item(name: str, kind: int, attributes: int) -> bytes:
    """A folder or file, without size and times, which the shell looks up."""
    short = _ansi(name) + b"\0"
    short += bytes(len(short) % 2)
    item = struct.pack("<BBIIH", kind, 0, 0, 0, attributes) + short
    longer = _utf16(name) + bytes(2)
    # In it: its length, version 3, its mark, no times, where the name begins, and no other name.
    extension = struct.pack("<HHIIIHH", 22 + len(longer), 3, 0xBEEF0004, 0, 0, 20, 0)
    return item + extension + longer + struct.pack("<H", len(item) + 2)


def _link_info(path: PureWindowsPath) -> bytes:
    """The target's path on a fixed disk: a second way to it."""
    volume = struct.pack("<IIII", 17, 3, 0, 16) + b"\0"
    text = str(path).encode("ascii") + b"\0"
    at_text = 28 + len(volume)
    at_suffix = at_text + len(text)
    head = struct.pack("<7I", at_suffix + 1, 28, 1, 28, at_text, 0, at_suffix)
    return head + volume + text + b"\0"


def _variables(path: PureWindowsPath) -> bytes:
    ansi, longer = _ansi(str(path)[:LONGEST]), _utf16(str(path)[:LONGEST])
    return struct.pack("<II260s520s", 788, 0xA0000001, ansi, longer)


def _ansi(text: str) -> bytes:
    return text.encode("cp1252", "replace").replace(b"?", b"_")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")

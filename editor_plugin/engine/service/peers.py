"""The user at the other end of a connection, where the system tells: on Linux.

The kernel lists the sockets of this computer in /proc/net/tcp, each with the user that owns it.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""A program may reach 127.0.0.1 by a socket of the newer kind, too."""
MAPPED = "0000000000000000FFFF0000"
"""What the second table writes before an address of the older kind."""
UID = 6
"""The column of the user, counted from the local address as the first."""


def is_another_user(connection: socket.socket) -> bool:
    """Whether a connection on this computer comes from another user. False where nobody tells; and
    for root, who may do everything anyway, and whom the kernel names for a socket that is closed.
    """
    if sys.platform != "linux":
        return False
    uid = _uid_of(connection.getpeername(), connection.getsockname())
    return uid not in (None, 0, os.getuid())


def _uid_of(theirs: tuple[str, int], ours: tuple[str, int]) -> int | None:
    """The user of the socket whose own address is `theirs`. One search through the text of the
    table; a computer with a thousand connections has 150 kB of it."""
    for table, prefix in zip(TABLES, ("", MAPPED), strict=True):
        ends = " ".join(prefix + _hex(*address) for address in (theirs, ours))
        try:
            text = table.read_bytes()
        except OSError:
            continue
        at = text.find(f" {ends} ".encode())
        if at >= 0:
            return int(text[at : text.find(b"\n", at)].split(None, UID + 1)[UID])
    return None


def _hex(host: str, port: int) -> str:
    number = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    return f"{number:08X}:{port:04X}"

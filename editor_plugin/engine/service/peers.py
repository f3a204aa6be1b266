"""The user at the other end of a connection, where the system tells: on Linux.

The kernel is asked for the one socket at that end by its interface for ss(8), sock_diag(7), which
takes the same time however many connections there are. Where that is not there, the socket is
looked up in /proc/net/tcp, which lists all of them.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from enum import Enum
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""A program may reach 127.0.0.1 by a socket of the newer kind, too."""
MAPPED = "0000000000000000FFFF0000"
"""What the second table writes before an address of the older kind."""
UID = 6
"""The column of the user, counted from the local address as the first."""

NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST = 4, 20, 1
NO_COOKIE = b"\xff" * 8
HEADER = struct.Struct("=IHHII")
"""Of a message: length, type, flags, sequence number, port."""
REQUEST = struct.Struct("=BBBxI2s2s16s16sI8s")
"""inet_diag_req_v2: family, protocol, extensions, states, then the socket: both ports and
addresses, interface, cookie."""
UID_AT = HEADER.size + 4 + 48 + 12
"""In the answer, inet_diag_msg: after four bytes, the socket, and three numbers."""
WAIT_SECONDS = 0.1
"""The kernel answers within the call; this is for one that does not."""

Address = tuple[str, int]


class Peer(Enum):
    """Whose the other end of a connection is."""

    OWN = "own"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    """Nobody tells; or root, who may do everything anyway, and whom the kernel names for a socket
    that is closed."""


def peer_of(connection: socket.socket) -> Peer:
    """Whose the other end of a connection on this computer is."""
    if sys.platform != "linux":
        return Peer.UNKNOWN
    try:
        theirs, ours = connection.getpeername(), connection.getsockname()
    except OSError:  # it is closed already
        return Peer.UNKNOWN
    uid = asked(theirs, ours)
    if uid is None:
        uid = listed(theirs, ours)
    if uid == os.getuid():
        return Peer.OWN
    return Peer.FOREIGN if uid else Peer.UNKNOWN


def asked(theirs: Address, ours: Address) -> int | None:
    """The user of the socket whose own address is `theirs`, by the kernel's answer; None where it
    knows no such socket or does not answer."""
    (host, port), (our_host, our_port) = theirs, ours
    ends = (port.to_bytes(2, "big"), our_port.to_bytes(2, "big"))
    hosts = (socket.inet_aton(host), socket.inet_aton(our_host))
    one = REQUEST.pack(
        socket.AF_INET, socket.IPPROTO_TCP, 0, 0xFFFFFFFF, *ends, *hosts, 0, NO_COOKIE
    )
    head = HEADER.pack(HEADER.size + len(one), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 0, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG) as kernel:
            kernel.settimeout(WAIT_SECONDS)
            kernel.sendto(head + one, (0, 0))
            answer = kernel.recv(4096)
    except OSError:
        return None
    if len(answer) < UID_AT + 4 or HEADER.unpack_from(answer)[1] != SOCK_DIAG_BY_FAMILY:
        return None
    return int(struct.unpack_from("=I", answer, UID_AT)[0])


def listed(theirs: Address, ours: Address) -> int | None:
    """The same from the kernel's tables, by one search through their text: a computer with a
    thousand connections has 150 kB of it."""
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

"""The user at the other end of a connection, as the kernel lists it."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from editor_plugin.engine.service import peers
from editor_plugin.engine.service.peers import Peer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc/net/tcp is Linux's")


def ends(kind: socket.AddressFamily = socket.AF_INET) -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection: the caller's and the engine's."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        caller = socket.socket(kind)
        host = "127.0.0.1" if kind == socket.AF_INET else "::ffff:127.0.0.1"
        caller.connect((host, listening.getsockname()[1]))
        return caller, listening.accept()[0]


@pytest.mark.parametrize("kind", [socket.AF_INET, socket.AF_INET6])
def test_the_user_of_a_connection_is_found(
    kind: socket.AddressFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, engine = ends(kind)
    with caller, engine:
        uid = os.getuid()
        theirs, ours = engine.getpeername(), engine.getsockname()
        assert peers.listed(theirs, ours) == uid
        assert peers.asked(theirs, ours) in (uid, None)
        assert peers.asked(("127.0.0.1", 1), ours) is None
        assert peers.peer_of(engine) is Peer.OWN
        monkeypatch.setattr(os, "getuid", lambda: 54321)
        assert peers.peer_of(engine) is (Peer.FOREIGN if uid else Peer.UNKNOWN)
    assert peers.peer_of(engine) is Peer.UNKNOWN


def table(*rows: str) -> str:
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  ..."
    return "\n".join([head, *rows, ""])


ROW = (
    "   {}: {} 01 00000000:00000000 00:00000000 00000000 {:5}        0 1272564 1 0000 20 4 30 10 -1"
)
HERE = "0100007F:{:04X} 0100007F:{:04X}"


class Connection:
    """A connection from port 40000 to the engine at 50000."""

    def getpeername(self) -> tuple[str, int]:
        return "127.0.0.1", 40000

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 50000


@pytest.mark.skipif(sys.byteorder != "little", reason="the rows are of a little-endian machine")
@pytest.mark.parametrize(
    ("rows", "peer"),
    [
        ([ROW.format(0, HERE.format(40000, 50000), 65534)], Peer.FOREIGN),
        ([ROW.format(0, HERE.format(40000, 50000), 1000)], Peer.OWN),
        ([ROW.format(0, HERE.format(40000, 50000), 0)], Peer.UNKNOWN),
        ([ROW.format(0, HERE.format(50000, 40000), 65534)], Peer.UNKNOWN),
        ([ROW.format(0, HERE.format(40000, 50001), 65534)], Peer.UNKNOWN),
        ([ROW.format(n, HERE.format(n, 50000), 7) for n in range(1, 40001)], Peer.FOREIGN),
        ([], Peer.UNKNOWN),
    ],
    ids=["another", "own", "root", "our-own-end", "another-port", "many", "none"],
)
def test_a_row_of_the_table_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str], peer: Peer
) -> None:
    (tmp_path / "tcp").write_text(table(*rows))
    monkeypatch.setattr(peers, "TABLES", (tmp_path / "tcp", tmp_path / "not-there"))
    connection: object = Connection()
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(peers, "asked", lambda *_: None)
    assert peers.peer_of(connection) is peer  # type: ignore[arg-type]

"""What another user of the same computer gets from Recue: the real engine, attacked as `nobody`."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

import editor_plugin
from editor_plugin.client import EngineClient, connect, try_connect
from editor_plugin.core.errors import EngineUnreachable, OwnerForeign, RecueError
from editor_plugin.core.handshake import PROTOCOL, Announcement, to_text
from editor_plugin.core.jobs.events import StateChanged
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order
from editor_plugin.engine.store import Store
from editor_plugin.hosts.obs.exchange import Exchange
from tests.attacks.ledger import attempt
from tests.attacks.other_user import WORDS, begun, finished, stranger_python, tried
from tests.engine.service.served import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="users are made for Linux here")


@dataclass(frozen=True)
class Victim:
    """A user's data folder in a place that everybody may enter, and the user's engine."""

    data: Path
    engine: EngineClient


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    """Folders and files as Recue made them before: open to all. Then its engine starts."""
    stranger_python()
    with pytest.MonkeyPatch.context() as patch:
        house = Path(tempfile.mkdtemp(prefix="recue-attacks-"))
        house.chmod(0o755)
        data = house / "recue"
        for folder in (data, data / "logs", data / "cache" / "work", data / "models"):
            folder.mkdir(parents=True, exist_ok=True)
        Store.at(data / "transcripts.sqlite").close()
        for name in ("settings.toml", "logs/recue.log", "cache/work/kept.wav", "engine.lock"):
            text = 'model = "demo"\n' if name == "settings.toml" else WORDS
            (data / name).write_text(text, encoding="utf-8")
        for path in (data, *data.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        patch.setenv("RECUE_HOME", str(data))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))  # as on users' machines
        try:
            engine = connect(60, sys.executable)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        yield Victim(data, engine)
        with suppress(RecueError):
            engine.stop()
        shutil.rmtree(house, ignore_errors=True)


READ = """
import json, os, sys
got = []
for parent, folders, files in os.walk(sys.argv[1]):
    got += [os.path.join(parent, name) for name in folders]
for path in sys.argv[2:]:
    try:
        open(path, "rb").read()
        got.append(path)
    except OSError:
        pass
    try:
        open(path, "ab")
        got.append(path)
    except OSError:
        pass
print(json.dumps(got))
"""


def test_nobody_reads_or_changes_a_file_of_recues(victim: Victim) -> None:
    files = [path for path in victim.data.rglob("*") if path.is_file()]
    assert {"engine.json", "engine.lock", "engine.log", "transcripts.sqlite"} <= {
        path.name for path in files
    }
    for path in files:
        with attempt("another user opens a file"):
            assert tried(READ, victim.data, path) == []


def test_every_folder_and_file_is_its_owners_alone(victim: Victim) -> None:
    for path in (victim.data, *victim.data.rglob("*")):
        with attempt("modes that let others in"):
            wanted = 0o700 if path.is_dir() else 0o600
            assert path.stat().st_mode & 0o777 == wanted, path


LOCK = """
import fcntl, json, sys
try:
    with open(sys.argv[1]) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print(json.dumps("locked"))
except OSError as error:
    print(json.dumps(type(error).__name__))
"""


def test_nobody_holds_the_engines_lock(victim: Victim) -> None:
    with attempt("another user holds engine.lock"):
        assert tried(LOCK, victim.data / "engine.lock") == "PermissionError"
    # The folder's modes are not all that keeps others from it.
    os.chmod(victim.data, 0o755)
    try:
        with attempt("another user holds engine.lock"):
            assert tried(LOCK, victim.data / "engine.lock") == "PermissionError"
    finally:
        os.chmod(victim.data, 0o700)


CALL = """
import http.client, json, sys
port, headers = int(sys.argv[1]), json.loads(sys.argv[2])
got = []
for method, path in json.loads(sys.argv[3]):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    got.append([answer.status, answer.read().decode()])
print(json.dumps(got))
"""


def test_another_user_is_refused_whatever_it_knows(victim: Victim) -> None:
    engine = victim.engine.announced
    ticket = victim.engine.call("POST", "/tickets")["ticket"]
    known = {"Authorization": f"Bearer {engine.token}", "Recue-Ticket": ticket}
    calls = [("GET", "/jobs"), ("POST", "/stop"), ("POST", "/sessions"), ("GET", "/page")]
    for call in calls:
        with attempt("another user knows the token and a ticket"):
            [[status, text]] = tried(CALL, engine.port, json.dumps(known), json.dumps([call]))
            assert status == 403 and "another user of this computer" in text
    # The ticket was not spent by that.
    connection = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=90)
    connection.request("POST", "/sessions", headers={"Recue-Ticket": ticket})
    assert connection.getresponse().status == 201
    connection.close()


PS = """
import json, pathlib, sys
seen = []
for process in pathlib.Path("/proc").glob("[0-9]*"):
    for name in ("cmdline", "environ"):
        try:
            if sys.argv[1].encode() in (process / name).read_bytes():
                seen.append(str(process / name))
        except OSError:
            pass
print(json.dumps(seen))
"""


def test_ps_shows_nothing_that_is_worth_anything(victim: Victim, tmp_path: Path) -> None:
    """The browser is a program that stays, with the address on its command line."""
    token = victim.engine.announced.token
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\nexec >/dev/null 2>&1\ncd "{tmp_path}"\necho "$1" > new; mv new address\n'
        "while [ -e address ]; do sleep 0.1; done\n"
    )
    browser.chmod(0o755)
    environ = {**os.environ, "BROWSER": f"{browser} %s &", "DISPLAY": ":0"}
    command = [sys.executable, "-m", "editor_plugin", "page"]
    page = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert page.returncode == 0, page.stderr
    until(lambda: (tmp_path / "address").exists())
    address = (tmp_path / "address").read_text().strip()
    ticket = address.partition("#ticket=")[2]
    assert ticket and ticket not in page.stdout and ticket not in page.stderr
    with attempt("the token in ps"):
        assert token not in address
        # As root, which sees the environment of every process, not only of its own.
        done = subprocess.run([sys.executable, "-c", PS, token], capture_output=True, check=True)
        found = [path for path in json.loads(done.stdout) if not _is_ours(path)]
        assert found == []
    with attempt("a ticket from ps"):
        listed = tried(PS, ticket)
        assert any(path.endswith("cmdline") for path in listed)
        sent = json.dumps({"Recue-Ticket": ticket})
        [[status, _]] = tried(CALL, victim.engine.announced.port, sent, '[["POST", "/sessions"]]')
        assert status == 403
    (tmp_path / "address").unlink()


def _is_ours(path: str) -> bool:
    """Whether this is the process that looks, whose arguments have what it looks for."""
    return PS[:60].encode() in Path(path).read_bytes() if Path(path).exists() else True


FLOOD = """
import json, resource, select, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
address, made, idle = ("127.0.0.1", int(sys.argv[1])), 0, []
while not select.select([sys.stdin], [], [], 1)[0]:
    kept = []
    for each in idle:
        try:
            closed = each.recv(1) == b""
        except BlockingIOError:
            closed = False
        except OSError:
            closed = True
        each.close() if closed else kept.append(each)
    idle = kept
    while len(idle) < int(sys.argv[2]):
        each = socket.socket()
        each.setblocking(False)
        each.connect_ex(address)
        idle.append(each)
        made += 1
    print(made, file=sys.stderr, flush=True)
print(json.dumps(made))
"""
DEMO = Path(__file__).parents[2] / "demo" / "recue-demo.otio"


@pytest.mark.nemo
def test_a_thousand_idle_connections_fail_no_job(victim: Victim) -> None:
    engine = victim.engine
    with attempt("1,015 idle connections while a job runs"):
        flood = begun(FLOOD, engine.announced.port, 1015)
        try:
            assert flood.stderr is not None
            assert int(flood.stderr.readline()) >= 1015
            job = engine.submit(JobRequest((Order(DEMO),), JobOptions("demo")))
            events = list(engine.follow(job))
            assert events[-1] == StateChanged("done")
            assert len(engine.result(job).cues) > 5
        finally:
            made = finished(flood)
        assert made > 1015, "none was closed"


TAKEN = """
import json, socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], file=sys.stderr, flush=True)
answer = json.dumps({"jobs": [], "job": 7, "proof": "0" * 64, "ticket": "forged"}).encode()
heard = b""
for _ in range(int(sys.argv[1])):
    connection, _ = listening.accept()
    with connection:
        heard += connection.recv(65536)
        head = "HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(answer)
        connection.sendall(head.encode() + answer)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            heard += part
print(json.dumps(heard.decode()))
"""


def test_who_takes_over_the_port_hears_no_token_and_is_not_believed(victim: Victim) -> None:
    """The client and OBS have met the engine; then another program has its port."""
    real = victim.engine.announced
    process = begun(TAKEN, 3)
    assert process.stderr is not None
    taken = replace(real, port=int(process.stderr.readline()))
    client = EngineClient(taken, lambda _: taken)
    for call in (client.jobs, partial(client.submit, JobRequest((Order(DEMO),)))):
        with attempt("another user has the engine's port"), pytest.raises(EngineUnreachable):
            call()
    with attempt("another user has the engine's port"):
        exchange = Exchange(taken, "POST", "/tickets")
        with pytest.raises(EngineUnreachable):
            until(lambda: exchange.step() is not None)
        exchange.close()
    heard = finished(process)
    assert real.token not in heard and "recue-demo" not in heard
    assert heard.count("GET /proof/") == 3 and "POST" not in heard


def test_an_engine_json_that_another_user_wrote_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger_python()
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    forged = Announcement(1, "t" * 43, 1, editor_plugin.__version__, PROTOCOL, "here")
    path = tmp_path / "engine.json"
    path.write_text(to_text(forged), encoding="utf-8")
    for foreign in (path, tmp_path):
        shutil.chown(foreign, "nobody", "nogroup")
        for call in (try_connect, partial(connect, 5, sys.executable)):
            with attempt("another user's folder or engine.json"), pytest.raises(OwnerForeign):
                call()
        shutil.chown(foreign, "root", "root")


@pytest.mark.parametrize("name", ["recue", "transcripts.sqlite", "engine.lock", "settings.toml"])
def test_what_sudo_recue_has_left_is_told_to_its_user(name: str) -> None:
    """Recue as nobody, on a data folder of which something belongs to root."""
    stranger_python()
    house = Path(tempfile.mkdtemp(prefix="recue-attacks-"))
    package = house / "site" / "editor_plugin"
    shutil.copytree(Path(editor_plugin.__file__).parent, package)
    data = house / "recue"
    (data / "logs").mkdir(parents=True)
    roots = data if name == "recue" else data / name
    if roots is not data:
        roots.write_text("")
    for path in (house, *house.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
    shutil.chown(roots, "root", "root")
    code = """
import json, os, pathlib, sys
sys.path.insert(0, sys.argv[1])
os.environ["RECUE_HOME"] = sys.argv[2]
from editor_plugin.core.errors import RecueError
from editor_plugin.engine.private_files import make_private
try:
    make_private(pathlib.Path(sys.argv[2]), mixed=True)
    print(json.dumps("nothing was told"))
except RecueError as error:
    print(json.dumps(str(error)))
"""
    try:
        with attempt("files of root's, by sudo recue"):
            told = tried(code, house / "site", data)
            assert "belongs to the user root, and Recue runs as nobody" in told
            assert "sudo chown -R nobody" in told
    finally:
        shutil.rmtree(house, ignore_errors=True)

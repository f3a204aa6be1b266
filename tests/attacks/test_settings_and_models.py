"""Hostile settings files, and hostile calls about settings, models and the engine's state."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from editor_plugin.engine.settings import UserSettings, read_settings
from tests.attacks.ledger import attempt
from tests.engine.service.served import ServedEngine
from tests.engine.service.state_stream import state
from tests.small_engine import SmallEngine


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedEngine]:
    home = tmp_path / "home"
    monkeypatch.setenv("RECUE_HOME", str(home))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    (home / "models").mkdir(parents=True)
    with ServedEngine(SmallEngine(home, work=False)) as served:
        yield served


TEXTS: dict[str, bytes] = {
    "deep arrays": b"model = " + b"[" * 20_000,
    "arrays as deep as Python reads them": b"model = " + b"[" * 150 + b"]" * 150,
    "deep tables": b"[" + b".".join([b"a"] * 5_000) + b"]",
    "a number of 100,000 digits": b"window_seconds = " + b"9" * 100_000,
    "infinity": b"idle_minutes = inf",
    "no number": b"idle_minutes = nan",
    "a date": b"model = 1979-05-27",
    "no UTF-8": b"model = \xff\xfe",
    "NUL": b"model = 'demo'\x00",
    "too large": b"# " + b"x" * 300_000,
    "10,000 keys": b"".join(b"k%d = 1\n" % n for n in range(10_000)),
    "escapes of a terminal": b'model = "\\u001b]0;hello\\u0007"',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_hostile_settings_file(served: ServedEngine, text: bytes) -> None:
    path = served.engine.settings.path
    path.write_bytes(text)
    with attempt("a hostile settings file"):
        shown = served.ask("GET", "/settings")
        assert shown.status == 200
        assert shown.body["error"]["code"] == "settings-invalid"
        assert "\x1b" not in json.dumps(shown.body, ensure_ascii=False)
        assert served.ask("PUT", "/settings", {"device": "cpu"}).code == "settings-invalid"
        assert path.read_bytes() == text
        assert served.ask("GET", "/models").status == 200  # whatever the default is


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("make", [pipe, endless, folder])
def test_settings_that_are_no_file(served: ServedEngine, make: Callable[[Path], None]) -> None:
    path = served.engine.settings.path
    make(path)
    with attempt("a settings file that is none"):
        assert served.ask("GET", "/settings").body["error"]["code"] == "settings-invalid"
        assert served.ask("PUT", "/settings", {"device": "cpu"}).code == "settings-invalid"
        assert not path.is_file()


INJECTIONS = (
    'de"\nmodel = "/tmp/evil.nemo',
    "de\r\nmodel = 'x'",
    'de" # ',
    "de\\",
    '"""',
    "'''\nx",
    "\u2028model = 1",
    "\u202emodel",
    "\x1b]0;x\x07",
    "\0",
    "\ud800",
    "]",
    "x" * 5_000,
)


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_text_that_would_be_another_setting(served: ServedEngine, text: str) -> None:
    path = served.engine.settings.path
    path.write_text("# mine\n")
    with attempt("a setting smuggled into the file"):
        answer = served.ask("PUT", "/settings", json.dumps({"language": text}))
        assert answer.status in (200, 409, 422)
        expected = text if answer.status == 200 else None
        assert read_settings(path) == UserSettings(language=expected)
        assert path.read_text(encoding="utf-8").startswith("# mine\n")


BODIES: dict[str, str] = {
    "thousands of keys": json.dumps({f"key {n}": None for n in range(5_000)}),
    "deep": "[" * 50_000,
    "a key that is long": json.dumps({"k" * 100_000: 1}),
    "a key of Python": json.dumps({"__class__": "x"}),
    "not a number": '{"idle_minutes": NaN}',
    "a huge number": '{"window_seconds": 1' + "0" * 5_000 + "}",
    "true": '{"idle_minutes": true}',
    "a system's file": json.dumps({"model": "/proc/self/mem.nemo"}),
    "a device as a style": json.dumps({"style": "/dev/zero.toml"}),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_change_of_settings(served: ServedEngine, body: str) -> None:
    with attempt("a hostile change of settings"):
        assert served.ask("PUT", "/settings", body).status in (400, 403, 409, 413, 422)
        assert not served.engine.settings.path.exists()
        assert served.ask("GET", "/hello").status == 200


NAMES = (
    "..",
    "../home/kept",
    "kept.nemo",
    "..%2fkept",
    "demo/../kept",
    "\0",
    "-",
    "x" * 5_000,
    "é",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_models_name_that_leads_elsewhere(served: ServedEngine, name: str) -> None:
    kept = [served.engine.data / "kept.nemo", served.engine.data / "models" / "kept.nemo"]
    for path in kept:
        path.write_bytes(b"a model of the user's own")
    with attempt("a model's name that leads elsewhere"):
        for method, action in (("DELETE", ""), ("POST", "/fetch"), ("POST", "/verify")):
            answer = served.ask(method, f"/models/{quote(name, safe='')}{action}")
            assert answer.status in (404, 405, 422)
        assert all(path.exists() for path in kept)


@pytest.mark.parametrize("last", ["-1", "1e9", str(2**53 + 1), "9" * 400, "NaN", "0x10", "1;2"])
def test_an_id_of_the_state_that_is_none(served: ServedEngine, last: str) -> None:
    with attempt("an id of the state that is none"):
        for path, headers in (
            (f"/events?after={quote(last)}", served.shown),
            ("/events", {**served.shown, "Last-Event-ID": last}),
        ):
            assert served.ask("GET", path, headers=headers).status == 422


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Authorization": "Bearer x"}],
)
def test_the_state_from_another_page(served: ServedEngine, headers: dict[str, str]) -> None:
    with attempt("the state from another page"):
        answer = served.ask("GET", "/events", headers={**served.shown, **headers})
        assert answer.status in (401, 403)
        assert served.service.readers == 0


def test_hostile_text_in_the_state(served: ServedEngine) -> None:
    """What was said in a film cannot end a message of the stream and begin another."""
    job = served.submit()
    text = 'data: x\n\nevent: stopped\ndata: {"event": "stopped"}\r\r\u2028\u0085\0'
    with attempt("a message smuggled into the state"), state(served) as reader:
        reader.next()
        served.engine.tell(job, "words", text=text)
        found = reader.until(lambda message: message["event"] == "words")
        assert found[-1]["text"] == text

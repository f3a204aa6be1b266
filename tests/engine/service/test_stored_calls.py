"""What is stored, asked over HTTP of the real engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from editor_plugin.core.corrections import Correction
from editor_plugin.engine.corrections import CorrectionSource, log
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.models.digests import names_by_digest
from editor_plugin.engine.store import RecognitionKey
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.workspace import SILENCE, Workspace

SOURCE = CorrectionSource(1, -1, -1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    with open_engine(workspace) as engine:
        yield engine


@pytest.fixture
def real(engine: Engine) -> Iterator[ServedEngine]:
    with ServedEngine(engine) as real:
        yield real


def words(real: ServedEngine, like: str, more: str = "") -> dict[str, object]:
    answer = real.ask("GET", f"/words?like={quote(like)}{more}")
    assert answer.status == 200, answer.body
    body: dict[str, object] = answer.body
    return body


def test_what_a_job_has_heard_is_found_at_once(
    workspace: Workspace, engine: Engine, real: ServedEngine
) -> None:
    """The runner of the tests hears “w” and the number of the window."""
    film = workspace.media("film.wav", 20)
    assert words(real, "w0") == {"hits": [], "more": False, "unindexed": 0}
    job = engine.queue.add(asking(workspace, plain(film), window_seconds=5))
    until(engine, job, "done")
    heard = [w for each in engine.store.heard(1) for w in each.words]
    found = words(real, heard[1].text)
    assert found["hits"] == [
        {
            "stored": 1,
            "name": "film.wav",
            "path": str(film),
            "stream": None,
            "channel": None,
            "start": float(heard[1].start),
            "end": float(heard[1].end),
            "before": heard[0].text,
            "text": heard[1].text,
            "after": " ".join(each.text for each in heard[2:]),
        }
    ]
    both = words(real, f"{heard[0].text} {heard[1].text}", "&limit=1")
    assert (len(both["hits"]), both["more"]) == (1, False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query", ["", "like=a&limit=0", "like=a&limit=501", "like=a&x=1", "limit=1"]
)
def test_a_query_of_another_form_is_refused(real: ServedEngine, query: str) -> None:
    assert real.ask("GET", f"/words?{query}").status == 422
    assert real.ask("GET", f"/words?like={'a' * 201}").status == 422


def stored(real: ServedEngine, query: str = "") -> list[dict[str, Any]]:
    answer = real.ask("GET", f"/stored{query}")
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["stored"]
    return found


def test_what_is_stored_is_listed_and_forgotten(
    workspace: Workspace, engine: Engine, real: ServedEngine
) -> None:
    film = workspace.media("Übung 1.wav", 20)
    other = workspace.media("other.wav", 6, SILENCE)
    assert stored(real) == []
    for path in (film, other):
        until(engine, engine.queue.add(asking(workspace, plain(path, "srt"))), "done", "failed")
    words(real, "w0")  # so that all is indexed
    with engine.store.database.write() as db:
        log.add(db, "a.srt", [(SOURCE, Correction(Fraction(0), Fraction(1), ("w0",), "Wow"))])
    newest, oldest = stored(real)
    assert (newest["name"], oldest["name"]) == ("other.wav", "Übung 1.wav")
    assert datetime.fromisoformat(oldest.pop("last_used")).tzinfo is not None
    assert oldest.pop("words") == oldest["heard"][0].pop("words") == len(engine.store.words(1)) > 0
    assert oldest == {
        "id": 1,
        "name": "Übung 1.wav",
        "path": str(film),
        "is_there": True,
        "seconds": 20.0,
        "heard": [
            {"model": None, "language": None, "stream": None, "channel": None, "seconds": 20.0}
        ],
        "corrections": 1,
    }
    assert [each["id"] for each in stored(real, "?like=ubung")] == [1]
    assert [each["id"] for each in stored(real, "?after=2")] == [1]
    film.unlink()
    assert stored(real, "?like=1")[0]["is_there"] is False
    before = engine.feed.last
    assert real.ask("DELETE", "/stored/1").body == {"name": "Übung 1.wav", "parts": 1, "aside": []}
    assert [each["id"] for each in stored(real)] == [2]
    (told,) = engine.state.since(before)
    assert (told["event"], told["jobs"]) == ("order", [2])  # the job with its result is gone, too
    assert (
        words(real, "wow")["hits"] == [] and engine.store.database.read("SELECT * FROM batch") == []
    )
    missing = real.ask("DELETE", "/stored/1")
    assert (missing.status, missing.code) == (404, "stored-unknown")


def test_nothing_is_forgotten_while_a_job_waits(
    workspace: Workspace, engine: Engine, real: ServedEngine
) -> None:
    film = workspace.media("film.wav", 6)
    until(engine, engine.queue.add(asking(workspace, plain(film))), "done")
    with engine.store.database.write() as db:
        db.execute("UPDATE job SET state = 'running'")
    busy = real.ask("DELETE", "/stored/1")
    assert (busy.status, busy.code) == (409, "engine-busy") and len(stored(real)) == 1


def test_the_list_comes_in_parts_and_names_the_models_that_are_here(
    engine: Engine, real: ServedEngine
) -> None:
    (name, digest), *_ = [(name, digest) for digest, name in names_by_digest().items()]
    with engine.store.database.write() as db:
        for media in range(1, 131):
            db.execute("INSERT INTO media VALUES (?, ?, 0, 'a.wav')", (media, f"d{media}"))
    engine.store.recognition(RecognitionKey(130, 1, 0, digest, "de"))
    first = real.ask("GET", "/stored").body
    assert (len(first["stored"]), first["more"]) == (100, True)
    (heard,) = first["stored"][0]["heard"]
    assert (heard["model"], heard["language"], heard["stream"], heard["channel"]) == (
        name, "de", 1, 0,
    )  # fmt: skip
    second = real.ask("GET", f"/stored?after={first['stored'][-1]['id']}").body
    assert ([each["id"] for each in second["stored"]], second["more"]) == (
        list(range(30, 0, -1)),
        False,
    )


def test_the_uploaded_copy_is_forgotten_with_its_words(
    workspace: Workspace, engine: Engine, real: ServedEngine
) -> None:
    content = workspace.media("film.wav", 6).read_bytes()
    begun = engine.uploads.begin("film.wav", len(content))
    copy = engine.uploads.add(begun.upload, 0, content, hashlib.sha256(content).hexdigest()).path
    assert copy is not None
    until(engine, engine.queue.add(asking(workspace, plain(copy))), "done")
    assert real.ask("DELETE", "/stored/1").status == 200
    assert not copy.exists()

"""What is stored, asked over HTTP of the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from editor_plugin.engine.engine import Engine
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.workspace import Workspace


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

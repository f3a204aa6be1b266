"""A job's subtitles as files, of the real engine, and its end in the list."""

from __future__ import annotations

import http.client
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.core.jobs.request import Order
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.export import WRITERS
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.test_engine import cut
from tests.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def real(workspace: Workspace) -> Iterator[ServedEngine]:
    with open_engine(workspace) as engine, ServedEngine(engine) as served:
        yield served


def download(served: ServedEngine, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
    try:
        connection.request("GET", path, headers=served.shown)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        connection.close()


def test_results_are_files_in_every_format_and_a_zip(
    real: ServedEngine, workspace: Workspace
) -> None:
    engine: Engine = real.engine
    film, other = workspace.media("film – 1.wav", 20), workspace.folder / "missing.wav"
    orders = (plain(film, "srt", "words"), Order(other), cut("../Cut: \u202e", film, (0, 20)))
    job = engine.queue.add(asking(workspace, *orders))
    until(engine, job, "failed")
    for name, each in WRITERS.items():
        status, headers, content = download(real, f"/jobs/{job}/results/0/files/{name}")
        assert status == 200 and content
        assert headers["content-disposition"].endswith(f"film%20%E2%80%93%201{each.suffix}")
        if name in ("srt", "words"):  # as the job has written them
            written = film.with_suffix({"srt": ".srt", "words": ".words.json"}[name])
            assert content == written.read_bytes()
    status, headers, content = download(real, f"/jobs/{job}/files.zip?formats=srt,txt,srt")
    assert (status, headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert names[:2] == ["film – 1.srt", "film – 1.txt"] and len(names) == 4
    assert not any(set(name) & set("/\\:\u202e") for name in names)
    assert archive.read(names[0]) == film.with_suffix(".srt").read_bytes()
    assert real.ask("GET", f"/jobs/{job}/results/1/files/srt").status == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/jobs/1/results/0/files/srt", 404),
        ("/jobs/1/results/0/files/nothing", 422),
        ("/jobs/1/results/0/files/..%2f..%2fengine.json", 404),
        ("/jobs/9/results/0/files/srt", 404),
        ("/jobs/1/files.zip?formats=srt", 404),
        ("/jobs/9/files.zip?formats=srt", 404),
        ("/jobs/1/files.zip?formats=srt,nothing", 409),
        ("/jobs/1/files.zip?formats=", 422),
        ("/jobs/1/files.zip", 422),
    ],
)
def test_what_is_not_there_is_told(still: ServedEngine, path: str, status: int) -> None:
    still.submit()
    assert still.ask("GET", path).status == status


def test_an_ended_job_is_taken_off_the_list(real: ServedEngine, workspace: Workspace) -> None:
    engine: Engine = real.engine
    film = workspace.media("film.wav", 10)
    job = engine.queue.add(asking(workspace, plain(film, "srt")))
    until(engine, job, "done")
    waiting = engine.queue.add(asking(workspace, plain(film)))
    engine.queue.pause(waiting)
    until(engine, waiting, "paused", "done")
    assert real.ask("DELETE", f"/jobs/{job}").body == {"job": job}
    answer = real.ask("DELETE", f"/jobs/{job}")
    assert (answer.status, answer.code) == (404, "job-unknown")
    assert [each["job"] for each in real.ask("GET", "/jobs").body["jobs"]] == [waiting]
    assert film.with_suffix(".srt").exists()


def test_a_job_that_has_not_ended_stays(still: ServedEngine) -> None:
    job = still.submit()
    answer = still.ask("DELETE", f"/jobs/{job}")
    assert (answer.status, answer.code) == (409, "engine-busy")
    still.engine.finish(job)
    assert still.ask("DELETE", f"/jobs/{job}").status == 200

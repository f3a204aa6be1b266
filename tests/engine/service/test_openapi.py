"""The OpenAPI document against the service: what it does not say must not happen."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from editor_plugin.core.errors import JobUnknown
from editor_plugin.engine.service import Service
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.workspace import Workspace
from tests.small_engine import SmallEngine

EXAMPLES = 20
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_every_answer_of_a_small_engine_is_promised(mode: Any, still: ServedEngine) -> None:
    still.engine.finish(still.submit())
    still.engine.tell(still.submit(), "note", text="It goes on.")
    attack(still, mode)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_every_answer_of_the_real_engine_is_promised(mode: Any, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    film = workspace.media("film.wav", 10)
    with open_engine(workspace) as engine, ServedEngine(engine) as real:
        done = engine.queue.add(asking(workspace, plain(film, "srt")))
        until(engine, done, "done")
        engine.queue.pause(engine.queue.add(asking(workspace, plain(film))))
        attack(real, mode)
        with suppress(JobUnknown):  # forgotten with the media, as a call may have asked
            assert engine.queue.status(done).state == "done"


def attack(still: ServedEngine, mode: Any) -> None:
    """Make generated requests; every answer must be one that the document promises."""
    document = json.loads(json.dumps(still.service.app.openapi()))
    # A stream has no end where its job has none; its own tests are in test_streaming.
    del document["paths"]["/jobs/{job}/events"], document["paths"]["/events"]
    del document["paths"]["/doctor"]  # which takes a minute
    api = schemathesis.openapi.from_dict(document)
    api.config.update(base_url=f"http://127.0.0.1:{still.port}")
    operations: list[Any] = list(api.get_all_operations())
    tried = [_try(each.ok(), mode, still) for each in operations]
    assert all(tried[1:])


def _try(operation: Any, mode: Any, served: ServedEngine) -> int:
    """Try an operation with generated requests; return how many there were."""
    count = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(headers=served.shown, timeout=90)

    each()
    return count


def test_the_document_has_every_call_and_an_error_form_for_each(tmp_path: Path) -> None:
    document = Service(SmallEngine(tmp_path, work=False)).app.openapi()
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(operations) > 25
    for path, _method, operation in operations:
        bare = path in ("/proof/{nonce}", "/sessions") or path.startswith("/media/")
        assert ("security" in operation) is not bare
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                form = answer["content"]["application/json"]["schema"]
                assert form == {"$ref": "#/components/schemas/Refusal"}
        assert bare or {"400", "401", "403", "404", "409", "413", "422"} <= set(
            operation["responses"]
        )
    assert "HTTPValidationError" not in json.dumps(document)

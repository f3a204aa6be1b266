"""The queue of jobs in the store, where it outlives the engine.

The column `turn` decides the order; no clock does.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    InnerError,
    JobSetAside,
    JobUnknown,
    RecueError,
    from_wire,
)
from editor_plugin.core.jobs.request import (
    JobRequest,
    Order,
    files_read,
    request_from_wire,
    request_to_wire,
)
from editor_plugin.core.jobs.result import JobResult, result_from_wire, result_to_wire
from editor_plugin.core.jobs.status import (
    CANCELLED,
    FAILED,
    FINAL_STATES,
    InputStatus,
    input_from_wire,
    input_to_wire,
)
from editor_plugin.engine.corrections.provenance_file import read_made
from editor_plugin.engine.export.result import Result
from editor_plugin.engine.jobs.kept_result import whole_result
from editor_plugin.engine.jobs.plan import Plan, plan_from_text, plan_to_text
from editor_plugin.engine.log import LOG
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.checksum import with_checksum, without_checksum

_ENDED = str(FINAL_STATES)
"""In SQL, which writes a list of texts as Python does."""
MOST_DEATHS = 2
"""How often an engine may die at a job before the job is set aside: the first time may be chance,
and a job that kills every engine would keep all others from their turn."""
KEPT_ENDED = 100
"""How many finished jobs are kept, with their results."""


@dataclass(frozen=True)
class QueuedJob:
    """The next job: its number and its request."""

    id: int
    request: JobRequest


class JobQueue:
    """The jobs of a store. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recover(self) -> None:
        """Put the job that ran when an engine died back into the queue; set it aside, failed, where
        that was not the first one."""
        with self._database.write() as db:
            db.execute(
                "UPDATE job SET state = 'queued', deaths = deaths + 1 WHERE state = 'running'"
            )
            db.execute("UPDATE job_input SET state = 'queued' WHERE state = 'running'")
            db.execute(
                "UPDATE job SET state = ?, error = ?, ended_at = ?"
                " WHERE state = 'queued' AND deaths >= ?",
                (FAILED, json.dumps(JobSetAside(MOST_DEATHS).to_wire()), _now(), MOST_DEATHS),
            )

    def add(self, request: JobRequest, first: bool = False) -> int:
        """Add a job and return its number. A request that equals that of an unfinished job gives
        that job: a menu entry that is clicked twice makes one job. A job that was stopped or failed
        passes its plan to the new one."""
        text = _request_text(request)
        with self._database.write() as db:
            same = db.execute(
                "SELECT id, state FROM job WHERE request = ? ORDER BY id DESC LIMIT 1", (text,)
            ).fetchone()
            choice = "min(turn) - 1" if first else "max(turn) + 1"
            turn = db.execute(f"SELECT coalesce({choice}, 0) FROM job").fetchone()[0]
            if same and same[1] in ("queued", "running", "paused"):
                change = "UPDATE job SET state = 'queued', deaths = 0"
                db.execute(f"{change} WHERE id = ? AND state = 'paused'", (same[0],))
                if first:
                    db.execute("UPDATE job SET turn = ? WHERE id = ?", (turn, same[0]))
                return int(same[0])
            added = db.execute(
                "INSERT INTO job (turn, state, request, made_at) VALUES (?, 'queued', ?, ?)",
                (turn, text, _now()),
            )
            job = int(added.lastrowid or 0)
            for number, order in enumerate(request.orders):
                db.execute(
                    "INSERT INTO job_input VALUES (?, ?, 'queued', ("
                    " SELECT plan FROM job_input WHERE job = ? AND number = ?), ?, NULL, NULL)",
                    (job, number, same[0] if same else None, number, _first_status(order)),
                )
        return job

    def next(
        self, failed: Callable[[int, RecueError], object] = lambda job, error: None
    ) -> QueuedJob | None:
        """Take the next job, which is running from now on. A job fails here whose request cannot be
        read, such as one that another version of Recue has stored; `failed` is called with it."""
        while True:
            with self._database.write() as db:
                row = db.execute(
                    "SELECT id, request FROM job WHERE state = 'queued' ORDER BY turn, id LIMIT 1"
                ).fetchone()
                if row is None:
                    return None
                wire = self._read(row[1])
                db.execute("UPDATE job SET state = 'running', error = NULL WHERE id = ?", (row[0],))
            trouble: RecueError
            try:
                return QueuedJob(row[0], request_from_wire(wire))
            except RecueError as error:
                trouble = error
            except Exception:  # a request of no form that was thought of
                LOG.exception("the request of job %d", row[0])
                trouble = InnerError()
            self.set_state(row[0], FAILED, trouble)
            failed(row[0], trouble)

    def complete(self, current: QueuedJob | None = None) -> None:
        """Complete a repaired store: every job has its inputs, and the running job is in it."""
        with self._database.write() as db:
            if current is not None:
                db.execute(
                    "INSERT OR IGNORE INTO job (id, turn, state, request, made_at)"
                    " VALUES (?, 0, 'running', ?, ?)",
                    (current.id, _request_text(current.request), _now()),
                )
                db.execute("UPDATE job SET state = 'running' WHERE id = ?", (current.id,))
            for job, request in db.execute("SELECT id, request FROM job").fetchall():
                for number, order in enumerate(self._orders(request)):
                    db.execute(
                        "INSERT INTO job_input (job, number, state, told)"
                        " VALUES (?, ?, 'queued', ?)"
                        " ON CONFLICT DO UPDATE SET told = excluded.told WHERE told = ''",
                        (job, number, _first_status(order)),
                    )

    def standing(self, job: int) -> tuple[str, RecueError | None]:
        """The state of a job, and the error that it failed with. Raises JobUnknown."""
        rows = self._database.read("SELECT state, error FROM job WHERE id = ?", (job,))
        if not rows:
            raise JobUnknown(str(job))
        with self._database.reading():
            return str(rows[0][0]), from_wire(json.loads(rows[0][1])) if rows[0][1] else None

    def request(self, job: int) -> JobRequest:
        """What a job was asked to do. Raises JobUnknown, and RequestRefused for a request that this
        version of Recue cannot read."""
        rows = self._database.read("SELECT request FROM job WHERE id = ?", (job,))
        if not rows:
            raise JobUnknown(str(job))
        return request_from_wire(self._read(rows[0][0]))

    def numbers(self) -> list[int]:
        """Every job: the unfinished in the order of the queue, then the others, newest first."""
        rows = self._database.read(
            f"SELECT id FROM job ORDER BY state IN {_ENDED},"
            f" CASE WHEN state IN {_ENDED} THEN -id END,"
            " state != 'running', turn, id"
        )
        return [row[0] for row in rows]

    def open_orders(self) -> list[Order]:
        """The orders of every unfinished job, paused ones included."""
        rows = self._database.read(
            "SELECT request FROM job WHERE state IN ('queued', 'running', 'paused')"
        )
        return [order for row in rows for order in self._orders(row[0])]

    def open_files(self) -> Iterator[Path]:
        """What every unfinished job reads."""
        for order in self.open_orders():
            yield from files_read(order)

    def open(self) -> int:
        """How many jobs wait or run."""
        query = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
        return int(self._database.read(query)[0][0])

    def set_state(self, job: int, state: str, error: RecueError | None = None) -> None:
        """Change the state of a job; delete the oldest finished ones."""
        wire = None if error is None else json.dumps(error.to_wire())
        ended = _now() if state in FINAL_STATES else None
        with self._database.write() as db:
            db.execute(
                "UPDATE job SET state = ?, error = ?, ended_at = ? WHERE id = ?",
                (state, wire, ended, job),
            )
            db.execute(
                f"DELETE FROM job WHERE state IN {_ENDED} AND id NOT IN ("
                f" SELECT id FROM job WHERE state IN {_ENDED}"
                " ORDER BY id DESC LIMIT ?)",
                (KEPT_ENDED,),
            )

    def cancel(self, job: int) -> None:
        """Cancel a job without a call to its engine, which notices it where the job runs."""
        with self._database.write() as db:
            db.execute(
                f"UPDATE job SET state = ?, ended_at = ? WHERE id = ? AND state NOT IN {_ENDED}",
                (CANCELLED, _now(), job),
            )

    def is_cancelled(self, job: int) -> bool:
        """Whether a job is cancelled, which another program may have done."""
        query = "SELECT 1 FROM job WHERE id = ? AND state = ?"
        return bool(self._database.read(query, (job, CANCELLED)))

    def resume(self, job: int) -> None:
        """Put a paused job back into the queue, with as many attempts as a new one."""
        with self._database.write() as db:
            db.execute("UPDATE job SET state = 'queued', deaths = 0 WHERE id = ?", (job,))

    def put_first(self, job: int) -> None:
        """Make a waiting job the next one."""
        with self._database.write() as db:
            db.execute("UPDATE job SET turn = (SELECT min(turn) - 1 FROM job) WHERE id = ?", (job,))

    def inputs(self, job: int) -> list[InputStatus]:
        """The stored status of each input."""
        rows = self._database.read(
            "SELECT state, told FROM job_input WHERE job = ? ORDER BY number", (job,)
        )
        with self._database.reading():
            return [
                input_from_wire(
                    {**self._read(kept), "state": state, "percent": 100.0 * (state in FINAL_STATES)}
                )
                for state, kept in rows
            ]

    def keep_input(self, job: int, number: int, status: InputStatus) -> None:
        """Store the final status of an input."""
        text = with_checksum(json.dumps(input_to_wire(status)))
        self._update(job, number, state=status.state, told=text)

    def plan(self, job: int, number: int) -> Plan:
        """The plan for an input."""
        text = self._value(job, number, "plan")
        with self._database.reading():
            return plan_from_text(without_checksum(text) if text else None)

    def keep_plan(self, job: int, number: int, plan: Plan) -> None:
        """Store the plan for an input."""
        self._update(job, number, plan=with_checksum(plan_to_text(plan)))

    def result(self, job: int, number: int) -> JobResult:
        """The subtitles of an input. Raises JobUnknown."""
        packed = self._value(job, number, "result")
        if packed is None:
            raise JobUnknown(f"{job} with a result {number}")
        with self._database.reading():
            return result_from_wire(json.loads(zlib.decompress(packed)))

    def made(self, job: int, number: int) -> bytes | None:
        """The provenance of an input's subtitles; None where there are none."""
        found: bytes | None = self._value(job, number, "made")
        return found

    def whole(self, job: int, number: int) -> Result:
        """The result of an input, for any format. Raises JobUnknown, also for one that an older
        Recue has kept."""
        packed, made = (self._value(job, number, column) for column in ("result", "made"))
        if packed is None or made is None:
            raise JobUnknown(f"{job} with a result {number}")
        with self._database.reading():
            wire = json.loads(zlib.decompress(packed))
            if "rest" not in wire:
                raise JobUnknown(f"{job} with a result {number} for this format")
            return whole_result(result_from_wire(wire), read_made(made), wire["rest"])

    def keep_result(
        self, job: int, number: int, result: JobResult, made: bytes, rest: dict[str, Any]
    ) -> None:
        """Store the subtitles of an input, their provenance, and the rest of them, for `whole`."""
        wire = {**result_to_wire(result), "rest": rest}
        packed = zlib.compress(json.dumps(wire, ensure_ascii=False).encode(), 3)
        self._update(job, number, result=packed, made=made)

    def remove(self, job: int) -> None:
        """Delete a job that has ended."""
        with self._database.write() as db:
            db.execute(f"DELETE FROM job WHERE id = ? AND state IN {_ENDED}", (job,))

    def _value(self, job: int, number: int, column: str) -> Any:
        """A column of an input's row; None where there is no such input."""
        rows = self._database.read(
            f"SELECT {column} FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        return rows[0][0] if rows else None

    def _update(self, job: int, number: int, **columns: object) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        with self._database.write() as db:
            db.execute(
                f"UPDATE job_input SET {names} WHERE job = ? AND number = ?",
                (*columns.values(), job, number),
            )

    def _orders(self, text: str) -> tuple[Order, ...]:
        """The orders of a request; none where this version of Recue cannot read it."""
        wire = self._read(text)
        try:
            return request_from_wire(wire).orders
        except RecueError:
            return ()

    def _read(self, text: str) -> dict[str, Any]:
        with self._database.reading():
            found: dict[str, Any] = json.loads(without_checksum(text))
        return found


def _request_text(request: JobRequest) -> str:
    return with_checksum(json.dumps(request_to_wire(request), sort_keys=True))


def _first_status(order: Order) -> str:
    return with_checksum(json.dumps({"name": order.input.name}))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")

"""The queue of jobs, in the store: what was asked outlives the engine, whatever ends it.

The order is that of `turn`; no clock decides anything.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from editor_plugin.core.errors import JobUnknown, ProtocolError, RecueError, StoreDamaged, from_wire
from editor_plugin.core.jobs.request import JobRequest, Order, request_from_wire, request_to_wire
from editor_plugin.core.jobs.result import JobResult, result_from_wire, result_to_wire
from editor_plugin.core.jobs.status import (
    FAILED,
    FINAL_STATES,
    InputStatus,
    input_from_wire,
    input_to_wire,
)
from editor_plugin.engine.jobs.plan import Plan, plan_from_text, plan_to_text
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.checksum import with_checksum, without_checksum

KEPT_ENDED = 100
"""So many ended jobs are kept, with their results."""


@dataclass(frozen=True)
class QueuedJob:
    """A job whose turn it is."""

    id: int
    request: JobRequest


class JobQueue:
    """The jobs of a store. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recover(self) -> None:
        """Put back into the queue what an engine had in work when it ended."""
        with self._database.write() as db:
            db.execute("UPDATE job SET state = 'queued' WHERE state = 'running'")
            db.execute("UPDATE job_input SET state = 'queued' WHERE state = 'running'")

    def add(self, request: JobRequest, first: bool = False) -> int:
        """Add a job and return its number.

        The same request again, while the first is not ended, is that one: a menu entry that was
        clicked twice makes one job. One that was stopped or failed leaves its plan to the new one.
        """
        text = _request_text(request)
        with self._database.write() as db:
            same = db.execute(
                "SELECT id, state FROM job WHERE request = ? ORDER BY id DESC LIMIT 1", (text,)
            ).fetchone()
            choice = "min(turn) - 1" if first else "max(turn) + 1"
            turn = db.execute(f"SELECT coalesce({choice}, 0) FROM job").fetchone()[0]
            if same and same[1] in ("queued", "running", "paused"):
                change = "UPDATE job SET state = 'queued' WHERE id = ? AND state = 'paused'"
                db.execute(change, (same[0],))
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
                    (job, number, same[0] if same else None, number, _first_told(order)),
                )
        return job

    def next(self) -> QueuedJob | None:
        """Take the job whose turn it is: it is running from now on. One whose request cannot be
        done, as one that another version of Recue has kept, has failed."""
        while True:
            with self._database.write() as db:
                row = db.execute(
                    "SELECT id, request FROM job WHERE state = 'queued' ORDER BY turn, id LIMIT 1"
                ).fetchone()
                if row is None:
                    return None
                wire = self._read(row[1])
                db.execute("UPDATE job SET state = 'running', error = NULL WHERE id = ?", (row[0],))
            try:
                return QueuedJob(row[0], request_from_wire(wire))
            except RecueError as error:
                self.set_state(row[0], FAILED, error)

    def mend(self, current: QueuedJob | None = None) -> None:
        """After the store was mended: every job has its inputs, and the one in work is there."""
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
                        (job, number, _first_told(order)),
                    )

    def standing(self, job: int) -> tuple[str, RecueError | None]:
        """The state of a job, and the error that ended it. Raises JobUnknown."""
        rows = self._database.read("SELECT state, error FROM job WHERE id = ?", (job,))
        if not rows:
            raise JobUnknown(str(job))
        return rows[0][0], from_wire(json.loads(rows[0][1])) if rows[0][1] else None

    def numbers(self) -> list[int]:
        """Every job: those not ended in the order of the queue, then the ended, newest first."""
        rows = self._database.read(
            "SELECT id FROM job ORDER BY state IN ('done', 'failed', 'cancelled'),"
            " CASE WHEN state IN ('done', 'failed', 'cancelled') THEN -id END,"
            " state != 'running', turn, id"
        )
        return [row[0] for row in rows]

    def open_orders(self) -> list[Order]:
        """The orders of every job that is to be gone on with, paused ones too."""
        rows = self._database.read(
            "SELECT request FROM job WHERE state IN ('queued', 'running', 'paused')"
        )
        return [order for row in rows for order in self._orders(row[0])]

    def open(self) -> int:
        """How many jobs wait for their turn, or are in work."""
        query = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
        return int(self._database.read(query)[0][0])

    def set_state(self, job: int, state: str, error: RecueError | None = None) -> None:
        """Change the state of a job; forget the oldest of those that ended."""
        wire = None if error is None else json.dumps(error.to_wire())
        ended = _now() if state in FINAL_STATES else None
        with self._database.write() as db:
            db.execute(
                "UPDATE job SET state = ?, error = ?, ended_at = ? WHERE id = ?",
                (state, wire, ended, job),
            )
            db.execute(
                "DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND id NOT IN ("
                " SELECT id FROM job WHERE state IN ('done', 'failed', 'cancelled')"
                " ORDER BY id DESC LIMIT ?)",
                (KEPT_ENDED,),
            )

    def put_first(self, job: int) -> None:
        """Let a waiting job be the next one."""
        with self._database.write() as db:
            db.execute("UPDATE job SET turn = (SELECT min(turn) - 1 FROM job) WHERE id = ?", (job,))

    def inputs(self, job: int) -> list[InputStatus]:
        """How each input stands, as it was kept."""
        rows = self._database.read(
            "SELECT state, told FROM job_input WHERE job = ? ORDER BY number", (job,)
        )
        return [
            input_from_wire(
                {**self._read(kept), "state": state, "percent": 100.0 * (state in FINAL_STATES)}
            )
            for state, kept in rows
        ]

    def keep_input(self, job: int, number: int, status: InputStatus) -> None:
        """Keep how an input has ended."""
        with self._database.write() as db:
            db.execute(
                "UPDATE job_input SET state = ?, told = ? WHERE job = ? AND number = ?",
                (status.state, with_checksum(json.dumps(input_to_wire(status))), job, number),
            )

    def plan(self, job: int, number: int) -> Plan:
        """What was decided for an input."""
        rows = self._database.read(
            "SELECT plan FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        try:
            return plan_from_text(without_checksum(rows[0][0]) if rows and rows[0][0] else None)
        except (ValueError, TypeError, ProtocolError) as error:
            raise self._damaged(error) from error

    def keep_plan(self, job: int, number: int, plan: Plan) -> None:
        """Keep what was decided for an input."""
        with self._database.write() as db:
            db.execute(
                "UPDATE job_input SET plan = ? WHERE job = ? AND number = ?",
                (with_checksum(plan_to_text(plan)), job, number),
            )

    def result(self, job: int, number: int) -> JobResult:
        """The subtitles of an input. Raises JobUnknown."""
        rows = self._database.read(
            "SELECT result FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        if not rows or rows[0][0] is None:
            raise JobUnknown(f"{job} with a result {number}")
        try:
            return result_from_wire(json.loads(zlib.decompress(rows[0][0])))
        except (ValueError, TypeError, zlib.error, RecueError) as error:
            raise self._damaged(error) from error

    def made(self, job: int, number: int) -> bytes | None:
        """What the subtitles of an input were made of; None where there are none."""
        rows = self._database.read(
            "SELECT made FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        return rows[0][0] if rows else None

    def keep_result(self, job: int, number: int, result: JobResult, made: bytes) -> None:
        """Keep the subtitles of an input, and what they were made of."""
        packed = zlib.compress(json.dumps(result_to_wire(result), ensure_ascii=False).encode(), 3)
        with self._database.write() as db:
            db.execute(
                "UPDATE job_input SET result = ?, made = ? WHERE job = ? AND number = ?",
                (packed, made, job, number),
            )

    def _orders(self, text: str) -> tuple[Order, ...]:
        """The orders of a request; none where this version of Recue cannot read it."""
        wire = self._read(text)
        try:
            return request_from_wire(wire).orders
        except RecueError:
            return ()

    def _read(self, text: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(without_checksum(text))
        except (ValueError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error
        return found

    def _damaged(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(str(self._database.path), f"a job is garbled, {error}")


def _request_text(request: JobRequest) -> str:
    return with_checksum(json.dumps(request_to_wire(request), sort_keys=True))


def _first_told(order: Order) -> str:
    return with_checksum(json.dumps({"name": order.input.name}))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")

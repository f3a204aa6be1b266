"""The queue of jobs, in the store: what was asked outlives the engine, whatever ends it.

The order is that of `turn`; no clock decides anything.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from editor_plugin.core.errors import JobUnknown, ProtocolError, RecueError, StoreDamaged
from editor_plugin.engine.jobs.order import Order
from editor_plugin.engine.jobs.plan import Plan, plan_from_text, plan_to_text
from editor_plugin.engine.jobs.request import check, orders_of, request_of
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.checksum import with_checksum, without_checksum

FINAL = ("done", "failed", "cancelled")
KEPT_ENDED = 100
"""So many ended jobs are kept, with their results."""


@dataclass(frozen=True)
class QueuedJob:
    """A job whose turn it is."""

    id: int
    request: dict[str, Any]

    @property
    def orders(self) -> list[Order]:
        """What it asks for."""
        return orders_of(self.request)


class JobQueue:
    """The jobs of a store. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recover(self) -> None:
        """Put back into the queue what an engine had in work when it ended."""
        with self._database.write() as db:
            db.execute("UPDATE job SET state = 'queued' WHERE state = 'running'")
            db.execute("UPDATE job_input SET state = 'queued' WHERE state = 'running'")

    def add(self, request: dict[str, Any], first: bool = False) -> int:
        """Add a job and return its number. Raises what is wrong with the request.

        The same request again, while the first is not ended, is that one: a menu entry that was
        clicked twice makes one job. One that was stopped or failed leaves its plan to the new one.
        """
        check(request)
        settings = {k: v for k, v in (request.get("settings") or {}).items() if v is not None}
        orders = orders_of(request)
        text = _request_text(request_of(orders, settings))
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
            for number, order in enumerate(orders):
                db.execute(
                    "INSERT INTO job_input VALUES (?, ?, 'queued', ("
                    " SELECT plan FROM job_input WHERE job = ? AND number = ?), ?, NULL, NULL)",
                    (job, number, same[0] if same else None, number, _first_told(order)),
                )
        return job

    def next(self) -> QueuedJob | None:
        """Take the job whose turn it is: it is running from now on."""
        with self._database.write() as db:
            row = db.execute(
                "SELECT id, request FROM job WHERE state = 'queued' ORDER BY turn, id LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            request = self._read(row[1])
            db.execute("UPDATE job SET state = 'running', error = NULL WHERE id = ?", (row[0],))
        return QueuedJob(row[0], request)

    def mend(self, current: QueuedJob | None = None) -> None:
        """After the store was mended: every job has its inputs, and the one in work is there."""
        with self._database.write() as db:
            if current is not None:
                db.execute(
                    "INSERT OR IGNORE INTO job (id, turn, state, request, made_at)"
                    " VALUES (?, 0, 'running', ?, ?)",
                    (
                        current.id,
                        with_checksum(json.dumps(current.request, sort_keys=True)),
                        _now(),
                    ),
                )
                db.execute("UPDATE job SET state = 'running' WHERE id = ?", (current.id,))
            for job, request in db.execute("SELECT id, request FROM job").fetchall():
                for number, order in enumerate(orders_of(self._read(request))):
                    db.execute(
                        "INSERT INTO job_input (job, number, state, told)"
                        " VALUES (?, ?, 'queued', ?)"
                        " ON CONFLICT DO UPDATE SET told = excluded.told WHERE told = ''",
                        (job, number, _first_told(order)),
                    )

    def standing(self, job: int) -> tuple[str, dict[str, Any] | None]:
        """The state of a job, and the error that ended it. Raises JobUnknown."""
        rows = self._database.read("SELECT state, error FROM job WHERE id = ?", (job,))
        if not rows:
            raise JobUnknown(str(job))
        return rows[0][0], json.loads(rows[0][1]) if rows[0][1] else None

    def numbers(self) -> list[int]:
        """Every job: those not ended in the order of the queue, then the ended, newest first."""
        rows = self._database.read(
            "SELECT id FROM job ORDER BY state IN ('done', 'failed', 'cancelled'),"
            " CASE WHEN state IN ('done', 'failed', 'cancelled') THEN -id END,"
            " state != 'running', turn, id"
        )
        return [row[0] for row in rows]

    def unfinished(self) -> list[QueuedJob]:
        """Every job that is to be gone on with, paused ones too, in no order."""
        rows = self._database.read(
            "SELECT id, request FROM job WHERE state IN ('queued', 'running', 'paused')"
        )
        return [QueuedJob(number, self._read(request)) for number, request in rows]

    def open(self) -> int:
        """How many jobs wait for their turn, or are in work."""
        query = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
        return int(self._database.read(query)[0][0])

    def set_state(self, job: int, state: str, error: RecueError | None = None) -> None:
        """Change the state of a job; forget the oldest of those that ended."""
        wire = None if error is None else json.dumps(error.to_wire())
        ended = _now() if state in FINAL else None
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

    def inputs(self, job: int) -> list[dict[str, Any]]:
        """What was told of each input, and its state."""
        rows = self._database.read(
            "SELECT state, told FROM job_input WHERE job = ? ORDER BY number", (job,)
        )
        return [{**self._read(told), "state": state} for state, told in rows]

    def tell_input(self, job: int, number: int, state: str, told: dict[str, Any]) -> None:
        """Keep what was told of an input."""
        with self._database.write() as db:
            db.execute(
                "UPDATE job_input SET state = ?, told = ? WHERE job = ? AND number = ?",
                (state, with_checksum(json.dumps(told)), job, number),
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

    def result(self, job: int, number: int) -> dict[str, Any]:
        """The subtitles of an input, as docs/design/engine.md has them. Raises JobUnknown."""
        rows = self._database.read(
            "SELECT result FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        if not rows or rows[0][0] is None:
            raise JobUnknown(f"{job} with a result {number}")
        try:
            found: dict[str, Any] = json.loads(zlib.decompress(rows[0][0]))
        except (ValueError, TypeError, zlib.error) as error:
            raise self._damaged(error) from error
        return found

    def made(self, job: int, number: int) -> bytes | None:
        """What the subtitles of an input were made of; None where there are none."""
        rows = self._database.read(
            "SELECT made FROM job_input WHERE job = ? AND number = ?", (job, number)
        )
        return rows[0][0] if rows else None

    def keep_result(self, job: int, number: int, result: dict[str, Any], made: bytes) -> None:
        """Keep the subtitles of an input, and what they were made of."""
        packed = zlib.compress(json.dumps(result, ensure_ascii=False).encode(), 3)
        with self._database.write() as db:
            db.execute(
                "UPDATE job_input SET result = ?, made = ? WHERE job = ? AND number = ?",
                (packed, made, job, number),
            )

    def _read(self, text: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(without_checksum(text))
        except (ValueError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error
        return found

    def _damaged(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(str(self._database.path), f"a job is garbled, {error}")


def _request_text(request: dict[str, Any]) -> str:
    return with_checksum(json.dumps(request, sort_keys=True))


def _first_told(order: Order) -> str:
    return with_checksum(json.dumps({"name": order.input.name}))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")

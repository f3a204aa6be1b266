"""Five hundred callers at once, good and bad: nobody's request is lost, and it goes on."""

from __future__ import annotations

import asyncio
import json
import random
import resource

from tests.engine.service.served import ServedEngine

CALLERS = 500


class Crowd:
    """Callers of several kinds, and what they were answered."""

    def __init__(self, served: ServedEngine) -> None:
        self.served = served
        self.body = json.dumps(served.request()).encode()
        self.made: list[int] = []
        self.seen: list[bytes] = []

    async def send(self, request: bytes, wait: bool = True) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.served.port)
        try:
            writer.write(request)
            await writer.drain()
            return await asyncio.wait_for(reader.read(), 60) if wait else b""
        finally:
            writer.close()

    async def submits(self) -> None:
        head = self.served.head(
            "POST /jobs",
            "Connection: close",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
        )
        answer = await self.send(head + self.body)
        assert answer.startswith(b"HTTP/1.1 201"), answer
        self.made.append(json.loads(answer.partition(b"\r\n\r\n")[2])["job"])

    async def asks(self) -> None:
        answer = await self.send(self.served.head("GET /hello", "Connection: close"))
        assert answer.startswith(b"HTTP/1.1 200"), answer

    async def is_a_stranger(self) -> None:
        head = self.served.head("GET /jobs", "Connection: close", token=False)
        assert (await self.send(head)).startswith(b"HTTP/1.1 401")

    async def talks_nonsense(self) -> None:
        assert (await self.send(b"\x00\x01nonsense\r\n\r\n")).startswith(b"HTTP/1.1 400")

    async def sends_half_and_stays(self) -> None:
        head = self.served.head("POST /jobs", "Content-Length: 1000")
        self.seen.append(await self.send(random.choice([head[:20], head + b"{"]), wait=False))

    async def hangs_up(self) -> None:
        await self.send(self.served.head("GET /jobs/1/events"), wait=False)

    async def reads_along(self) -> None:
        head = self.served.head("GET /jobs/1/events", "Connection: close")
        answer = await self.send(head)
        assert b"event: state" in answer, answer


async def flood(crowd: Crowd) -> None:
    kinds = [
        *(crowd.submits, crowd.asks, crowd.is_a_stranger, crowd.talks_nonsense),
        *(crowd.sends_half_and_stays, crowd.hangs_up, crowd.reads_along),
    ]
    callers = [asyncio.create_task(kinds[n % len(kinds)]()) for n in range(CALLERS)]
    await asyncio.sleep(0.5)
    crowd.served.engine.finish(1)
    await asyncio.gather(*callers)


def test_a_flood_of_callers_loses_nothing(still: ServedEngine) -> None:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == resource.RLIM_INFINITY or soft > 2 * CALLERS, "raise the limit: ulimit -n"
    first = still.submit()
    crowd = Crowd(still)
    asyncio.run(flood(crowd))
    assert still.ask("GET", "/hello").status == 200
    expected = len([n for n in range(CALLERS) if n % 7 == 0])
    assert len(crowd.made) == len(set(crowd.made)) == expected
    listed = [each["job"] for each in still.ask("GET", "/jobs").body["jobs"]]
    assert set(listed) == {first, *crowd.made}
    assert len(still.engine.added) == expected + 1

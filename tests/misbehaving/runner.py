"""A runner that speaks the protocol, recognises nothing, and goes wrong where it is told to.

    python runner.py --cache DIR --plan plan.json

The plan is {"trouble": [{"do", "at", "start", "route", "window", "after"}, …], …}. A trouble is met
at its point (`at`) when everything else that it names fits: the how-many-th start of a runner in
this folder, the route, the window's start in samples, windows finished in this call. Points:
"starting", "importing", "loading", "planning", "batch" (before each), "window" (before its words),
"end" (before the answer).
Further keys: "batch_windows", "batch_time" and "batch_spin" (seconds in which a batch sleeps or
computes), "window_time" (seconds before its words), "heartbeat" (seconds, 0 for none), "protocol";
and "attentive": the words tell exactly what was heard, and windows are uneven, so that another cut
into windows, or other sound, gives other words. What was heard is recorded for each batch.

Each event is appended to DIR/events.jsonl, so that a test can see what was asked of which process.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import wave
import zlib
from pathlib import Path
from typing import Any

from editor_plugin.core import errors, protocol
from editor_plugin.core.protocol import Notification, Reply, Request

SLEEPER = "import time; time.sleep(600)"


class Runner:
    """State of one fake runner; requests are answered one by one, cancel in between."""

    def __init__(self, cache: Path, plan: dict[str, Any]) -> None:
        self.cache, self.plan = cache, plan
        self.stage = "starting"
        self.lock = threading.Lock()
        self.cancelled = threading.Event()
        self.beating = bool(plan.get("heartbeat", 1))
        self.imported = False
        self.loaded: dict[str, Any] | None = None
        self.audio: dict[str, str] = {}
        self.requests: list[Request] = []
        self.arrived = threading.Condition()
        self.starts = 1 + sum(event["event"] == "start" for event in events(cache))
        self.record("start")

    def record(self, event: str, **more: Any) -> None:
        line = json.dumps({"event": event, "pid": os.getpid(), **more})
        with open(self.cache / "events.jsonl", "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def send(self, message: protocol.Message) -> None:
        self.raw(protocol.encode(message))

    def raw(self, line: bytes) -> None:
        with self.lock:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()

    def tell(self, method: str, **params: Any) -> None:
        self.send(Notification(method, params))

    def beat(self) -> None:
        while self.beating:
            self.tell("heartbeat", stage=self.stage, seconds=0)
            time.sleep(self.plan.get("heartbeat", 0.05))

    def enter(self, stage: str) -> None:
        self.stage = stage
        if self.beating:
            self.tell("heartbeat", stage=stage, seconds=0)

    def listen(self) -> None:
        for line in sys.stdin.buffer:
            request = protocol.decode(line)
            assert isinstance(request, Request)
            if request.method == "cancel":
                self.record("cancel")
                self.cancelled.set()
                self.send(Reply(request.id, {}))
                continue
            with self.arrived:
                self.requests.append(request)
                self.arrived.notify()
        os._exit(0)

    def serve(self) -> None:
        for target in (self.listen, self.beat):
            threading.Thread(target=target, daemon=True).start()
        self.trouble("starting")
        while True:
            with self.arrived:
                self.arrived.wait_for(lambda: self.requests)
                request = self.requests.pop(0)
            self.cancelled.clear()
            self.record(request.method, params=request.params)
            try:
                result = getattr(self, request.method)(**request.params)
            except errors.RecueError as error:
                self.send(protocol.failure(request.id, error))
            else:
                self.send(Reply(request.id, result))
            self.enter("idle")
            if request.method == "shutdown" and "deaf" not in self.plan:
                os._exit(0)

    # The methods of the protocol.

    def initialize(self, protocol: int) -> dict[str, Any]:
        if self.plan.get("protocol") == "none":
            raise errors.ProtocolError("no such method", -32601)
        return {"protocol": self.plan.get("protocol", protocol), "version": "0", "pid": os.getpid()}

    def load_model(self, **wanted: Any) -> dict[str, Any]:
        if not self.imported:
            self.enter("importing")
            self.trouble("importing")
            self.imported = True
        if wanted != self.loaded:
            self.enter("loading")
            self.loaded = None
            self.trouble("loading", wanted["route"])
            self.loaded = wanted
            self.record("loaded", path=wanted["path"], route=wanted["route"])
        return {"family": "tdt", "device": "cpu", "precision": "fp32", "route": wanted["route"]}

    def plan_windows(self, audio: str, ranges: list[list[int]], limit: int) -> dict[str, Any]:
        self.enter("planning")
        self.trouble("planning")
        cuts = []
        for start, end in ranges:
            if self.plan.get("attentive"):
                cuts += uneven(start, end, limit)
                continue
            for at in range(start, end, limit):
                cuts.append([at, at, min(at + limit, end), min(at + limit, end)])
        return {"windows": cuts}

    def transcribe(
        self, items: list[dict[str, Any]], route: str, batch_seconds: Any, language: Any
    ) -> dict[str, Any]:
        self.enter("transcribing")
        todo = [(item["item"], window) for item in items for window in item["windows"]]
        self.audio = {item["item"]: item["audio"] for item in items}
        size = self.plan.get("batch_windows", 2)
        done = 0
        for first in range(0, len(todo), size):
            batch = todo[first : first + size]
            if self.plan.get("attentive"):
                self.record("batch", heard=[self.sound(*each) for each in batch])
            for _, window in batch:
                self.trouble("batch", route, window[1], done)
            time.sleep(self.plan.get("batch_time", 0.0))
            until = time.monotonic() + self.plan.get("batch_spin", 0.0)
            while time.monotonic() < until:
                pass
            if self.cancelled.is_set():
                raise errors.Cancelled()
            for item, window in batch:
                self.trouble("window", route, window[1], done)
                time.sleep(self.plan.get("window_time", 0.0))
                self.hear(item, window)
                done += 1
            heard = sum(window[3] - window[0] for _, window in todo[:done]) / 16000
            self.tell("progress", windows=done, of_windows=len(todo), seconds=heard, of_seconds=0)
        self.trouble("end", route)
        return {
            "windows": done,
            "batch_seconds": 60.0,
            "window_limit": None,
            "device": "cpu",
            "notes": [],
        }

    def hear(self, item: str, window: list[int]) -> None:
        words = [[f"w{window[1]}", window[1], window[2], 0.5]]
        if self.plan.get("attentive"):
            words = spoken(self.sound(item, window), window)
        self.tell("words", item=item, window=window, words=words)

    def sound(self, item: str, window: list[int]) -> str:
        """What a window hears, and what it answers for in it, as a short text."""
        begin, start, end, stop = window
        with wave.open(self.audio[item]) as file:
            file.setpos(begin)
            heard = file.readframes(stop - begin)
        return f"{zlib.crc32(heard, zlib.crc32(str((start - begin, end - begin)).encode())):08x}"

    def unload(self) -> dict[str, Any]:
        self.loaded = None
        return {}

    def shutdown(self) -> dict[str, Any]:
        self.trouble("stopping")
        return {}

    # What goes wrong.

    def trouble(self, at: str, route: str = "", window: int = -1, after: int = -1) -> None:
        here = {"at": at, "start": self.starts, "route": route, "window": window, "after": after}
        for trouble in self.plan.get("trouble", []):
            if all(here[name] == value for name, value in trouble.items() if name in here):
                self.record("trouble", do=trouble["do"])
                getattr(self, "do_" + trouble["do"])(trouble)

    def do_stall(self, _: dict[str, Any]) -> None:
        time.sleep(600)

    def do_freeze(self, _: dict[str, Any]) -> None:
        self.beating = False
        time.sleep(600)

    def do_quiet(self, _: dict[str, Any]) -> None:
        self.beating = False

    def do_die(self, trouble: dict[str, Any]) -> None:
        name = trouble.get("signal", "SIGKILL")
        os.kill(os.getpid(), getattr(signal, name)) if hasattr(signal, name) else os._exit(9)
        time.sleep(600)

    def do_exit(self, trouble: dict[str, Any]) -> None:
        os._exit(trouble.get("status", 3))

    def do_hang_up(self, _: dict[str, Any]) -> None:
        os.close(1)
        time.sleep(600)

    def do_deafen(self, _: dict[str, Any]) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.plan["deaf"] = True

    def do_garbage(self, _: dict[str, Any]) -> None:
        self.raw(b"Transcribing: 0it [00:00, ?it/s]\r\n")
        self.raw(b'\xff\xfe\x00 not utf-8\n{"jsonrpc":"1.0"}\n[]\nnull\n\n{"jsonrpc":"2.0"}\n')
        self.raw(b'{"jsonrpc":"2.0","id":999,"result":{}}\n')
        self.raw(b'{"jsonrpc":"2.0","method":"words","params":{"item":1}}\n')
        self.raw(b'{"jsonrpc":"2.0","method":"heartbeat","params":{"stage":["?"]}}\n')
        self.raw(b"[" * 100_000 + b"\n")

    def do_half_line(self, _: dict[str, Any]) -> None:
        with self.lock:
            sys.stdout.buffer.write(b'{"jsonrpc":"2.0","method":"wor')
            sys.stdout.buffer.flush()
            time.sleep(600)

    def do_long_line(self, _: dict[str, Any]) -> None:
        with self.lock:
            for _megabyte in range(200):
                sys.stdout.buffer.write(b"x" * 1024 * 1024)
            sys.stdout.buffer.write(b"\n")

    def do_flood_stderr(self, trouble: dict[str, Any]) -> None:
        for _ in range(trouble["megabytes"]):
            os.write(2, (b"NeMo W 2026 a warning that nobody reads\n" * 26215)[: 1024 * 1024])

    def do_flood_stdout(self, trouble: dict[str, Any]) -> None:
        for _ in range(trouble["megabytes"]):
            self.raw((b"NeMo I 2026 something on stdout\n" * 32768)[: 1024 * 1024 - 1] + b"\n")

    def do_chatter(self, _: dict[str, Any]) -> None:
        while True:
            self.tell("log", level="info", text="still nothing")

    def do_shrink(self, _: dict[str, Any]) -> None:
        for _step in range(3):
            time.sleep(0.6)
            self.tell("log", level="warning", text="smaller steps")

    def do_forget(self, _: dict[str, Any]) -> None:
        self.hear = lambda item, window: None  # type: ignore[method-assign]

    def do_mute(self, _: dict[str, Any]) -> None:
        """Hear every window, and no word in any."""
        self.hear = lambda item, window: self.tell(  # type: ignore[method-assign]
            "words", item=item, window=window, words=[]
        )

    def do_repeat(self, _: dict[str, Any]) -> None:
        hear = self.hear

        def twice(item: str, window: list[int]) -> None:
            hear(item, window)
            hear(item, window)

        self.hear = twice  # type: ignore[method-assign]

    def do_child(self, _: dict[str, Any]) -> None:
        child = subprocess.Popen([sys.executable, "-S", "-c", SLEEPER])
        self.record("child", child=child.pid)

    def do_daemon(self, _: dict[str, Any]) -> None:
        """Start a grandchild that leaves the group and whose parent ends at once."""
        start = (
            "import subprocess, sys; print(subprocess.Popen("
            f"[sys.executable, '-S', '-c', {SLEEPER!r}], "
            "stdout=subprocess.DEVNULL, start_new_session=True).pid)"
        )
        out = subprocess.run(
            [sys.executable, "-S", "-c", start], stdout=subprocess.PIPE, check=True
        )
        self.record("child", child=int(out.stdout))

    def do_error(self, trouble: dict[str, Any]) -> None:
        raise errors.from_wire({"code": trouble["code"], "data": trouble.get("data", {})})

    def do_fail(self, trouble: dict[str, Any]) -> None:
        error = errors.MediaUnreadable("a.wav").to_wire()
        self.tell("failed", item=trouble["item"], window=trouble.get("of"), error=error)


def uneven(start: int, end: int, limit: int) -> list[list[int]]:
    """Windows that hear half a second of one another, whose cuts depend on the whole range."""
    cuts = [start]
    while cuts[-1] < end:
        share = zlib.crc32(f"{start} {end} {cuts[-1]}".encode()) % 40 + 40
        cuts.append(min(end, cuts[-1] + limit * share // 100))
    return [
        [max(start, at - 8000), at, to, min(end, to + 8000)] for at, to in itertools.pairwise(cuts)
    ]


def spoken(sound: str, window: list[int]) -> list[list[Any]]:
    """Two words a second all over what a window hears; each tells all of it."""
    begin, _, _, stop = window
    count = max(1, (stop - begin) // 8000)
    edges = [begin + (stop - begin) * number // count for number in range(count + 1)]
    return [[f"{sound}-{number}", edges[number], edges[number + 1], 0.5] for number in range(count)]


def events(cache: Path) -> list[dict[str, Any]]:
    """Read what the runners of this folder have recorded."""
    path = cache / "events.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    _, _, cache, _, plan = sys.argv
    Runner(Path(cache), json.loads(Path(plan).read_text("utf-8"))).serve()

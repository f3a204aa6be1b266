"""Runs a menu script as Resolve's script process does, and writes what became of Resolve.

    python -I -S console.py SCRIPT SCENARIO STATE [--argv none|script] [--file] [--fast]

SCENARIO is a world as JSON (wire.py), STATE where it goes when the script has ended, however it
ends. The script has `resolve`, `fusion`, `fu`, `app` and `bmd`, no `__file__` unless `--file`, no
name of its own in sys.argv unless `--argv script`, and nothing of this project on sys.path.
Time is real; with `--fast` a sleep passes at once and only the double's clock goes on.

Ends with the script's own status; NOT_LISTED where this edition shows no Python scripts;
CRASHED, at once and without any clean-up, where Resolve crashed.
"""

from __future__ import annotations

import argparse
import builtins
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[3])
sys.path.insert(0, ROOT)
from tests.doubles.resolve import wire  # noqa: E402
from tests.doubles.resolve.host import BmdDouble, FusionDouble, open_resolve  # noqa: E402

sys.path.remove(ROOT)

NOT_LISTED = 3
CRASHED = 139


def main(arguments: list[str]) -> int:
    """Run a script; returns the status to end with."""
    options = _options(arguments)
    world = wire.load(options.scenario)
    resolve = open_resolve(world)
    app = resolve._app
    app.real_clock = True
    end = os._exit

    def dump() -> None:
        wire.dump(world, options.state)

    def leave(status: int) -> None:
        dump()
        end(status)

    app.on_crash = lambda: leave(CRASHED)
    if not app.profile.menu:
        dump()
        return NOT_LISTED
    # A script may leave by os._exit, as long-lived ones have to.
    os._exit = leave  # type: ignore[assignment]
    if options.fast:
        time.sleep = app.advance  # type: ignore[assignment]
    sys.argv = [str(options.script)] if options.argv == "script" else [""]
    fusion = FusionDouble(app)
    given: dict[str, Any] = {"resolve": resolve, "bmd": BmdDouble(app)}
    given.update({"fusion": fusion, "fu": fusion, "app": fusion})
    if options.file:
        given["__file__"] = str(options.script)
    try:
        return _run(options.script, given)
    finally:
        dump()


def _run(script: Path, given: dict[str, Any]) -> int:
    program = compile(script.read_bytes(), "<string>", "exec", dont_inherit=True)
    try:
        exec(program, {"__name__": "__main__", "__builtins__": builtins, **given})
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("script", "scenario", "state"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--argv", choices=("none", "script"), default="none")
    parser.add_argument("--file", action="store_true")
    parser.add_argument("--fast", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

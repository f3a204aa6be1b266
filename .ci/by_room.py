"""Print how much of each room the tests have run, by coverage's data file of their process.

What runs in processes of its own (the runner above all, and editors) is not counted.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import coverage

PROJECT = Path(__file__).resolve().parents[1]


def main() -> int:
    measured = coverage.Coverage()
    measured.load()
    rooms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file in measured.get_data().measured_files():
        _, lines, _, missing, _ = measured.analysis2(file)
        parts = Path(file).relative_to(PROJECT).parts
        room = "/".join(parts[: 2 if len(parts) > 2 else 1])
        for name in (room, "all"):
            rooms[name][0] += len(lines)
            rooms[name][1] += len(lines) - len(missing)
    print("== lines that ran in the tests' own process")
    for name, (lines, ran) in sorted(rooms.items(), key=lambda each: (each[0] == "all", each[0])):
        print(f"{name:24} {ran:6} of {lines:6}  {100 * ran / max(1, lines):5.1f} %")
    return 0 if rooms else 1


if __name__ == "__main__":
    sys.exit(main())

"""(g) Search over a thousand hours of words, compared with reading all of them."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.search import refresh, search
from editor_plugin.engine.store import RecognitionKey, Store
from editor_plugin.engine.store.checksum import with_checksum

RECORDINGS, HOURS = 500, 2
WINDOW_SECONDS, WINDOW_WORDS = 30, 75
VOCABULARY = 60_000
GOAL_SECONDS = 0.05
"""Text that follows what is typed."""
GOAL_SIZE = 0.5
REPEAT = 5
SHOWN = 50
"""Hits on a page."""
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def measure(folder: Path) -> list[Figure]:
    """Nine million words, drawn as they are in speech: a few of them most of the time. The store is
    made once for a folder that is kept."""
    path = folder / "search" / "transcripts.sqlite"
    path.parent.mkdir(exist_ok=True)
    store = Store.at(path)
    if not store.database.read("SELECT 1 FROM window LIMIT 1"):
        _fill(store)
    words = _size(store, "window")
    begun = time.perf_counter()
    parts = 0
    while refresh(store.database):
        parts += 1
    seconds = time.perf_counter() - begun
    index = _size(store, "passage") + _size(store, "spoken_data") + _size(store, "spoken_idx")
    figures = [
        _figure(store, name, query, like) for name, query, like in _queries(vocabulary(VOCABULARY))
    ]
    made = {"indexing_seconds_of_100_hours": seconds / 10, "parts": parts} if parts else {}
    figures.append(
        Figure(
            "the index of 1,000 hours of words",
            index / 2**20,
            words / 2**20,
            "MiB",
            GOAL_SIZE,
            "the words themselves",
            made,
        )
    )
    store.close()
    return figures


def _queries(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """What somebody types, and the most frequent of its words for a scan that has no index."""
    often, some, rare = words[0], words[300], words[20_000]
    return [
        ("a rare word", rare, rare),
        ("a frequent word", often, often),
        ("a beginning of two letters", some[:2], some[:2]),
        ("a beginning of four letters", some[:4], some[:4]),
        ("three words near each other", f"{often} {some} {words[40]}", some),
        ("two rare words, never near each other", f"{rare} {words[21_000]}", rare),
        ("a phrase", f'"{words[3]} {words[5]}"', words[5]),
        ("a word that is not there", "zzzzz", "zzzzz"),
    ]


def _figure(store: Store, name: str, query: str, like: str) -> Figure:
    found = len(search(store.database, query, SHOWN).hits)
    ours = [_timed(lambda: search(store.database, query, SHOWN)) for _ in range(REPEAT)]
    scan = "SELECT count(*) FROM window WHERE words LIKE ?"
    theirs = _timed(lambda: store.database.read(scan, (f'%"{like}%',)))
    more = {"goal_seconds": GOAL_SECONDS, "slowest": max(ours), "hits": float(found)}
    goal = GOAL_SECONDS / theirs
    what = f"search over 1,000 hours of words: {name}"
    print(f"{what}: {found} hits, {1000 * median(ours):.1f} ms", flush=True)
    return Figure(what, median(ours), theirs, "s", goal, "SQLite's LIKE over every window", more)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def vocabulary(count: int) -> list[str]:
    """Made-up words, the shortest first, as the frequent ones are."""
    chance = random.Random(1)
    weights = list(accumulate(1 / (at + 2) for at in range(len(LETTERS))))
    found: dict[str, None] = {}
    while len(found) < count:
        length = 2 + len(found) // 4000 % 10 + chance.randrange(3)
        found["".join(chance.choices(LETTERS, cum_weights=weights, k=length))] = None
    return list(found)


def _fill(store: Store) -> None:
    words = vocabulary(VOCABULARY)
    weights = list(accumulate(1 / (at + 1) for at in range(VOCABULARY)))
    chance = random.Random(2)
    for number in range(1, RECORDINGS + 1):
        with store.database.write() as db:
            values = (number, f"digest {number}", f"Interview {number}.mov")
            db.execute("INSERT INTO media VALUES (?, ?, 0, ?)", values)
        recognition = store.recognition(RecognitionKey(number, None, None, "model", None))
        with store.database.write() as db:
            said = chance.choices(words, cum_weights=weights, k=HOURS * 120 * WINDOW_WORDS)
            for row in _windows(recognition, said, chance):
                db.execute("INSERT INTO window VALUES (?, ?, ?, ?, ?, ?)", row)
    store.database.shrink()


def _windows(
    recognition: int, said: Sequence[str], chance: random.Random
) -> Iterator[tuple[int, int, int, int, int, str]]:
    """Windows of 30 s that are cut in silence, with words on the frames of a model."""
    long, frame = WINDOW_SECONDS * SAMPLE_RATE, 1280
    step = long // WINDOW_WORDS
    for at in range(len(said) // WINDOW_WORDS):
        start = at * long
        wire = []
        for number, text in enumerate(said[at * WINDOW_WORDS : (at + 1) * WINDOW_WORDS]):
            begin = (start + number * step) // frame * frame
            wire.append(
                [text, begin, begin + frame * chance.randint(1, 4), round(chance.random(), 4)]
            )
        span = start, start + long, start, start + long
        yield (recognition, *span, with_checksum(json.dumps(wire), *span))


def _size(store: Store, table: str) -> int:
    """Bytes of the pages of a table."""
    rows = store.database.read("SELECT sum(pgsize) FROM dbstat WHERE name = ?", (table,))
    return int(rows[0][0] or 0)

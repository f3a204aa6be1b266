"""The search finds exactly what reading every word finds, in a real SQLite file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.corrections import Correction, apply
from editor_plugin.core.errors import SearchUnavailable, StoreDamaged
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window, Word
from editor_plugin.engine.corrections import CorrectionSource, for_source, log, undo
from editor_plugin.engine.search import Hit, refresh, search
from editor_plugin.engine.search import index as index_module
from editor_plugin.engine.search.passages import MINUTE, NEAR, SpokenWord, spoken
from editor_plugin.engine.search.query import parsed, spans
from editor_plugin.engine.search.tokens import tokens
from editor_plugin.engine.store import Database, RecognitionKey, Store
from editor_plugin.engine.store.forgetting import forget, forget_all
from editor_plugin.engine.store.repair import repaired

SECOND = SAMPLE_RATE
FILM = Path("/films/film.wav")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = stocked(tmp_path / "transcripts.sqlite")
    yield store
    store.close()


def stocked(path: Path) -> Store:
    """A store that knows two media files."""
    store = Store.at(path)
    with store.database.write() as db:
        for media in (1, 2):
            db.execute("INSERT INTO media VALUES (?, ?, 0, ?)", (media, f"d{media}", FILM.name))
        db.execute("INSERT INTO place VALUES (?, '', 1)", (str(FILM),))
    return store


def key(media: int = 1, model: str = "model", stream: int | None = None) -> RecognitionKey:
    return RecognitionKey(media, stream, None, model, None)


def say(store: Store, text: str, at: float = 0.0, step: float = 0.5, of: int | None = None) -> int:
    """Store a window in which a text is said, a word each `step` seconds; its recognition."""
    recognition = store.recognition(key()) if of is None else of
    words = [
        Word(each, Fraction(at + number * step), Fraction(at + (number + 0.8) * step), 0.9)
        for number, each in enumerate(text.split())
    ]
    start, end = int(at * SECOND), int((at + len(words) * step) * SECOND)
    store.commit(recognition, HeardWindow(Window(start, end, start, end), tuple(words)))
    return recognition


def correct(store: Store, start: float, end: float, before: str, after: str) -> None:
    source = CorrectionSource(1, -1, -1)
    change = Correction(Fraction(start), Fraction(end), tuple(before.split()), after)
    with store.database.write() as db:
        log.add(db, "film.srt", [(source, change)])


def texts(store: Store, query: str, limit: int = 100) -> list[str]:
    return [hit.text for hit in search(store.database, query, limit).hits]


def test_a_hit_has_its_times_its_place_and_what_is_said_around_it(store: Store) -> None:
    say(store, "The quick brown fox, jumps over the lazy dog. And then it is gone", at=100)
    (hit,) = search(store.database, "brown FOX", 10).hits
    assert hit == Hit(
        1, "film.wav", FILM, None, None, 101.0, 101.9,
        "The quick", "brown fox,", "jumps over the lazy dog. And then it",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gruss", ["Grüße"]),
        ("GRÜSSE", ["Grüße"]),
        ("zoe", ["Zoë"]),
        ("zo", ["Zoë"]),
        ("z", []),  # one letter begins too many words
        ("zoe grusse", ["Grüße an Zoë"]),
        ("gr zoe", []),  # a beginning is the last word alone
        ("zoe gr", ["Grüße an Zoë"]),
        ('"grusse an"', ["Grüße an"]),
        ('"an grusse"', []),
        ('"grusse a"', []),
        ('"an zo', ["an Zoë"]),
        ('"grusse a', []),
        ("„Grüße an“ x", []),
        ("天気", ["今日は天気がいい"]),
        ("今日 いい", ["今日は天気がいい"]),
        ("天いい", []),
        ("l'ete", ["l’été"]),
        ("", []),
        ("?!", []),
        ('"', []),
        ("AND", []),
        ("NEAR(grusse zoe)", []),
        ("gruss*", ["Grüße"]),
        ("said: zoe", []),
    ],
)
def test_words_phrases_and_beginnings(store: Store, query: str, found: list[str]) -> None:
    say(store, "Grüße an Zoë … 今日は天気がいい l’été")
    assert texts(store, query) == found


def test_a_phrase_is_found_across_windows_and_minutes(store: Store) -> None:
    first = say(store, "one two three", at=58.5)
    say(store, "four five six", at=60.0, of=first)
    assert texts(store, '"three four"') == ["three four"]
    assert texts(store, "two five") == ["two three four five"]


def test_words_that_are_far_from_each_other_are_not_one_hit(store: Store) -> None:
    first = say(store, "alpha", at=10)
    say(store, "beta", at=24, of=first)
    say(store, "gamma", at=40, of=first)
    assert texts(store, "alpha beta") == ["alpha beta"]
    assert texts(store, "beta gamma") == []


def test_the_newest_recording_is_first_and_more_is_said(store: Store) -> None:
    for media in (1, 2):
        of = store.recognition(key(media))
        for at in (0, 200):
            say(store, f"hello {media}", at=at, of=of)
    found = search(store.database, "hello", 3)
    assert [(hit.stored, hit.start) for hit in found.hits] == [(2, 0), (2, 200), (1, 0)]
    assert found.more and not search(store.database, "hello", 4).more
    assert [hit.path for hit in found.hits] == [None, None, FILM]


def test_words_that_two_models_heard_are_shown_once_and_another_stream_by_itself(
    store: Store,
) -> None:
    for model, stream in (("model", None), ("other", 0), ("model", 1)):
        say(store, "hello there", of=store.recognition(key(1, model, stream)))
    assert [hit.stream for hit in search(store.database, "hello", 9).hits] == [1, 0]


def test_a_word_that_was_corrected_is_found_both_ways_until_that_is_undone(store: Store) -> None:
    say(store, "I met Zoey and Joy yesterday")
    assert texts(store, "zoey") == ["Zoey"]
    correct(store, 1.0, 1.4, "Zoey", "Zoë Müller")
    assert texts(store, "muller and") == ["Müller and"]
    assert texts(store, "zoey") == ["Zoey"]
    assert texts(store, "met and") == ["met Zoë Müller and"]  # once, as it was put right
    undo(store.database)
    assert texts(store, "muller") == [] and texts(store, "zoey") == ["Zoey"]


def test_a_window_that_is_heard_again_is_found_as_it_is_now(store: Store) -> None:
    say(store, "hello world")
    assert texts(store, "hello") == ["hello"]
    say(store, "good bye")
    assert texts(store, "hello") == [] and texts(store, "good") == ["good"]


def test_a_change_at_the_end_of_a_minute_reaches_the_next_one(store: Store) -> None:
    """What is said across its end is in the passage of the next minute."""
    first = say(store, "one two", at=50)
    say(store, "three four", at=62, of=first)
    while refresh(store.database):
        pass
    say(store, "uno dos", at=50, of=first)
    assert texts(store, "two three") == [] and texts(store, "dos three") == ["dos three"]
    correct(store, 50.4, 51.0, "dos", "due")
    assert texts(store, "due three") == ["due three"]


def test_what_was_forgotten_is_not_found_and_leaves_no_word_in_the_file(
    store: Store, tmp_path: Path
) -> None:
    say(store, "unforgettable words", of=store.recognition(key(1)))
    say(store, "others remain", of=store.recognition(key(2)))
    assert texts(store, "unforgettable") and texts(store, "others")
    forget(store.database, FILM)
    assert texts(store, "unforgettable") == [] and texts(store, "remain") == ["remain"]
    for part in tmp_path.iterdir():
        assert b"unforgettable" not in part.read_bytes(), part
    assert store.database.read("SELECT count(*) FROM passage") == [(1,)]
    forget_all(store.database)
    assert texts(store, "remain") == []
    for part in tmp_path.iterdir():
        assert b"others" not in part.read_bytes(), part


def test_a_store_of_an_earlier_recue_is_searched_after_a_while(store: Store) -> None:
    """What 16 minutes in a part means is seen at the number that is left."""
    for media in (1, 2):
        for minute in range(0, 100, 10):
            say(
                store, f"minute{minute} of{media}", at=60 * minute, of=store.recognition(key(media))
            )
    with store.database.write() as db:
        db.execute("DELETE FROM unindexed")
        db.execute("INSERT INTO unindexed SELECT id, 0, 1 << 40 FROM hearing")
    first = search(store.database, "minute90", 9)
    assert first.unindexed == 2 - len(first.hits)
    while refresh(store.database):
        pass
    last = search(store.database, "minute90", 9)
    assert len(last.hits) == 2 and last.unindexed == 0
    assert store.database.read("SELECT sum(words) FROM passage") == [(40,)]


def test_a_python_without_full_text_search_stores_words_and_says_what_it_cannot(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(index_module, "has_full_text", lambda database: False)
        say(store, "hello world")
        assert not refresh(store.database)
        with pytest.raises(SearchUnavailable, match=r"full-text search.* Install Recue once more"):
            search(store.database, "hello", 1)
        forget(store.database, FILM)
        say(store, "hello world", of=store.recognition(key(2)))
    assert texts(store, "hello") == ["hello"]  # with another Python
    with monkeypatch.context() as patch:
        patch.setattr(index_module, "has_full_text", lambda database: False)
        with pytest.raises(SearchUnavailable):
            forget_all(store.database)  # it could not take the words out of the index
    assert texts(store, "hello") == ["hello"]


# Against reading every word.

VOCABULARY = ["a", "ab", "abc", "b", "ba", "Zoë", "zoe", "天気", "気", "d-e", "d", "—"]
WORDS = st.lists(
    st.tuples(st.sampled_from(VOCABULARY), st.integers(0, 12), st.integers(0, 4)),
    min_size=1,
    max_size=40,
)
"""Texts; what passes before the next one begins and how long each is, in quarters of a second."""
CUTS = st.lists(st.integers(1, 400), max_size=6, unique=True)
CHANGES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 12), st.sampled_from(["", "b", "ab Zoe", "a"])),
    max_size=4,
)
QUERIES = st.lists(
    st.sampled_from(["a", "ab", "zoe", "b", "天", '"a b"', '"d e"', "d", '"気 a"', '"ab ']),
    min_size=1,
    max_size=3,
).map(" ".join)


def windows_of(words: list[Word], cuts: list[int]) -> list[HeardWindow]:
    """The words in windows that are cut at these quarters of a second, each with what is said in
    half a second around it."""
    end = int(max(word.end for word in words) * 4) + 1
    edges = sorted({0, *(cut for cut in cuts if cut < end), end})
    found = []
    for start, stop in itertools.pairwise(edges):
        wide = max(0, start - 2), stop + 2
        heard = tuple(w for w in words if wide[0] <= 4 * w.start and 4 * w.end <= wide[1])
        numbers = (each * SECOND // 4 for each in (start, stop, *wide))
        found.append(HeardWindow(Window(*numbers), heard))
    return found


def words_of(drawn: list[tuple[str, int, int]], begin: int) -> list[Word]:
    """Words from a quarter of a second on."""
    at, words = Fraction(begin, 4), []
    for text, gap, length in drawn:
        at += Fraction(gap, 4)
        words.append(Word(text, at, at + Fraction(length, 4)))
        at += Fraction(length, 4)
    return words


def by_reading(store: Store, query: str) -> list[tuple[int, int, int, str]]:
    """What the search is to find: the recognition's media, times and text, by reading all words."""
    phrases = parsed(query)
    found = []
    rows = store.database.read("SELECT id, media FROM hearing ORDER BY id DESC")
    for recognition, media in rows if phrases else ():
        raw = store.words(recognition)
        covered = [
            Span(Fraction(start, SAMPLE_RATE), Fraction(end, SAMPLE_RATE))
            for start, end in store.covered(recognition)
        ]
        changes = for_source(store.database, CorrectionSource(media, -1, -1))
        readings = apply(raw, changes, covered).words, raw
        everywhere = []
        for reading, words in enumerate(map(spoken, readings)):
            said = [(token, at) for at, w in enumerate(words) for token in tokens(w.text)]
            for number, (one, other) in enumerate(spans([t for t, _ in said], phrases)):
                run = words[said[one][1] : said[other][1] + 1]
                if run[-1].middle - run[0].middle <= NEAR:
                    order = run[-1].middle // MINUTE, reading, number
                    everywhere.append((order, run))
        shown: list[tuple[int, int]] = []
        for _, run in sorted(everywhere, key=lambda each: each[0]):
            start, end = min(w.start for w in run), max(w.end for w in run)
            if not any(_overlap(start, end, *each) for each in shown):
                shown.append((start, end))
                found.append((media, start, end, _text(run)))
    return found


def _overlap(start: int, end: int, begin: int, until: int) -> bool:
    return (start < until and begin < end) or (start, end) == (begin, until)


def _text(run: tuple[SpokenWord, ...]) -> str:
    return " ".join(word.text for word in run)


def found_by(store: Store, query: str) -> list[tuple[int, int, int, str]]:
    return [
        (hit.stored, round(hit.start * SAMPLE_RATE), round(hit.end * SAMPLE_RATE), hit.text)
        for hit in search(store.database, query, 10_000).hits
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_search_finds_exactly_what_a_plain_scan_finds(data: st.DataObject) -> None:
    """Whatever is heard, in which order, and put right, before and after it is indexed."""
    store = stocked(Path(":memory:"))
    steps = data.draw(st.integers(1, 4))
    for _ in range(steps):
        media = data.draw(st.sampled_from([1, 2]))
        recognition = store.recognition(key(media))
        begin = data.draw(st.sampled_from([0, 180, 225]))  # around the end of a minute, too
        heard = windows_of(words_of(data.draw(WORDS), begin), data.draw(CUTS))
        order = data.draw(st.permutations(heard))
        for each in order[: data.draw(st.integers(1, len(order)))]:
            store.commit(recognition, each)
        for start, length, after in data.draw(CHANGES):
            source = CorrectionSource(media, -1, -1)
            span = Fraction(start, 4), Fraction(start + length, 4)
            with store.database.write() as db:
                log.add(db, "film.srt", [(source, Correction(*span, ("a",), after))])
        if data.draw(st.booleans()) and store.database.read("SELECT 1 FROM batch"):
            undo(store.database)
        query = data.draw(QUERIES)
        if data.draw(st.booleans()):
            while refresh(store.database):
                pass
        assert found_by(store, query) == by_reading(store, query), query
    store.close()


@given(st.text(max_size=60))
def test_no_query_breaks_it(text: str) -> None:
    store = stocked(Path(":memory:"))
    say(store, "hello world")
    search(store.database, text, 3)
    search(store.database, f'"{text}" hello', 3)
    store.close()


def test_a_damaged_index_is_damage_of_the_store(tmp_path: Path) -> None:
    """It is repaired like all else, and every word is found again."""
    path = tmp_path / "transcripts.sqlite"
    store = stocked(path)
    for minute in range(30):
        say(store, f"hello minute{minute} " + "filler " * 60, at=60 * minute)
    while refresh(store.database):
        pass
    with store.database.write() as db:
        db.execute("UPDATE passage SET body = substr(body, 1, 20) WHERE id % 4 = 0")
    with pytest.raises(StoreDamaged):
        texts(store, "hello")
    assert store.database.is_damaged
    store.close()
    database, (sentence,) = repaired(path)
    assert "1860 words" in sentence
    while refresh(database):
        pass
    assert len(search(database, "hello", 100).hits) == 30
    database.close()


def test_the_index_is_never_read_by_a_store_of_another_form(tmp_path: Path) -> None:
    """A damaged version number is told from another form with the index and without."""
    for indexed in (False, True):
        path = tmp_path / f"{indexed}.sqlite"
        store = stocked(path)
        say(store, "hello")
        if indexed:
            assert texts(store, "hello") == ["hello"]
        with store.database.write() as db:
            db.execute("PRAGMA user_version = 9")
        store.close()
        with pytest.raises(StoreDamaged, match="form is said to be 9"), closing(Database(path)):
            pass

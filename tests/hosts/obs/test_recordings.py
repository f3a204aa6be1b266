"""Which file is being written, and when one is whole."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.hosts.obs.recordings import (
    CALM_LOOKS,
    PATIENT_LOOKS,
    Recordings,
    Trace,
    begun,
    ended,
    look,
    trace_on_disk,
    waited_for,
)

A, B, C = (Path(f"/films/{name}.mkv") for name in "abc")


def looked(recordings: Recordings, disk: dict[Path, Trace], times: int) -> list[Path]:
    """The files found whole in so many looks at a disk that stays as it is."""
    whole: list[Path] = []
    for _ in range(times):
        found = look(recordings, disk.get)
        recordings = found.recordings
        whole += found.whole
    return whole


def test_a_recording_in_work_is_never_whole() -> None:
    assert looked(begun(Recordings(), A), {A: (9, 9)}, 99) == []


def test_an_ended_recording_is_whole_once_it_is_at_rest() -> None:
    recordings = ended(begun(Recordings(), A), A)
    assert looked(recordings, {A: (9, 9)}, CALM_LOOKS) == []
    assert looked(recordings, {A: (9, 9)}, CALM_LOOKS + 1) == [A]
    assert looked(recordings, {A: (9, 9)}, 99) == [A]
    assert recordings.last == A and recordings.current is None


def test_a_split_file_is_whole_only_after_the_next_one_is_there() -> None:
    recordings = begun(begun(Recordings(), A), B)
    assert looked(recordings, {A: (9, 9)}, 99) == []
    assert looked(recordings, {A: (9, 9), B: (1, 1)}, 99) == [A]


def test_a_file_that_never_appears_is_given_up() -> None:
    recordings = ended(begun(Recordings(), A), A)
    for _ in range(PATIENT_LOOKS - 1):
        found = look(recordings, lambda _: None)
        recordings = found.recordings
        assert (found.whole, found.missing) == ((), ())
    assert look(recordings, lambda _: None).missing == (A,)


def test_ended_elsewhere_than_begun_means_a_split_that_was_not_told() -> None:
    recordings = ended(begun(Recordings(), A), B)
    assert looked(recordings, {A: (9, 9), B: (9, 9)}, 99) == [A, B]


def test_ended_without_a_beginning_counts_all_the_same() -> None:
    assert looked(ended(Recordings(), A), {A: (9, 9)}, 99) == [A]
    assert ended(Recordings(), None) == Recordings()


def test_nothing_is_watched_twice() -> None:
    recordings = ended(begun(Recordings(), A), A)
    assert waited_for(recordings, A) == recordings
    assert waited_for(begun(Recordings(), A), A).finishing == ()


def test_a_trace_is_size_and_time_and_an_empty_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "a.mkv"
    assert trace_on_disk(file) is None
    file.touch()
    assert trace_on_disk(file) is None
    file.write_bytes(b"12")
    trace = trace_on_disk(file)
    assert trace is not None and trace[0] == 2


steps = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.sampled_from([A, B, C])),
        st.tuples(st.just("end"), st.sampled_from([A, B, C])),
        st.tuples(st.just("write"), st.sampled_from([A, B, C])),
        st.tuples(st.just("look"), st.just(A)),
    ),
    max_size=60,
)


@given(steps)
def test_what_is_given_out_was_left_and_not_written_to_since(
    taken: list[tuple[str, Path]],
) -> None:
    recordings = Recordings()
    disk: dict[Path, Trace] = {}
    quiet = dict.fromkeys((A, B, C), 0)
    size = 0
    for step, path in taken:
        if step == "begin":
            recordings = begun(recordings, path)
        elif step == "end":
            recordings = ended(recordings, path)
        elif step == "write":
            size += 1
            disk[path], quiet[path] = (size, size), 0
        else:
            found = look(recordings, disk.get)
            for each in found.whole:
                assert disk.get(each) is not None and quiet[each] >= CALM_LOOKS
            recordings = found.recordings
            quiet = {each: count + 1 for each, count in quiet.items()}

"""Files of foreign origin against the readers of subtitles and timelines."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

pytest.importorskip("opentimelineio", reason="needs the package opentimelineio")

from editor_plugin.core.errors import Cancelled, RecueError, SubtitlesUnreadable, TimelineUnreadable
from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange import (
    expansion,
    media_search,
    read_timeline,
    reader_process,
)
from editor_plugin.engine.interchange.draft import Draft, DraftClip, DraftSource, DraftTrack
from editor_plugin.engine.interchange.finishing import finish
from editor_plugin.engine.interchange.media_search import MediaSearch
from editor_plugin.engine.interchange.surroundings import Surroundings
from editor_plugin.engine.reading import read_subtitles
from editor_plugin.hosts.srt import read_srt
from tests.attacks import growing
from tests.attacks.ledger import attempt
from tests.engine.interchange.here import read_here
from tests.growth import growth

MOST = 3
"""Linear work doubles with its input, quadratic work grows fourfold."""
RATE = Fraction(25)


@pytest.mark.parametrize("case", growing.SUBTITLES)
def test_no_reader_of_subtitles_is_slower_than_linear(case: str, tmp_path: Path) -> None:
    def work(content: bytes) -> None:
        path = tmp_path / "talk"
        path.write_bytes(content)
        try:
            read_subtitles(path)
        except SubtitlesUnreadable as error:
            assert error.data["detail"]

    with attempt("a subtitle file that is slow to read"):
        assert growth(lambda size: growing.SUBTITLES[case](size).encode(), work) < MOST


@pytest.mark.parametrize("case", [each for each in growing.SUBTITLES if each.startswith("srt")])
def test_no_reader_in_an_editor_is_slower_than_linear(case: str) -> None:
    def work(content: bytes) -> None:
        try:
            read_srt(content, "talk.srt")
        except RecueError as error:
            assert error.data

    with attempt("a subtitle file that is slow to read"):
        assert growth(lambda size: growing.SUBTITLES[case](size).encode(), work) < MOST


@pytest.mark.parametrize("case", growing.TIMELINES)
def test_no_reader_of_timelines_is_slower_than_linear(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "MOST", 5000)  # so that it is reached in a moment
    suffix, _, _ = case.partition(":")

    def put(size: int) -> Path:
        path = tmp_path / f"{size}{suffix}"
        path.write_text(growing.TIMELINES[case](size), encoding="utf-8")
        return path

    def work(path: Path) -> None:
        try:
            read_here(path, rate=RATE)
        except TimelineUnreadable as error:
            assert error.data["detail"]

    with attempt("a timeline file that is slow to read"):
        assert growth(put, work) < MOST


LOOPS = {
    ".fcpxml": growing.fcpxml(
        '<ref-clip ref="m"/>', growing.compound("m", '<ref-clip ref="m" name="Opening"/>' * 2)
    ),
    ".xml": growing.fcp7(f"<track>{growing.nested('s')}</track>"),
}


@pytest.mark.parametrize("suffix", LOOPS)
def test_a_timeline_that_contains_itself_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_text(LOOPS[suffix], encoding="utf-8")
    with (
        attempt("a timeline that contains itself"),
        pytest.raises(TimelineUnreadable, match="contains itself"),
    ):
        read_timeline(path, rate=RATE)


MULTIPLYING = {
    ".fcpxml": growing.fcpxml(
        '<ref-clip ref="m0" duration="1s"/>',
        "".join(
            growing.compound(f"m{at}", f'<ref-clip ref="m{at + 1}" duration="1s"/>' * 2)
            for at in range(40)
        ),
    ),
    ".xml": growing.fcp7(
        f"<track>{growing.nested('t0')}</track>",
        "".join(
            f'<sequence id="t{at}"><media><audio><track>{growing.nested(f"t{at + 1}") * 2}</track>'
            "</audio></media></sequence>"
            for at in range(40)
        ),
    ),
}


@pytest.mark.parametrize("suffix", MULTIPLYING)
def test_a_timeline_that_multiplies_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_text(MULTIPLYING[suffix], encoding="utf-8")
    with (
        attempt("a timeline that multiplies"),
        pytest.raises(TimelineUnreadable, match="contain more than"),
    ):
        read_timeline(path, rate=RATE)


CRASHING = (
    '{"OTIO_SCHEMA":"Timeline.1","name":"x","tracks":{"OTIO_SCHEMA":"Stack.1","children":['
    '{"OTIO_SCHEMA":"Track.1","kind":"Audio","children":[{"OTIO_SCHEMA":"Clip.1",'
    '"media_references":{"DEFAULT_MEDIA":{"OTIO_SCHEMA":"ExternalReference.1","target_url":"a"}}}'
    "]}]}}"
)
"""OpenTimelineIO reads it, and ends the process at the first question about the clip."""


def readers() -> list[int]:
    """The processes that read a timeline file for this one."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any("reader_child" in word for word in process.cmdline()):
                found.append(process.pid)
    return found


def endless(tmp_path: Path) -> Path:
    """A file that nobody ever finishes writing."""
    path = tmp_path / "cut.edl"
    os.mkfifo(path)
    return path


needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")


@pytest.mark.parametrize("suffix", [".otio", ".otioz"])
def test_a_timeline_that_crashes_its_library_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    if suffix == ".otio":
        path.write_text(CRASHING)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.otio", CRASHING)
    with (
        attempt("a timeline that crashes its library"),
        pytest.raises(TimelineUnreadable, match="crashed on it"),
    ):
        read_timeline(path)
    assert readers() == []


def test_a_user_reads_one_sentence_of_a_crash(tmp_path: Path) -> None:
    (tmp_path / "cut.otio").write_text(CRASHING)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "editor_plugin",
            "transcribe",
            tmp_path / "cut.otio",
            "--model=demo",
        ],
        env={**os.environ, "RECUE_HOME": str(home)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    said = [line for line in done.stderr.splitlines() if "demo model" not in line]
    assert said[0] == "cut.otio (1 of 1)"
    assert len(said) == 2 and "crashed on it; it may be damaged. Export it again" in said[1]


def test_a_packed_timeline_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.otioz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("content.otio", "w", force_zip64=True) as file,
    ):
        for _ in range(800):
            file.write(b" " * 1_000_000)
    assert path.stat().st_size < 1_000_000
    with (
        attempt("a timeline that expands"),
        pytest.raises(TimelineUnreadable, match="larger than 128 MB"),
    ):
        read_timeline(path)


def test_a_timeline_that_takes_all_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "MEMORY", 400 * 1024**2)
    path = tmp_path / "cut.fcpxml"
    path.write_text(growing.fcpxml("<a/>" * 3_000_000))
    with (
        attempt("a timeline that takes all memory"),
        pytest.raises(TimelineUnreadable, match="too much memory"),
    ):
        read_timeline(path)


def test_a_timeline_whose_names_repeat_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "OUTPUT", 1_000_000)
    path = tmp_path / "cut.fcpxml"
    clip = f'<asset-clip ref="a" duration="1s" name="{"x" * 10_000}"/>'
    path.write_text(
        growing.fcpxml(
            '<ref-clip ref="m" duration="1s"/>' * 200,
            growing.compound("m", clip),
        )
    )
    with (
        attempt("a timeline whose names repeat"),
        pytest.raises(TimelineUnreadable, match="more in it than in any"),
    ):
        read_timeline(path)
    assert readers() == []


@needs_pipes
def test_a_timeline_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "SECONDS", 1.0)
    with (
        attempt("a timeline that never ends"),
        pytest.raises(TimelineUnreadable, match="did not end within 1 s"),
    ):
        read_timeline(endless(tmp_path))
    assert readers() == []


@needs_pipes
def test_a_cancel_is_heard_while_a_timeline_is_read(tmp_path: Path) -> None:
    cancel = threading.Event()
    outcome: list[BaseException] = []

    def read() -> None:
        try:
            read_timeline(endless(tmp_path), cancel=cancel)
        except BaseException as error:
            outcome.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    while not readers():
        time.sleep(0.01)
    with attempt("a timeline that never ends"):
        cancel.set()
        reading.join(60)
        assert [type(each) for each in outcome] == [Cancelled]
        gone_soon(readers)


@needs_pipes
def test_a_reader_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from editor_plugin.engine.interchange import read_timeline\n"
        "read_timeline(Path(sys.argv[1]))\n"
    )
    project = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", program, endless(tmp_path)], cwd=project)
    while not (found := readers()):
        assert parent.poll() is None
        time.sleep(0.01)
    with attempt("a timeline that never ends"):
        parent.kill()
        parent.wait()
        gone_soon(lambda: [pid for pid in found if psutil.pid_exists(pid)])


def gone_soon(left: Callable[[], list[int]]) -> None:
    """Wait until no process is left."""
    until = time.monotonic() + 60
    while left():
        assert time.monotonic() < until, "a reader is left"
        time.sleep(0.02)


def test_a_reader_knows_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('somebody else code runs')")
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('somebody else code runs')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cut.edl"
    path.write_text("TITLE: Mine\n" + growing.EDIT)
    with attempt("another program's code in a reader"):
        assert read_timeline(path, rate=RATE).name == "Mine"


def test_a_packed_file_whose_sectors_form_a_loop_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.aaf"
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    head[24:34] = bytes.fromhex("3e000400feff0c000600")
    head[68:76] = bytes.fromhex("0000000001000000")  # the chain begins at sector 0 …
    path.write_bytes(bytes(head).ljust(4096, b"\0") + bytes(4 * 4096))  # … which goes on at 0
    with (
        attempt("a timeline that contains itself"),
        pytest.raises(TimelineUnreadable, match="in a loop"),
    ):
        read_timeline(path)


ELSEWHERE = [
    r"\\evil\share\a.wav",
    "//evil/share/a.wav",
    r"/\evil\share\a.wav",
    "file://evil/share/a.wav",
    "file:////evil/share/a.wav",
    "file:///%5C%5Cevil/share/a.wav",
    "file:%5C%5Cevil%5Cshare%5Ca.wav",
    r"\\evil@80\share\a.wav",
    r"\\?\UNC\evil\share\a.wav",
    r"\\.\UNC\evil\share\a.wav",
    r"\??\UNC\evil\share\a.wav",
    r"\\.\pipe\evil",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_on_windows_no_other_machine_is_looked_at_unasked(
    wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def is_file(path: Path) -> bool:
        looked.append(str(path))
        return False

    monkeypatch.setattr(media_search, "is_file", is_file)
    with attempt("a path on another machine"):
        search = MediaSearch(tmp_path / "cut.otio", windows=True)
        assert search.find([wanted]) is None
        # What is left is a name with these characters in it.
        assert all("%5C" in each for each in looked)
        assert len(search.untouched) == 1
    if "pipe" not in wanted:
        MediaSearch(tmp_path / "cut.otio", [Path("//EVIL/media")], windows=True).find([wanted])
        assert any("%5C" not in each for each in looked), (
            "a machine that the user named is looked at"
        )


def test_a_timeline_tells_which_machines_were_left_alone(tmp_path: Path) -> None:
    around = Surroundings(tmp_path / "cut.edl")
    assert around.notes == ()
    around._search = MediaSearch(tmp_path / "cut.edl", windows=True)
    clip = DraftClip("a", Span(Fraction(0), Fraction(1)), source=DraftSource((ELSEWHERE[0],)))
    timeline = finish(Draft("x", RATE, [DraftTrack("A1", True, (clip,))]), around)
    assert timeline.tracks[0].clips[0].unreadable == "offline"
    assert "“evil” were not looked for" in timeline.notes[0]

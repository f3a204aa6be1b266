"""recue watch: each version of each file once, whatever happens to files and to the watch."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.__main__ import main
from editor_plugin.commands import watching
from editor_plugin.commands.watching import watch
from editor_plugin.core.errors import (
    Cancelled,
    DiskFull,
    RecueError,
    RunnerDied,
    TimelineUnreadable,
)
from editor_plugin.core.jobs.events import (
    Emit,
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
)
from editor_plugin.core.jobs.request import InputOptions, Order
from editor_plugin.engine.watching.folder import SETTLED_SECONDS, WatchOptions
from tests.engine.workspace import Workspace

EDL = "TITLE: cut\n001  a  A  C  00:00:00:00 00:00:{0:02}:00 00:00:00:00 00:00:{0:02}:00\n"
Step = Callable[[], object]


@pytest.fixture
def folder(workspace: Workspace) -> Path:
    """The folder that is watched; its timelines' sound lies elsewhere."""
    (workspace.folder / "media").mkdir()
    workspace.media("media/a.wav", 6)
    folder = workspace.folder / "exports"
    folder.mkdir()
    return folder


class Person:
    """Does one step in each pause between two looks, and then presses Ctrl-C."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.steps: list[Step] = []
        monkeypatch.setattr(watching, "monotonic", lambda: self.now)
        monkeypatch.setattr(watching, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if not self.steps:
            raise KeyboardInterrupt
        self.steps.pop(0)()


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person(monkeypatch)


def wait() -> None:
    """Nothing."""


REST: list[Step] = [wait] * 4


def cut(path: Path, seconds: int = 3) -> Step:
    """Export a timeline of so many seconds."""
    return lambda: path.write_text(EDL.format(seconds))


def look_on(workspace: Workspace, *more: str | Path) -> int:
    arguments = ("exports", "--media", "media", "--rate", "25", "--model", str(workspace.model))
    return main(["watch", *map(str, (*arguments, *more))])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_exported_gets_subtitles_beside_it(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.steps = [*REST, cut(folder / "cut.edl"), *REST]
    assert look_on(workspace) == 130
    assert names(folder) == ["cut.edl", "cut.srt"]
    assert (folder / "cut.srt").read_text().startswith("1\n00:00:00,000 --> ")
    told = capsys.readouterr().err
    assert "Watching “" in told and "1 subtitle, 1 word → exports" in told
    assert "Traceback" not in told


def test_a_file_that_is_being_written_is_waited_for(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "cut.edl"
    text = EDL.format(3)

    def write(upto: int) -> Step:
        return lambda: path.write_text(text[:upto])

    person.steps = [*(write(n) for n in (0, 0, 0, 0, 5, 20, 40, 60)), write(len(text)), *REST]
    assert look_on(workspace) == 130
    assert names(folder) == ["cut.edl", "cut.srt"]
    told = capsys.readouterr().err
    assert told.count("cut.edl (1 of 1)") == 1


def test_each_version_once_and_a_new_version_again(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "cut.edl"
    person.steps = [cut(path), *REST, *REST, cut(path, 5), *REST, *REST]
    assert look_on(workspace) == 130
    assert capsys.readouterr().err.count("cut.edl (1 of 1)") == 2
    assert "--> 00:00:05,000" in (folder / "cut.srt").read_text()
    assert not list(folder.glob("*kept*"))


def test_a_watch_that_starts_again_does_nothing_twice(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.steps = [cut(folder / "cut.edl"), *REST]
    look_on(workspace)
    (folder / "cut.srt").unlink()  # it is the user's to throw away
    capsys.readouterr()
    person.steps = [*REST]
    assert look_on(workspace) == 130
    assert "cut.edl" not in capsys.readouterr().err and names(folder) == ["cut.edl"]
    person.steps = [*REST]
    look_on(workspace, "--format", "vtt")  # other subtitles are wanted
    assert names(folder) == ["cut.edl", "cut.vtt"]


def test_what_was_exported_while_nobody_watched_is_done(
    workspace: Workspace, folder: Path, person: Person
) -> None:
    cut(folder / "cut.edl")()
    person.steps = [*REST]
    look_on(workspace)
    assert names(folder) == ["cut.edl", "cut.srt"]


def test_a_file_that_cannot_be_read_is_named_once_and_done_when_it_is_good(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "cut.otio"
    person.steps = [lambda: path.write_text("{"), cut(folder / "other.edl"), *REST, *REST]
    assert look_on(workspace) == 130
    told = capsys.readouterr().err
    assert told.count("cut.otio: ") == 1
    assert names(folder) == ["cut.otio", "other.edl", "other.srt"]
    person.steps = [*REST]
    look_on(workspace)
    assert "cut.otio" not in capsys.readouterr().err  # nor after a restart
    person.steps = [lambda: path.unlink(), cut(folder / "cut.edl"), *REST]
    look_on(workspace)
    assert "cut.srt" in names(folder)


def test_the_folder_may_be_named_from_anywhere(
    workspace: Workspace, folder: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.folder / "media")
    cut(folder / "cut.edl")()
    for expected in ("../exports", str(folder)):
        person.steps = [*REST]
        command = [
            "watch",
            expected,
            "--media",
            ".",
            "--rate",
            "25",
            "--model",
            str(workspace.model),
        ]
        assert main(command) == 130
        assert names(folder) == ["cut.edl", "cut.srt"]
        (folder / "cut.edl").touch()


def test_names_in_any_script(workspace: Workspace, folder: Path, person: Person) -> None:
    stems = ["Schnitt ä", "剪輯 1", "монтаж", "قص", "e\u0301", 'a\'b "c" %s [1]']
    if os.name == "nt":
        stems.pop()
    for stem in stems:
        cut(folder / f"{stem}.edl")()
    person.steps = [*REST]
    look_on(workspace)
    assert {name for name in names(folder) if name.endswith(".srt")} == {f"{s}.srt" for s in stems}


def test_subfolders_and_what_is_no_timeline_or_media_are_left_alone(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("deep/cut.edl", ".cut.edl", "~cut.edl", "notes.txt", "cut.kept-1.edl", "x.srt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(EDL.format(3))
    (folder / "deep.edl").mkdir()
    before = sorted(folder.rglob("*"))
    person.steps = [*REST]
    look_on(workspace)
    assert sorted(folder.rglob("*")) == before
    assert len(capsys.readouterr().err.splitlines()) == 2  # watching, and stopped


def test_its_own_outputs_are_no_inputs(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.steps = [cut(folder / "cut.edl"), *REST, *REST]
    assert look_on(workspace, "--format", "fcpxml,markers,srt") == 130
    assert names(folder) == ["cut.edl", "cut.fcpxml", "cut.markers.edl", "cut.srt"]
    assert capsys.readouterr().err.count("(1 of ") == 1
    person.steps = [*REST]
    look_on(workspace, "--format", "fcpxml,markers,srt")
    assert "(1 of " not in capsys.readouterr().err


def test_two_files_of_one_name_do_not_take_each_others_subtitles(
    workspace: Workspace, folder: Path, person: Person
) -> None:
    shutil.copy(workspace.folder / "media" / "a.wav", folder / "cut.wav")
    person.steps = [cut(folder / "cut.edl"), *REST, cut(folder / "cut.edl", 5), *REST]
    look_on(workspace)
    expected = ["cut.edl", "cut.edl.srt", "cut.srt", "cut.wav"]
    assert names(folder) == expected
    assert "--> 00:00:05,000" in (folder / "cut.edl.srt").read_text()
    (folder / "cut.wav").unlink()
    person.steps = [*REST, cut(folder / "cut.edl", 4), *REST]
    look_on(workspace)  # a name that was given stays
    assert names(folder) == [name for name in expected if name != "cut.wav"]
    assert "--> 00:00:04,000" in (folder / "cut.edl.srt").read_text()


def test_subtitles_may_go_to_another_folder(
    workspace: Workspace, folder: Path, person: Person
) -> None:
    (workspace.folder / "out").mkdir()
    person.steps = [cut(folder / "cut.edl"), *REST]
    look_on(workspace, "-o", "out")
    assert (names(folder), names(workspace.folder / "out")) == (["cut.edl"], ["cut.srt"])


def test_once_does_what_is_there_and_ends(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.steps = [*REST]
    cut(folder / "cut.edl")()
    assert look_on(workspace, "--once") == 0
    (folder / "bad.otio").write_text("{")
    person.steps = [*REST]
    assert look_on(workspace, "--once") == 1
    assert names(folder) == ["bad.otio", "cut.edl", "cut.srt"]
    assert "Watching" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere"),
        (["exports", "-o", "nowhere"], "--output"),
        (["exports", "--format", "mp3"], "mp3"),
        (["exports", "--style", "netflicks"], "netflicks"),
        (["exports", "--rate", "fast"], "fast"),
        (["exports", "--model", "parakeat"], "parakeet"),
    ],
)
def test_what_cannot_be_is_said_before_the_watch_begins(
    workspace: Workspace,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    model = [] if "--model" in arguments else ["--model", str(workspace.model)]
    assert main(["watch", *arguments, *model]) == 1
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err and "Watching" not in err


def test_events_are_json_lines(
    workspace: Workspace, folder: Path, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.steps = [cut(folder / "cut.edl"), *REST]
    look_on(workspace, "--events")
    kinds = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert kinds[0] == "note" and kinds[1] == "started" and kinds[-1] == "finished"


class Maker:
    """Makes subtitles at once; `fails` has what happens in stead, by file name."""

    def __init__(self, **fails: RecueError) -> None:
        self.fails = fails
        self.made: list[tuple[str, str]] = []

    def __call__(self, orders: Sequence[Order], tell: Emit) -> bool:
        for number, order in enumerate(orders, 1):
            tell(InputStarted(order.input, number, len(orders)))
            error = self.fails.get(order.input.stem)
            if isinstance(error, TimelineUnreadable | DiskFull):
                tell(InputFailed(order.input, error))
                continue
            if error is not None:
                raise error
            self.made.append((order.input.name, order.input.read_text()))
            for target in (output.path for output in order.outputs):
                target.write_text("subtitles")
            tell(
                InputFinished(
                    order.input, tuple(output.path for output in order.outputs), 1, 1, 1.0
                )
            )
        return True


def options(folder: Path) -> WatchOptions:
    return WatchOptions(folder, None, ("srt",), InputOptions())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_file_that_no_recognition_survives_does_not_stop_the_others(
    tmp_path: Path, home: Path, person: Person
) -> None:
    for stem in "abc":
        (tmp_path / f"{stem}.edl").write_text(stem)
    told: list[Event] = []
    maker = Maker(b=RunnerDied("recognising", -9))
    person.steps = [*REST, *REST]
    with pytest.raises(KeyboardInterrupt):
        watch(options(tmp_path), maker, told.append)
    assert [name for name, _ in maker.made] == ["a.edl", "c.edl"]
    (failed,) = [each for each in told if isinstance(each, InputFailed)]
    assert failed.input.name == "b.edl"


@pytest.mark.parametrize("error", [Cancelled(), DiskFull("/")], ids=lambda each: each.code)
def test_what_is_not_the_files_fault_ends_the_watch_and_the_file_is_done_next_time(
    tmp_path: Path, home: Path, person: Person, error: RecueError
) -> None:
    for stem in "abc":
        (tmp_path / f"{stem}.edl").write_text(stem)
    person.steps = [*REST]
    with pytest.raises(type(error)):
        watch(options(tmp_path), Maker(b=error), lambda event: None)
    maker = Maker()
    person.steps = [*REST]
    assert watch(options(tmp_path), maker, lambda event: None, once=True)
    assert "b.edl" in [name for name, _ in maker.made]
    assert "a.edl" not in [name for name, _ in maker.made]


def test_a_folder_that_goes_away_is_waited_for(tmp_path: Path, home: Path, person: Person) -> None:
    folder, away = tmp_path / "drive", tmp_path / "away"
    folder.mkdir()
    (folder / "a.edl").write_text("a")
    told: list[Event] = []
    maker = Maker()
    person.steps = [*REST, lambda: folder.rename(away), *REST, lambda: away.rename(folder)]
    person.steps += [*REST, lambda: (folder / "b.edl").write_text("b"), *REST]
    with pytest.raises(KeyboardInterrupt):
        watch(options(folder), maker, told.append)
    assert maker.made == [("a.edl", "a"), ("b.edl", "b")]
    texts = [each.text for each in told if isinstance(each, Note)]
    assert sum("waits for it" in text for text in texts) == 1
    assert sum("there again" in text for text in texts) == 1


def test_a_timeline_that_is_a_folder_is_one_file(
    tmp_path: Path, home: Path, person: Person
) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text("1")
    made: list[Path] = []

    def do(orders: Sequence[Order], tell: Emit) -> bool:
        for order in orders:
            made.append(order.input)
            tell(InputFinished(order.input, (), 1, 1, 1.0))
        return True

    person.steps = [*REST, lambda: (bundle / "Info.fcpxml").write_text("22"), *REST]
    with pytest.raises(KeyboardInterrupt):
        watch(options(tmp_path), do, lambda event: None)
    assert made == [bundle, bundle]


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"done": 3, "written": 4}', '{"done": {"a"'])
def test_a_memory_that_cannot_be_read_is_begun_anew(
    tmp_path: Path, home: Path, person: Person, broken: str
) -> None:
    home.mkdir()
    (home / "watched.json").write_text(broken)
    (tmp_path / "a.edl").write_text("a")
    for expected in ([("a.edl", "a")], []):
        maker = Maker()
        person.steps = [*REST]
        assert watch(options(tmp_path), maker, lambda event: None, once=True)
        assert maker.made == expected


def test_two_watches_do_not_forget_for_each_other(
    tmp_path: Path, home: Path, person: Person
) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
        (folder / "a.edl").write_text("a")

    def other() -> None:
        steps, person.steps = person.steps, [*REST]
        watch(options(folders[1]), Maker(), lambda event: None, once=True)
        person.steps = steps

    person.steps = [other, *REST]
    watch(options(folders[0]), Maker(), lambda event: None, once=True)
    for folder in folders:
        maker = Maker()
        person.steps = [*REST]
        watch(options(folder), maker, lambda event: None, once=True)
        assert maker.made == []


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abc"), st.integers(1, 3)),  # write so much of a new version
        st.sampled_from(["wait", "wait", "restart"]),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_every_last_version_is_done_and_none_twice(
    actions: list[tuple[str, int] | str],
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        folder = Path(name, "watched")
        folder.mkdir()
        patch.setenv("RECUE_HOME", str(Path(name, "home")))
        person, maker, clock = Person(patch), Maker(), [10**9]

        def write(stem: str, length: int) -> None:
            clock[0] += 1
            path = folder / f"{stem}.edl"
            path.write_text(f"{clock[0]} " * length)
            os.utime(path, ns=(clock[0], clock[0]))

        rounds: list[list[Step]] = [[]]
        for action in actions:
            if isinstance(action, tuple):
                rounds[-1].append(partial(write, *action))
            elif action == "restart":
                rounds.append([])
            else:
                rounds[-1] += [wait] * int(SETTLED_SECONDS)
        rounds[-1] += [*REST]
        for steps in rounds:
            person.steps = steps
            with pytest.raises(KeyboardInterrupt):
                watch(options(folder), maker, lambda event: None)
        made = Counter(maker.made)
        assert set(made.values()) <= {1}
        for path in folder.glob("*.edl"):
            assert made[path.name, path.read_text()] == 1

"""The command line: what is asked, what is answered, and the exit status."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from editor_plugin.__main__ import main
from editor_plugin.commands import command_line as command
from editor_plugin.engine import paths
from editor_plugin.engine.uploads import Uploads
from tests.engine.workspace import Workspace

Run = Callable[..., int]


def transcribe(workspace: Workspace, *arguments: str | Path) -> int:
    return main(["transcribe", "--model", str(workspace.model), *map(str, arguments)])


def test_a_relative_name_is_enough(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("film.wav", 3)
    assert transcribe(workspace, "film.wav") == 0
    assert (workspace.folder / "film.srt").exists()
    assert "1 subtitle, 1 word → film.srt" in capsys.readouterr().err


def test_a_name_may_lead_up_a_folder(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.media("film.wav", 3)
    for name in ("below", "media"):
        (workspace.folder / name).mkdir()
    monkeypatch.chdir(workspace.folder / "below")
    assert transcribe(workspace, "../film.wav", "--media", "../media", "--media", "..") == 0
    assert transcribe(workspace, "../film.wav", "-o", "../media/other.srt") == 0
    assert (workspace.folder / "film.srt").exists() and (
        workspace.folder / "media/other.srt"
    ).exists()


def test_several_formats_have_their_own_suffixes(workspace: Workspace) -> None:
    workspace.media("film.wav", 3)
    assert transcribe(workspace, "film.wav", "--format", "srt,txt,json,words", "-o", "out.x") == 0
    names = {path.name for path in workspace.folder.glob("out*")}
    assert names == {"out.srt", "out.txt", "out.json", "out.words.json"}


def test_an_output_name_is_taken_as_it_is(workspace: Workspace) -> None:
    workspace.media("film.wav", 3)
    assert transcribe(workspace, "film.wav", "-o", "subtitles") == 0
    assert (workspace.folder / "subtitles").is_file()


def test_many_inputs_go_to_a_folder(workspace: Workspace) -> None:
    (workspace.folder / "out").mkdir()
    for name in ("a.wav", "b.wav"):
        workspace.media(name, 3)
    assert transcribe(workspace, "a.wav", "b.wav", "-o", "out") == 0
    assert {path.name for path in (workspace.folder / "out").iterdir()} == {"a.srt", "b.srt"}


def test_one_failing_input_is_told_by_the_exit_status(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("a.wav", 3)
    assert transcribe(workspace, "missing.wav", "a.wav") == 1
    assert "There is no file" in capsys.readouterr().err
    assert (workspace.folder / "a.srt").exists()


def test_print_puts_the_subtitles_on_stdout(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("a.wav", 3)
    assert transcribe(workspace, "a.wav", "--print") == 0
    assert capsys.readouterr().out.startswith("1\n00:00:00,000 --> ")


def test_events_are_json_lines_and_nothing_else(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("a.wav", 3)
    assert transcribe(workspace, "a.wav", "missing.wav", "--events", "--print") == 1
    out, err = capsys.readouterr()
    events = [json.loads(line)["event"] for line in out.splitlines()]
    assert events[0] == "started" and events.count("finished") == events.count("failed") == 1
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "mp3"], "mp3"),
        (["--stream", "0"], "--stream"),
        (["--device", "toaster"], "toaster"),
        (["--window-seconds", "2"], "window_seconds"),
        (["--rate", "fast"], "fast"),
        (["-o", "film.wav"], "is the input itself"),
        (["--model", "parakeat"], "parakeet"),
    ],
)
def test_what_cannot_be_is_one_clear_sentence(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    before = workspace.media("film.wav", 3).read_bytes()
    assert transcribe(workspace, "film.wav", *arguments) == 1
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err
    assert (workspace.folder / "film.wav").read_bytes() == before and workspace.windows() == 0


def test_two_inputs_of_one_name_do_not_write_over_each_other(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.folder / "sub").mkdir()
    (workspace.folder / "out").mkdir()
    for name in ("a.wav", "sub/a.wav"):
        workspace.media(name, 3)
    assert transcribe(workspace, "a.wav", "sub/a.wav", "-o", "out") == 1
    assert "a.srt" in capsys.readouterr().err and not any((workspace.folder / "out").iterdir())


def test_an_output_of_one_input_may_not_be_another_input(workspace: Workspace) -> None:
    workspace.media("a.wav", 3)
    workspace.media("b.wav", 3)
    (workspace.folder / "b.wav").rename(workspace.folder / "a.srt")
    before = (workspace.folder / "a.srt").read_bytes()
    assert transcribe(workspace, "a.wav", "a.srt") == 1
    assert (workspace.folder / "a.srt").read_bytes() == before


def test_a_model_that_is_not_here_is_offered_not_replaced(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.media("a.wav", 3)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["transcribe", "a.wav"]) == 1
    err = capsys.readouterr().err
    assert "recue models fetch parakeet-tdt-0.6b-v3" in err and "--model demo" in err
    assert not (workspace.folder / "a.srt").exists()


def test_the_demo_model_is_announced_as_a_demo(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("a.wav", 3)
    assert main(["transcribe", "a.wav", "--model", "demo"]) == 0
    assert "demo model" in capsys.readouterr().err


def test_an_unexpected_failure_is_a_sentence_and_a_log(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.media("a.wav", 3)
    monkeypatch.setattr(command, "run", lambda *_: 1 / 0)
    assert transcribe(workspace, "a.wav") == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err and "recue.log" in err
    log = workspace.folder / "home" / "logs" / "recue.log"
    assert "ZeroDivisionError" in log.read_text()


def test_settings_are_read_and_checked(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("a.wav", 3)
    home = workspace.folder / "home"
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(f'model = "{workspace.model.as_posix()}"\n')
    assert main(["transcribe", "a.wav"]) == 0
    (home / "settings.toml").write_text("colour = 3\n")
    assert main(["transcribe", "a.wav"]) == 1
    assert "colour" in capsys.readouterr().err


def test_without_a_command_there_is_help_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "make subtitles" in capsys.readouterr().err


def test_models_lists_what_is_known(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert "parakeet-tdt-0.6b-v3  (not fetched" in out and "demo  (here" in out


def test_a_style_changes_the_subtitles(workspace: Workspace) -> None:
    workspace.media("film.wav", 100)
    assert transcribe(workspace, "film.wav", "-o", "plain.json", "--format", "json") == 0
    (workspace.folder / "mine.toml").write_text('base = "netflix-en"\nmax_duration = 3\n')
    assert (
        transcribe(
            workspace, "film.wav", "-o", "mine.json", "--format", "json", "--style", "mine.toml"
        )
        == 0
    )
    ends = [
        max(cue["end"] - cue["start"] for cue in json.loads(path.read_text())["cues"])
        for path in (workspace.folder / "plain.json", workspace.folder / "mine.json")
    ]
    assert ends[0] == 7 and ends[1] == 3


def test_an_unknown_style_is_said_before_anything_runs(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.media("film.wav", 3)
    assert transcribe(workspace, "film.wav", "--style", "netflicks-en") == 1
    assert "netflix-en" in capsys.readouterr().err and workspace.windows() == 0


def test_words_are_cut_anew_without_recognition(workspace: Workspace) -> None:
    workspace.media("film.wav", 100)
    assert transcribe(workspace, "film.wav", "--format", "srt,words") == 0
    first, sent = (workspace.folder / "film.srt").read_bytes(), workspace.windows()
    (workspace.folder / "film.srt").unlink()
    assert main(["resegment", "film.words.json"]) == 0
    assert (workspace.folder / "film.srt").read_bytes() == first
    assert (
        main(
            ["resegment", "film.words.json", "--style", "karaoke", "-o", "k.vtt", "--format", "vtt"]
        )
        == 0
    )
    assert (workspace.folder / "k.vtt").read_text().startswith("WEBVTT")
    assert workspace.windows() == sent


def test_resegment_says_what_is_no_words_file(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.folder / "notes.json").write_text("[]")
    assert main(["resegment", "notes.json"]) == 1
    assert "notes.json" in capsys.readouterr().err


def test_check_reports_on_anybodys_subtitles(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workspace.folder / "theirs.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:01,200\n" + "A much too long line. " * 4 + "\n\n")
    assert main(["check", str(path), "--style", "netflix-en", "--json"]) == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    sentences = " ".join(finding["sentence"] for finding in file["findings"])
    assert "characters per second" in sentences
    path.write_text("1\n00:00:01,000 --> 00:00:03,000\nGood morning.\n\n")
    assert main(["check", str(path), "--style", "netflix-en"]) == 0


def test_what_is_known_can_be_recognised_again(workspace: Workspace) -> None:
    workspace.media("film.wav", 3)
    for arguments, windows in (((), 1), ((), 1), (("--again",), 2), ((), 2)):
        assert transcribe(workspace, "film.wav", *arguments) == 0
        assert workspace.windows() == windows


@pytest.mark.parametrize("what", ["--all", "film.wav"])
def test_an_uploaded_copy_is_forgotten_with_the_words(
    workspace: Workspace, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECUE_HOME", str(workspace.folder))  # where the engine's store is
    content = workspace.media("film.wav", 3).read_bytes()
    uploads = Uploads(paths.work_folder())
    begun = uploads.begin("talk.wav", len(content))
    copy = uploads.add(begun.upload, 0, content, hashlib.sha256(content).hexdigest()).path
    assert copy is not None
    assert transcribe(workspace, copy, "-o", "talk.srt") == 0
    assert main(["forget", what, "--yes"]) == 0  # of the same content, wherever it lies
    assert not copy.exists() and (workspace.folder / "film.wav").exists()

"""What install.py asks whoever has double-clicked a file, on a Recue in small."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from editor_plugin.hosts.folders import this_machine
from editor_plugin.hosts.json_file import write_json
from installer import asking
from installer.environment import STAMP
from installer.setup import Setup
from tests import made_up_project
from tests.installer.terminal import in_terminal
from tests.made_up_project import MadeUpProject

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a terminal of POSIX")


def asked(project: MadeUpProject, answers: str) -> tuple[int, str]:
    command = project.command("--ask")
    return in_terminal(command, answers, cwd=project.home, env=project.environ)


@pytest.fixture
def project(tmp_path: Path) -> MadeUpProject:
    """A project that was never installed."""
    return made_up_project.make(tmp_path)


def test_it_installs_opens_the_page_checks_and_takes_itself_off_again(
    project: MadeUpProject,
) -> None:
    status, shown = asked(project, "\n\n")
    assert status == 0, shown
    said, _, then = shown.partition("Press Enter to install Recue")
    assert f"This installs Recue for you alone, in {project.data}" in said
    assert "GB of disk" in said and "No administrator" in said
    assert "Recue is installed." in then
    assert then.rstrip().endswith("recue page")
    assert project.done == ["base", "project"]

    status, shown = asked(project, "1\n")
    assert status == 0 and f"Recue is installed, in {project.data}" in shown
    assert shown.rstrip().endswith("recue page")

    status, shown = asked(project, "what?\n3\n\n")
    assert status == 0 and shown.count("Type a number") == 2
    assert "recue doctor" in shown and "Press Enter to close" in shown

    status, shown = asked(project, "2\n\n")
    assert status == 0 and "Recue is installed.\n" in shown

    (project.data / "transcripts.sqlite").write_text("words")
    status, shown = asked(project, "5\ny\n4\n\n")
    assert status == 0 and "Recue is uninstalled." in shown
    assert "Type yes if that is meant" in shown
    assert not (project.data / "env").exists()
    assert (project.data / "transcripts.sqlite").exists()


def test_all_is_deleted_after_a_yes(project: MadeUpProject) -> None:
    stamp = {"python": "", "torch": "", "lock": "", "done": ["project:1"]}
    write_json(project.data / "env" / STAMP, stamp)
    (project.data / "transcripts.sqlite").write_text("words")
    status, shown = asked(project, "5\nyes\n\n")
    assert status == 0 and "Recue is uninstalled." in shown
    assert not project.data.exists()


def test_whoever_leaves_before_enter_has_changed_nothing(project: MadeUpProject) -> None:
    before = sorted(project.home.rglob("*"))
    status, shown = asked(project, "\x04")  # the end of what is typed, as of a closed window
    assert status == 130 and "Traceback" not in shown
    assert sorted(project.home.rglob("*")) == before


def test_what_is_missing_is_said_before_anything_is_asked(project: MadeUpProject) -> None:
    (project.folder / "installer" / "python-versions.txt").write_text("3.99\n")
    status, shown = asked(project, "")
    assert status == 1 and "Press Enter" not in shown
    assert "64-bit Python of one of the versions 3.99, and none was found" in shown


def test_without_a_terminal_it_installs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "install", lambda setup: 5)
    monkeypatch.setattr("sys.stdin", io.StringIO("4\n"))
    setup = Setup(Path("download"), this_machine(), False, lambda text: None)
    assert asking.ask(setup) == 5

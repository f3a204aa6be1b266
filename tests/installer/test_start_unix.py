"""The files to double-click on Linux and macOS, with programs that stand for Pythons."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installer.terminal import in_terminal
from tests.programs import SYSTEM_PATH, need

PROJECT = Path(__file__).parents[2]
LINUX, MACOS = "Install Recue on Linux.sh", "Install Recue on macOS.command"
SCRIPTS = [PROJECT / each for each in (LINUX, MACOS, "installer/start.sh", "installer/show.sh")]
ODD = '100% & (été)! it\'s "q" $x `y` \\z; *'
"""A folder's name with whatever a shell might trip over."""
FITS, OTHER, NO_VENV, STORE = 0, 10, 11, 12
STUB = """#!/bin/sh
case "$2" in *probe.py) exit {stands_for} ;; esac
printf '%s|' "$0" "$@" >>"$MADE_UP_LOG"
echo >>"$MADE_UP_LOG"
exit "$MADE_UP_STATUS"
"""
TOOLS = ("cat", "sed", "env")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


@dataclass(frozen=True)
class Computer:
    """A download that was unpacked, a user's home, and a root folder with these Pythons."""

    folder: Path
    home: Path
    root: Path

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    def has(self, path: str, stands_for: int = FITS) -> Path:
        """Put a program there, from the home with a ~, else from the root."""
        place = self.home / path[2:] if path[:2] == "~/" else self.root / path
        write_program(place, STUB.format(stands_for=stands_for))
        return place

    def is_a_mac(self, with_tools: bool = True) -> None:
        write_program(self.bin / "uname", "#!/bin/sh\necho Darwin\n")
        status = 0 if with_tools else 2
        write_program(self.bin / "xcode-select", f"#!/bin/sh\nexit {status}\n")

    def double_click(
        self, file: str = LINUX, answers: str = "", status: int = 0, shell: str = ""
    ) -> tuple[int, str]:
        """Its exit status and what the terminal shows; without answers there is no terminal."""
        command = [*([shell] if shell else []), str(self.folder / file)]
        environ = self.environ(status)
        if answers:
            return in_terminal(command, answers, self.root, environ)
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
        )
        return done.returncode, done.stdout

    def environ(self, status: int = 0) -> dict[str, str]:
        log = {"MADE_UP_LOG": str(self.root / "log"), "MADE_UP_STATUS": str(status)}
        path = f"{self.bin}:{self.root}/usr/bin"
        return {"PATH": path, "HOME": str(self.home), "LC_ALL": "C.UTF-8", **log}

    @property
    def started(self) -> list[str]:
        """What was started beside the probes."""
        log = self.root / "log"
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def installs_with(self, python: Path) -> str:
        return f"{python}|{self.folder / 'install.py'}|--ask|"


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """Somebody who has unpacked the download, and has no Python."""
    made = Computer(tmp_path / ODD / "recue", tmp_path / f"{ODD} home", tmp_path / "root")
    (made.folder / "installer").mkdir(parents=True)
    made.home.mkdir()
    made.bin.mkdir(parents=True)
    for name in (LINUX, MACOS):
        shutil.copy(PROJECT / name, made.folder)
    for name in ("show.sh", "python-versions.txt", "probe.py"):
        shutil.copy(PROJECT / "installer" / name, made.folder / "installer")
    text = (PROJECT / "installer" / "start.sh").read_text(encoding="utf-8")
    text, count = re.subn(r'"(?=/(?:opt|usr|Library|home)/)', f'"{made.root}', text)
    assert count == 8  # the system's places are below the root here
    text = text.replace("Darwin//usr", f"Darwin/{made.root}/usr")
    (made.folder / "installer" / "start.sh").write_text(text, encoding="utf-8")
    for name in TOOLS:
        (made.bin / name).symlink_to(str(shutil.which(name, path=SYSTEM_PATH)))
    write_program(made.bin / "uname", "#!/bin/sh\necho Linux\n")
    return made


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    need("shellcheck", path=SYSTEM_PATH)
    command = ["shellcheck", "--shell=sh", "--external-sources", str(script)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("shell", ["dash", "bash", "zsh"])
@pytest.mark.parametrize("file", [LINUX, MACOS])
def test_every_shell_reads_them(computer: Computer, shell: str, file: str) -> None:
    """As the shell that a user types before the file's name, and as the system's own sh."""
    its = need(shell, path=SYSTEM_PATH)
    python = computer.has("~/.pyenv/versions/3.12.4/bin/python")
    assert computer.double_click(file, shell=its) == (0, "")
    sh = computer.root / "sh"
    sh.symlink_to(its)
    assert computer.double_click("installer/start.sh", shell=str(sh)) == (0, "")
    assert computer.started == [computer.installs_with(python)] * 2


@pytest.mark.parametrize(
    "place",
    [
        "bin/python3",
        "bin/python3.12",
        "bin/python",
        "opt/homebrew/bin/python3.12",
        "opt/homebrew/opt/python@3.12/bin/python3.12",
        "usr/local/bin/python3.12",
        "usr/local/opt/python@3.12/bin/python3.12",
        "Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12",
        "usr/bin/python3.12",
        "home/linuxbrew/.linuxbrew/bin/python3.12",
        "opt/local/bin/python3.12",
        "~/.local/bin/python3.12",
        "~/.pyenv/versions/3.12.4/bin/python",
        "~/.local/share/uv/python/cpython-3.12.7-linux-x86_64-gnu/bin/python3.12",
    ],
)
def test_a_python_is_found_in_each_of_the_usual_places(computer: Computer, place: str) -> None:
    python = computer.has(place)
    assert computer.double_click() == (0, "")
    assert computer.started == [computer.installs_with(python)]


def test_what_does_not_fit_is_passed_over_and_the_newest_taken(computer: Computer) -> None:
    computer.has("bin/python3", OTHER)
    computer.has("usr/bin/python3.13", NO_VENV)
    computer.has("usr/bin/python3.11")
    python = computer.has("opt/homebrew/bin/python3.12")
    write_program(computer.bin / "python3.13", "no program of this system")
    assert computer.double_click()[0] == 0
    assert computer.started == [computer.installs_with(python)]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (LINUX, "sudo apt install python3 python3-venv"),
        (MACOS, "https://www.python.org/downloads/"),
    ],
)
def test_without_python_a_sentence_says_where_to_get_one_and_the_window_stays(
    computer: Computer, file: str, words: str
) -> None:
    if file == MACOS:
        computer.is_a_mac()
    computer.has("bin/python3", OTHER)
    status, shown = computer.double_click(file, answers="\n")
    sentence, _, rest = shown.strip().rpartition("start this file again.")
    assert status == 1 and "\n" not in sentence.strip()
    assert "one of the versions 3.11, 3.12, 3.13, and none was found" in sentence
    assert words in sentence and "Press Enter to close this window." in rest
    assert computer.double_click(file)[1].strip() == f"{sentence.strip()} start this file again."
    assert computer.started == []


def test_a_python_without_venv_says_so_itself(computer: Computer) -> None:
    python = computer.has("usr/bin/python3.11", NO_VENV)
    status, shown = computer.double_click(answers="\n", status=1)
    assert (status, computer.started) == (1, [computer.installs_with(python)])
    assert "Press Enter" in shown and "none was found" not in shown


def test_apples_stub_is_not_started_where_it_would_only_offer_a_download(
    computer: Computer,
) -> None:
    apples = computer.has("usr/bin/python3")
    computer.is_a_mac(with_tools=False)
    status, shown = computer.double_click(MACOS)
    assert (status, computer.started) == (1, []), shown
    computer.is_a_mac()
    assert computer.double_click(MACOS)[0] == 0
    assert computer.started == [computer.installs_with(apples)]


def test_the_window_stays_when_the_installation_fails(computer: Computer) -> None:
    computer.has("bin/python3")
    status, shown = computer.double_click(answers="\n", status=3)
    assert status == 3 and "Press Enter to close" in shown
    status, shown = computer.double_click(answers="\n")
    assert status == 0 and "Press Enter" not in shown


def test_uv_fetches_a_python_where_the_user_agrees(computer: Computer) -> None:
    place = computer.root / "fetched"
    write_program(place, STUB.format(stands_for=FITS))
    uv = f"""[ "$2" = find ] && echo '{place}'\nprintf '%s|' uv "$@" >>"$MADE_UP_LOG"\n"""
    write_program(computer.home / ".local/bin/uv", "#!/bin/sh\n" + uv)
    for answers in ("\n\n", "n\n\n", "x\n\n"):
        status, shown = computer.double_click(answers=answers)
        assert (status, computer.started) == (1, [])
        assert "download Python 3.13 for you" in shown and "none was found" in shown
    status, shown = computer.double_click(answers="y\n\n")
    assert status == 0, shown
    assert "".join(computer.started) == (
        "uv|python|install|3.13|uv|python|find|3.13|" + computer.installs_with(place)
    )


def test_without_a_terminal_nothing_is_asked(computer: Computer) -> None:
    write_program(computer.home / ".local/bin/uv", '#!/bin/sh\necho uv >>"$MADE_UP_LOG"\n')
    assert computer.double_click()[0] == 1
    assert computer.started == []


@pytest.mark.parametrize("file", [LINUX, MACOS])
def test_alone_it_says_that_the_download_is_to_be_unpacked(computer: Computer, file: str) -> None:
    shutil.rmtree(computer.folder / "installer")
    status, shown = computer.double_click(file, answers="\n")
    assert status == 1
    assert "unpack the whole download" in shown and "Press Enter" in shown


def test_they_can_be_started_where_git_or_a_zip_of_git_puts_them() -> None:
    need("git")
    listed = subprocess.run(
        ["git", "ls-files", "--stage", "--", "Install*"],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
    )
    if listed.returncode:
        pytest.skip("this is no clone")
    modes = {line.split("\t")[1]: line.split()[0] for line in listed.stdout.splitlines()}
    assert modes == {
        "Install Recue on Linux.desktop": "100755",
        LINUX: "100755",
        "Install Recue on Windows.bat": "100644",
        MACOS: "100755",
    }

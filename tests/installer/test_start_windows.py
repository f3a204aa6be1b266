"""The batch file to double-click, in Wine's cmd, with programs that stand for Pythons."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installer.wine import Wine, windows

PROJECT = Path(__file__).parents[2]
FILE = "Install Recue on Windows.bat"
DOWNLOAD = "Téléchargé (2) & co!, it's ^ok"
"""A folder's name with whatever cmd might trip over; percent signs: see tests/installer/wine.py."""
BEFORE = """@echo off
set "LOCALAPPDATA=%MADE_UP_HOME%\\AppData\\Local"
set "APPDATA=%MADE_UP_HOME%\\AppData\\Roaming"
set "USERPROFILE=%MADE_UP_HOME%"
set "ProgramFiles=%MADE_UP_HOME%\\Program Files"
set "SystemDrive=%MADE_UP_HOME%"
set "PATH=%MADE_UP_HOME%\\on the path;C:\\windows\\system32"
call "%MADE_UP_FOLDER%\\Install Recue on Windows.bat"
exit /b %errorlevel%
"""
FITS, OTHER, NO_VENV, STORE = "0", "10", "11", "12"
"""What a Python that stands for one is found to be."""


@dataclass(frozen=True)
class Windows:
    """A download that was unpacked, and the home of a user with these Pythons."""

    wine: Wine
    folder: Path
    home: Path

    @property
    def local(self) -> Path:
        return self.home / "AppData" / "Local"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def has(self, path: str, stands_for: str = FITS) -> Path:
        """Put a program there, relative to the home."""
        self.wine.program(self.home / path, stands_for)
        return self.home / path

    def double_click(self, answers: str = "\n", status: int = 0, py: str = "") -> tuple[int, str]:
        """Its exit status and what the window shows."""
        before = self.home.parent / "before.bat"
        before.write_bytes(BEFORE.replace("\n", "\r\n").encode("ascii"))
        given = {"MADE_UP_LOG": self.log, "MADE_UP_HOME": self.home, "MADE_UP_FOLDER": self.folder}
        environ = {name: windows(path) for name, path in given.items()}
        environ.update(MADE_UP_STATUS=str(status), MADE_UP_PY=py)
        command = ("cmd", "/d", "/c", windows(before))
        return self.wine.run(*command, answers=answers, **environ)

    @property
    def started(self) -> list[str]:
        """What was started beside the probes; cmd writes it in its own encoding."""
        return self.log.read_text("cp1252").splitlines() if self.log.exists() else []

    def installs_with(self, program: Path, option: str = "", stands_for: str = FITS) -> str:
        """The line of the log of a Python that runs install.py."""
        script = windows(self.folder / "installer" / ".." / "install.py")
        options = f"{option} " if option else ""
        return f'{stands_for} "{windows(program)}" {options}"{script}" --ask'


@pytest.fixture
def user(wine: Wine, tmp_path: Path) -> Windows:
    """Somebody who has unpacked the download, and has no Python."""
    folder, home = tmp_path / DOWNLOAD, tmp_path / "Zoë & (Söhne)!"
    (folder / "installer").mkdir(parents=True)
    home.mkdir()
    shutil.copy(PROJECT / FILE, folder)
    for name in ("start.bat", "python-versions.txt", "probe.py"):
        shutil.copy(PROJECT / "installer" / name, folder / "installer")
    return Windows(wine, folder, home)


@pytest.mark.parametrize(
    "place",
    [
        "AppData/Local/Programs/Python/Python312/python.exe",
        "Program Files/Python312/python.exe",
        "Python312/python.exe",
        "AppData/Local/Python/pythoncore-3.12-64/python.exe",
        ".pyenv/pyenv-win/versions/3.12.4/python.exe",
        "AppData/Roaming/uv/python/cpython-3.12.7-windows-x86_64-none/python.exe",
        "on the path/python.exe",
    ],
)
def test_a_python_is_found_in_each_of_the_usual_places(user: Windows, place: str) -> None:
    python = user.has(place)
    status, shown = user.double_click()
    assert (status, user.started) == (0, [user.installs_with(python)]), shown


def test_the_newest_python_is_taken_and_the_launchers_first(user: Windows) -> None:
    user.has("Program Files/Python311/python.exe")
    newest = user.has("Program Files/Python313/python.exe")
    assert user.double_click()[0] == 0
    launcher = user.has("on the path/py.exe", "py")
    assert user.double_click(py="-3.11")[0] == 0  # 3.13 is newer, and found
    assert user.double_click(py="-3.13")[0] == 0
    newer = user.installs_with(newest)
    assert user.started == [newer, newer, user.installs_with(launcher, "-3.13", "py")]


def test_what_does_not_fit_is_passed_over(user: Windows) -> None:
    user.has("Program Files/Python313/python.exe", NO_VENV)
    user.has("Program Files/Python312/python.exe", STORE)
    user.has("on the path/py.exe", "py")
    python = user.has("Program Files/Python311/python.exe")
    assert user.double_click()[0] == 0
    assert user.started == [user.installs_with(python)]


def test_without_python_a_sentence_says_where_to_get_one_and_the_window_stays(
    user: Windows,
) -> None:
    user.has("on the path/python.exe", OTHER)
    status, shown = user.double_click()
    assert (status, user.started) == (1, [])
    assert "one of the versions 3.11, 3.12, 3.13, and none was found" in shown
    assert "https://www.python.org/downloads/ and start this file again." in shown
    assert "Press any key" in shown and "Microsoft Store" not in shown


@pytest.mark.parametrize("stands_for", ["9009", STORE])
def test_the_stores_python_is_recognised(user: Windows, stands_for: str) -> None:
    """The stub, which ends with 9009, is only there to open the Store."""
    user.has("AppData/Local/Microsoft/WindowsApps/python.exe", stands_for)
    status, shown = user.double_click()
    assert (status, user.started) == (1, [])
    assert "none was found" in shown and "only opens the Microsoft Store" in shown


def test_a_python_without_venv_says_so_itself(user: Windows) -> None:
    python = user.has("Program Files/Python312/python.exe", NO_VENV)
    status, shown = user.double_click(status=1)
    assert (status, user.started) == (1, [user.installs_with(python, stands_for=NO_VENV)])
    assert "Press any key" in shown and "none was found" not in shown


def test_the_window_stays_when_the_installation_fails(user: Windows) -> None:
    user.has("Python313/python.exe")
    status, shown = user.double_click(status=1)
    assert status == 1 and "Press any key" in shown
    status, shown = user.double_click()
    assert status == 0 and "Press any key" not in shown


@pytest.mark.parametrize(
    ("program", "asked"),
    [
        ("on the path/winget.exe", "install --exact --id Python.Python.3.13"),
        (".local/bin/uv.exe", "python install 3.13"),
    ],
)
def test_python_is_fetched_only_where_the_user_agrees(
    user: Windows, program: str, asked: str
) -> None:
    path = user.has(program)
    status, shown = user.double_click('"&n\n\n')
    assert (status, user.started) == (1, []), shown
    assert "download Python 3.13 for you? [y/N]" in shown and "none was found" in shown
    assert user.double_click("yes\n\n")[0] == 1  # the one that stands for it brings none
    (line,) = user.started
    assert line.startswith(f'{FITS} "{windows(path)}" {asked}')


def test_alone_it_says_that_the_zip_is_to_be_unpacked(user: Windows) -> None:
    """Windows' Explorer unpacks the one file that was double-clicked in a zip."""
    shutil.rmtree(user.folder / "installer")
    status, shown = user.double_click()
    assert status == 1
    assert "Right-click the zip file" in shown and "Press any key" in shown


def batch_lines() -> list[str]:
    """The lines of both files, without remarks."""
    both = (PROJECT / FILE, PROJECT / "installer" / "start.bat")
    lines = [line for path in both for line in path.read_text("ascii").splitlines()]
    return [line for line in lines if not line.startswith("rem ")]


def test_what_comes_from_outside_is_quoted_wherever_it_is_expanded() -> None:
    """So that no letter of a path means anything to cmd; Wine cannot try all of them."""
    safe = {"versions", "newest", "listed", "option", "found_option", "status", "pattern"}
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in batch_lines()]
    expanded = {name for line in unquoted for name in re.findall(r"%(\w+)%", line)}
    assert expanded <= safe and "listed" in expanded
    assert not any(re.search(r"%~dp0|%%~|%~1|!", line) for line in unquoted)
    called = [line for line in batch_lines() if "call :" in line and "%" in line]
    assert all(re.search(r"call :\w+( %%v| \"%%~nxd\"| \"[^\\]*\")?$", line) for line in called)


def test_every_label_is_there() -> None:
    text = "\n".join(batch_lines())
    wanted = set(re.findall(r"(?:call :|goto :?)(\w+)", text)) - {"eof"}
    assert wanted == set(re.findall(r"^:(\w+)$", text, re.MULTILINE))


def test_batch_files_are_ascii_with_the_line_ends_of_windows() -> None:
    """Whatever a user's code page is, and as cmd looks for labels."""
    for path in (PROJECT / FILE, PROJECT / "installer" / "start.bat"):
        content = path.read_bytes()
        assert content.isascii() and b"\t" not in content
        assert content.count(b"\r\n") == content.count(b"\n")

"""The starter named Recue of each system: its files, and what it does on made-up homes."""

from __future__ import annotations

import os
import plistlib
import re
import struct
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Machine, own_folders
from installer import icon, windows_starter
from installer.starters import exec_argument, starter_files
from tests.installer.test_start_unix import ODD, write_program
from tests.programs import SYSTEM_PATH, need

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
DAMAGED = "its installation is damaged. Start “Install Recue” again."


def installed(machine: Machine) -> dict[str, Path]:
    """Put the files of the starter there; gives their places by name."""
    for path, (content, mode) in starter_files(machine, own_folders(machine)).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
    return {path.name: path for path in starter_files(machine, own_folders(machine))}


def linux(tmp_path: Path, **environ: str) -> Machine:
    return Machine(LINUX, tmp_path / ODD, environ, tmp_path)


def python_that(machine: Machine, does: str) -> None:
    """The environment's Python logs its arguments and RECUE_HOME, and then does something."""
    log = 'printf "%s|" "${RECUE_HOME-}" "${LD_PRELOAD-}" "$@" >"$HOME/log"\n'
    python = own_folders(machine).environment / "bin" / "python"
    write_program(python, f"#!/bin/sh\n{log}{does}\n")


def starts(machine: Machine, script: Path, **environ: str) -> tuple[int, str | None, str | None]:
    """Run a starter's script; its status, what Python was asked, and what a window showed."""
    programs = machine.root / "bin"
    for name in ("zenity", "osascript"):
        write_program(programs / name, '#!/bin/sh\nprintf "%s\\n" "$@" >"$HOME/shown"\n')
    log, shown = machine.home / "log", machine.home / "shown"
    shown.unlink(missing_ok=True)
    path = f"{programs}:{SYSTEM_PATH}"
    run = subprocess.run(
        [str(script)],
        env={"HOME": str(machine.home), "PATH": path, "LC_ALL": "C.UTF-8", **environ},
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    texts = [each.read_text("utf-8") if each.exists() else None for each in (log, shown)]
    return run.returncode, texts[0], texts[1]


@POSIX
@pytest.mark.parametrize("own_home", [False, True])
def test_on_linux_the_desktop_starts_it_from_a_home_of_any_name(
    tmp_path: Path, own_home: bool
) -> None:
    need("gio", path=SYSTEM_PATH)
    need("desktop-file-validate", path=SYSTEM_PATH)
    home = str(tmp_path / f"{ODD} data") if own_home else ""
    machine = linux(tmp_path, **({"RECUE_HOME": home} if home else {}))
    files = installed(machine)
    entry = files["recue.desktop"]
    assert entry.parent == machine.home / ".local/share/applications"
    assert subprocess.run(["desktop-file-validate", str(entry)]).returncode == 0
    python_that(machine, "exit 0")
    log = machine.home / "log"
    environ = {"HOME": str(machine.home), "PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8"}
    subprocess.run(["gio", "launch", str(entry)], env=environ, check=True, timeout=60)
    until = time.monotonic() + 90
    while not (log.exists() and log.read_text("utf-8")) and time.monotonic() < until:
        time.sleep(0.05)
    assert log.read_text("utf-8") == f"{home}||-I|-m|editor_plugin|page|--starter|"


@POSIX
@pytest.mark.parametrize("system", [LINUX, MACOS])
@pytest.mark.parametrize(
    ("does", "shown"),
    [
        ("echo Recue needs room. >&2; exit 1", "Recue needs room."),
        ("echo 'python: No module named editor_plugin' >&2; exit 1", DAMAGED),
        ("echo 'Traceback (most recent call last):' >&2; exit 1", DAMAGED),
        ("exit 1", DAMAGED),
        (None, DAMAGED),
    ],
)
def test_a_window_shows_what_fails(
    tmp_path: Path, system: str, does: str | None, shown: str
) -> None:
    machine = replace(linux(tmp_path), system=system)
    files = installed(machine)
    script = files["recue-page" if system == LINUX else "Recue"]
    if does is not None:
        python_that(machine, does)
    if system == MACOS:
        write_program(tmp_path / "bin" / "uname", "#!/bin/sh\necho Darwin\n")
    status, _, told = starts(machine, script)
    assert status != 0
    assert told is not None and told.rstrip().endswith(shown)
    assert ("display dialog" in told) is (system == MACOS)
    python_that(machine, "echo opened; exit 0")
    status, asked, told = starts(machine, script, LD_PRELOAD="")
    assert (status, asked, told) == (0, "||-I|-m|editor_plugin|page|--starter|", None)


@POSIX
@pytest.mark.parametrize("shell", ["dash", "bash", "zsh"])
@pytest.mark.parametrize("system", [LINUX, MACOS])
def test_every_shell_reads_its_script(tmp_path: Path, shell: str, system: str) -> None:
    its = need(shell, path=SYSTEM_PATH)
    machine = replace(linux(tmp_path, RECUE_HOME=str(tmp_path / ODD)), system=system)
    script = installed(machine)["recue-page" if system == LINUX else "Recue"]
    sh = tmp_path / "sh"
    sh.symlink_to(its)
    python_that(machine, "exit 0")
    script.write_text(script.read_text("utf-8").replace("#!/bin/sh", f"#!{sh}", 1), "utf-8")
    status, asked, told = starts(machine, script)
    assert (status, told) == (0, None)
    assert asked == f"{tmp_path / ODD}||-I|-m|editor_plugin|page|--starter|"


@POSIX
def test_shellcheck_finds_nothing_in_its_script(tmp_path: Path) -> None:
    need("shellcheck", path=SYSTEM_PATH)
    script = installed(linux(tmp_path, RECUE_HOME=str(tmp_path / "it's été")))["recue-page"]
    done = subprocess.run(["shellcheck", str(script)], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("text", ["a b", ODD, "$(id) `id` %f \\ \\\\ \"'", "%%k", "é"])
def test_an_argument_of_a_desktop_entry_is_read_back(text: str) -> None:
    """By the rules of the Desktop Entry Specification, in their order."""
    value = re.sub(r"\\([\\snt])", lambda each: {"\\": "\\"}[each[1]], exec_argument(text))
    assert value[0] == value[-1] == '"'
    assert re.fullmatch(r'(?:[^"`$\\]|\\["`$\\])*', value[1:-1])
    assert re.sub(r'\\(["`$\\])', r"\1", value[1:-1]).replace("%%", "%") == text


def test_on_a_mac_it_is_an_application_bundle(tmp_path: Path) -> None:
    machine = Machine(MACOS, tmp_path / "Zoë", {}, tmp_path)
    files = installed(machine)
    bundle = machine.home / "Applications" / "Recue.app"
    assert all(bundle / "Contents" in path.parents for path in files.values())
    about = plistlib.loads(files["Info.plist"].read_bytes())
    program = bundle / "Contents" / "MacOS" / about["CFBundleExecutable"]
    assert files["Info.plist"] == bundle / "Contents" / "Info.plist"
    assert os.name == "nt" or os.access(program, os.X_OK)
    assert program.read_bytes().startswith(b"#!/bin/sh\n")
    assert (bundle / "Contents" / "Resources" / about["CFBundleIconFile"]).is_file()
    assert about["CFBundlePackageType"] == "APPL" and about["CFBundleName"] == "Recue"
    assert about["LSArchitecturePriority"][0] == "arm64"


def test_on_windows_it_is_a_shortcut_in_the_start_menu(tmp_path: Path) -> None:
    own = tmp_path / ("é" if os.name == "nt" else 'é "x" \\')
    machine = Machine(WINDOWS, tmp_path / "Zoë", {"RECUE_HOME": str(own)}, tmp_path)
    files = installed(machine)
    menu = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Recue.lnk"
    assert files["Recue.lnk"] == machine.home / menu
    assert "recue-page.pyw".encode("utf-16-le") in files["Recue.lnk"].read_bytes()
    assert "pythonw.exe".encode("utf-16-le") in files["Recue.lnk"].read_bytes()
    made: dict[str, object] = {"__name__": "made"}
    exec(files["recue-page.pyw"].read_text("utf-8"), made)
    assert made["HOME"] == machine.environ["RECUE_HOME"]


@POSIX
@pytest.mark.parametrize(
    ("does", "status", "shown"),
    [
        ("exit 0", 0, []),
        ("echo Zoë needs room. >&2; exit 1", 1, ["Zoë needs room."]),
        ("echo 'python: No module named editor_plugin' >&2; exit 1", 1, [DAMAGED]),
        (None, 1, [DAMAGED]),
    ],
)
def test_on_windows_a_window_shows_what_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str | None, status: int, shown: list[str]
) -> None:
    """The program itself, here; pythonw.exe and its window are Windows' own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(windows_starter, "HOME", "D:\\été")
    python = tmp_path / "python"
    if does is not None:
        write_program(python, f'#!/bin/sh\nprintf "%s|" "$RECUE_HOME" "$@" >"$HOME/log"\n{does}\n')
    told: list[str] = []
    assert windows_starter.main(str(python), told.append) == status
    assert [text.endswith(end) for text, end in zip(told, shown, strict=True)] == [True] * len(told)
    if does is not None:
        log = (tmp_path / "log").read_text("utf-8")
        assert log == "D:\\été|-I|-m|editor_plugin|page|--starter|"


def pixels(picture: bytes) -> tuple[int, list[bytes]]:
    """The size of a PNG of ours, and its rows of red, green, blue and alpha."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        kind, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length) == (zlib.crc32(kind + data),)
        chunks[kind] = data
        at += 12 + length
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    assert width == height and chunks[b"IHDR"][8:] == bytes([8, 6, 0, 0, 0])
    lines = zlib.decompress(chunks[b"IDAT"])
    rows = [lines[y * (1 + 4 * width) :][: 1 + 4 * width] for y in range(height)]
    assert len(lines) == height * (1 + 4 * width) and all(row[0] == 0 for row in rows)
    return width, [row[1:] for row in rows]


@pytest.mark.parametrize("size", [16, 32, 256])
def test_the_icon_is_drawn_in_every_size(size: int) -> None:
    width, rows = pixels(icon.png(size))
    middle = rows[int(size * 0.36)][4 * (size // 2) :][:4]
    subtitle = rows[int(size * 0.665)][4 * (size // 2) :][:4]
    assert width == size
    assert rows[0][:4] == bytes(4)  # the corner is transparent
    assert min(middle) > 200 and subtitle[:3] == bytes((255, 190, 60))
    assert len(icon.png(size)) < 10_000


def test_the_files_of_icons_hold_what_their_lists_say() -> None:
    windows = icon.ico()
    kept, one, count = struct.unpack_from("<HHH", windows)
    assert (kept, one, count) == (0, 1, 4)
    for entry in range(count):
        width, _, _, _, _, bits, length, place = struct.unpack_from(
            "<BBBBHHII", windows, 6 + 16 * entry
        )
        assert pixels(windows[place : place + length])[0] == (width or 256) and bits == 32
    mac = icon.icns()
    assert mac[:4] == b"icns" and struct.unpack_from(">I", mac, 4) == (len(mac),)
    at, found = 8, {}
    while at < len(mac):
        (length,) = struct.unpack_from(">I", mac, at + 4)
        found[mac[at : at + 4]] = pixels(mac[at + 8 : at + length])[0]
        at += length
    assert found == {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256, b"ic08": 256}


@POSIX
def test_the_program_for_windows_needs_nothing_of_recues() -> None:
    command = [sys.executable, "-I", "-S", str(windows_starter.__file__)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "")  # there is no python.exe beside it

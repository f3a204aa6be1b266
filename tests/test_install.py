"""install.py from end to end, on a Recue in small (see made_up_project)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import made_up_project
from tests.made_up_project import MadeUpProject
from tests.small_disk import mounted

pytestmark = pytest.mark.skipif(os.name == "nt", reason="homes and commands are made up for POSIX")

UTILITY = ".local/share/DaVinciResolve/Fusion/Scripts/Utility"
SCRIPT = UTILITY + "/Générer les sous-titres.py"
STARTER = ".local/share/applications/recue.desktop"


@pytest.fixture
def project(tmp_path: Path) -> MadeUpProject:
    """A project that was never installed."""
    return made_up_project.make(tmp_path)


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment as an installation leaves it that was stopped before its first package."""
    made = made_up_project.make(tmp_path_factory.mktemp("empty"))
    (made.wheels / "made_up_base-1.0-py3-none-any.whl").unlink()
    assert made.run("--demo").returncode == 1
    assert made.done == []
    return made.data / "env"


@pytest.fixture
def begun(project: MadeUpProject, empty_environment: Path) -> MadeUpProject:
    """A project with such an environment: copied, since making one takes seconds."""
    shutil.copytree(empty_environment, project.data / "env", symlinks=True)
    return project


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> MadeUpProject:
    """A project whose environment is there already, with the tools for the tests."""
    made = made_up_project.make(tmp_path_factory.mktemp("tested"))
    done = made.run("--test")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed run says on stderr: a sentence and what to do, and nothing else."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.rstrip()[-1] in ".;"
    return done.stderr


def test_with_system_the_scripts_are_for_all_users(project: MadeUpProject) -> None:
    (project.home / ".local/share/DaVinciResolve").mkdir(parents=True)
    planned = project.run("--dry-run", "--system")
    assert planned.returncode == 0
    assert "Would write /opt/resolve/Fusion/Scripts/Utility/" in planned.stdout
    assert f"Would write {project.home / SCRIPT}" not in planned.stdout


def test_install_for_a_user_and_take_it_all_away_again(project: MadeUpProject) -> None:
    home = project.home
    (home / ".local/share/DaVinciResolve").mkdir(parents=True)
    (home / ".config/obs-studio").mkdir(parents=True)
    clone, before = contents(project.folder), contents(home)

    planned = project.run("--dry-run")
    assert planned.returncode == 0
    assert f"Would write {home / SCRIPT}" in planned.stdout
    assert f"Would write {home / STARTER}" in planned.stdout
    assert contents(home) == before

    first = project.run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert project.done == ["base", "project"]
    assert (home / SCRIPT).read_text() == "print('menu')\n"
    assert f'Exec=/bin/sh "{project.data}/recue-page"' in (home / STARTER).read_text("utf-8")
    assert "Recue is among your applications" in first.stdout
    assert "open Workspace > Scripts" in first.stdout
    assert "OBS Studio is here; this Recue has no menu script for it yet." in first.stdout
    assert contents(project.folder) == clone
    command = [str(home / ".local/bin/recue"), "models"]
    told = subprocess.run(command, env=project.environ, capture_output=True, encoding="utf-8")
    assert told.stdout == "recue models\n"

    log = project.home / ".local/state/recue/log/install.log"
    size = log.stat().st_size
    again = project.run()
    assert again.returncode == 0
    assert "Installing" not in again.stdout
    assert log.stat().st_size == size

    (project.data / "transcripts.sqlite").write_text("words")
    (project.data / "models").mkdir()
    (project.data / "models" / "m.nemo").write_text("weights")
    assert f"Would remove {home / STARTER}" in project.run("--uninstall", "--dry-run").stdout
    gone = project.run("--uninstall")
    assert gone.returncode == 0, gone.stderr
    kept = {
        ".local/share/recue": None,
        ".local/share/recue/transcripts.sqlite": b"words",
        ".local/share/recue/models": None,
        ".local/share/recue/models/m.nemo": b"weights",
    }
    ours_made = {".local/bin", ".local/state", ".cache"}
    left = contents(home)
    assert {name: left[name] for name in left if name not in ours_made} == {**before, **kept}

    assert project.run("--uninstall", "--purge").returncode == 0
    assert {name for name in contents(home) if name not in ours_made} == set(before)


def test_the_blender_addon_is_told_and_taken_away_again(begun: MadeUpProject) -> None:
    addon = begun.folder / "scripts" / "blender" / "recue"
    addon.mkdir(parents=True)
    (addon / "__init__.py").write_text('PLUGIN = "@RECUE_PLUGIN@"\n')
    (begun.home / ".config/blender/4.2").mkdir(parents=True)
    done = begun.run()
    assert f"Install from Disk: {begun.data / 'recue-blender.zip'}" in done.stdout
    placed = begun.home / ".config/blender/4.2/scripts/addons/recue/__init__.py"
    assert json.dumps(str(begun.data / "plugin")) in placed.read_text()
    assert (begun.data / "recue-blender.zip").is_file()
    assert begun.run("--uninstall").returncode == 0
    assert not placed.exists()
    assert not (begun.data / "recue-blender.zip").exists()


def test_a_changed_script_stays_and_an_old_one_goes(begun: MadeUpProject) -> None:
    (begun.home / ".local/share/DaVinciResolve").mkdir(parents=True)
    scripts = begun.folder / "scripts" / "resolve"
    (scripts / "Old name.py").write_text("pass")
    assert begun.run().returncode == 0
    (begun.home / SCRIPT).write_text("improved")
    (scripts / "Old name.py").rename(scripts / "New name.py")
    second = begun.run()
    assert second.returncode == 0
    assert "it was changed since" in second.stdout
    assert sorted(p.name for p in (begun.home / UTILITY).iterdir()) == [
        "Générer les sous-titres.py",
        "New name.py",
    ]
    assert (begun.home / SCRIPT).read_text() == "improved"
    assert "it was changed since" in begun.run("--uninstall").stdout
    assert [p.name for p in (begun.home / UTILITY).iterdir()] == ["Générer les sous-titres.py"]


def test_a_new_version_is_installed_over_the_old_one(begun: MadeUpProject) -> None:
    assert begun.run().returncode == 0
    main = begun.folder / "editor_plugin" / "__main__.py"
    main.write_text(main.read_text().replace('"recue"', '"newer"'))
    assert begun.run().returncode == 0
    assert begun.done == ["base", "project"]
    command = [str(begun.home / ".local/bin/recue")]
    told = subprocess.run(command, env=begun.environ, capture_output=True, encoding="utf-8")
    assert told.stdout == "newer\n"


def test_all_checks_run_and_pytest_has_the_last_word(tested: MadeUpProject) -> None:
    done = tested.run("--test", "-k", "some name", "-x")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert [line.split()[1] for line in lines if line.startswith("__main__")] == [
        "ruff",
        "ruff",
        "mypy",
        "pytest",
    ]
    assert lines[-1] == f"__main__ pytest -k some name -x in {tested.folder}"
    assert not any(line.startswith("Installing") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "alone"),
    [
        (["tests/core"], True),
        (["-x", "tests/core/test_one.py::test_it[é a]"], True),
        (["-k", "tests"], False),
        (["nowhere"], False),
    ],
)
def test_with_a_path_pytest_alone_runs(
    tested: MadeUpProject, arguments: list[str], alone: bool
) -> None:
    one = tested.folder / "tests" / "core" / "test_one.py"
    one.parent.mkdir(parents=True, exist_ok=True)
    one.touch()
    done = tested.run("--test", *arguments)
    tools = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("__main__")]
    assert tools == (["pytest"] if alone else ["ruff", "ruff", "mypy", "pytest"])
    assert f"pytest {' '.join(arguments)} in " in done.stdout


@pytest.mark.parametrize("failing", ["ruff", "mypy", "pytest"])
def test_each_check_can_fail_the_run_and_none_is_left_out(
    tested: MadeUpProject, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    monkeypatch.setitem(tested.more, "MADE_UP_FAILURES", failing)
    done = tested.run("--test")
    assert done.returncode == 1
    assert done.stdout.count("__main__") == 4
    assert done.stdout.splitlines()[-1].startswith("__main__ pytest")
    assert ("will this run" in done.stdout) is (failing != "pytest")


def test_the_demo_prints_the_subtitles_and_where_they_are(tested: MadeUpProject) -> None:
    done = tested.run("--demo")
    assert done.returncode == 0, done.stderr
    output = tested.data / "demo" / "recue-demo.srt"
    assert f"recue transcribe demo/recue-demo.otio --model demo --print -o {output}" in done.stdout
    assert "Hello." in done.stdout
    assert done.stdout.splitlines()[-1].endswith(str(output))


def test_a_failed_demo_fails(tested: MadeUpProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tested.more, "MADE_UP_STATUS", "3")
    assert tested.run("--demo").returncode == 3


def test_the_doctor_runs_inside_the_environment(tested: MadeUpProject) -> None:
    assert tested.run("--doctor").stdout == "recue doctor\n"


def test_the_doctor_tells_that_there_is_no_environment(project: MadeUpProject) -> None:
    done = project.run("--doctor")
    assert done.returncode == 1
    assert "is not there. Run: python3 install.py" in done.stdout
    assert not project.data.exists()


def test_everything_lies_beneath_recue_home(begun: MadeUpProject) -> None:
    (begun.home / "été").mkdir()
    (begun.data / "env").rename(begun.home / "été" / "env")
    shutil.rmtree(begun.home / ".local")
    begun.more["RECUE_HOME"] = str(begun.home / "été")
    assert begun.run("--demo").returncode == 0
    assert [path.name for path in begun.home.iterdir()] == ["été"]


def test_a_broken_environment_is_made_anew(begun: MadeUpProject) -> None:
    (begun.data / "env" / "bin" / "python").unlink()
    done = begun.run("--demo")
    assert done.returncode == 0, done.stderr
    assert "Making an environment" in done.stdout


def test_new_requirements_are_installed_into_the_same_environment(begun: MadeUpProject) -> None:
    assert begun.run("--demo").returncode == 0
    (begun.folder / "constraints.txt").write_text(made_up_project.CONSTRAINTS + "# newer\n")
    done = begun.run("--demo")
    assert done.returncode == 0
    assert "Installing" in done.stdout
    assert "Making an environment" not in done.stdout


def test_a_folder_that_is_not_ours_is_left_alone(project: MadeUpProject) -> None:
    project.more["RECUE_HOME"] = str(project.home)
    (project.home / "env").mkdir()
    (project.home / "env" / "secrets").write_text("mine")
    (project.home / "cache").mkdir()
    (project.home / "cache" / "mine").write_text("mine")
    assert "that Recue did not make" in one_sentence(project.run("--demo"))
    assert project.run("--uninstall", "--purge").returncode == 0
    assert contents(project.home) == {
        "env": None,
        "env/secrets": b"mine",
        "cache": None,
        "cache/mine": b"mine",
    }


def test_no_network_is_one_sentence_and_the_next_run_goes_on(begun: MadeUpProject) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    begun.more.update(
        PIP_NO_INDEX="0",
        PIP_FIND_LINKS="",
        PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple",
        PIP_RETRIES="1",
    )
    said = one_sentence(begun.run("--demo"))
    assert "connection to the package index failed" in said
    assert begun.done == []
    begun.more.clear()
    done = begun.run("--demo")
    assert done.returncode == 0
    assert "Making an environment" not in done.stdout


def test_a_package_that_is_missing_is_named(begun: MadeUpProject) -> None:
    (begun.wheels / "made_up_base-1.0-py3-none-any.whl").unlink()
    assert "made-up-base==1.0" in one_sentence(begun.run("--demo"))


def test_packages_count_as_installed_when_they_were_seen_to_work(begun: MadeUpProject) -> None:
    broken = "print('loading')\nraise ImportError('a library of the system is missing')"
    made_up_project.write_wheel(begun.wheels, "made_up_base", {"made_up_base.py": broken})
    said = one_sentence(begun.run("--demo"))
    assert "made-up-base cannot be loaded (ImportError: a library of the system is missing)" in said
    assert begun.done == []


def test_a_wheel_that_is_damaged_is_one_sentence(begun: MadeUpProject) -> None:
    wheel = begun.wheels / "made_up_base-1.0-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes()[:50])
    assert "pip could not install" in one_sentence(begun.run("--demo"))


@contextmanager
def hanging_index() -> Iterator[tuple[str, socket.socket]]:
    """An index that takes the call and says nothing; yields its address and its socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple", server


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_installation_goes_on(begun: MadeUpProject, how: signal.Signals) -> None:
    with hanging_index() as (url, server):
        begun.more.update(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=url)
        begun.more["PIP_RETRIES"] = "0"
        process = subprocess.Popen(
            begun.command("--demo"),
            env=begun.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        connection, _ = server.accept()  # pip is at work now
        process.send_signal(how)
        stdout, stderr = process.communicate(timeout=60)
        connection.close()  # a pip that outlived its parent fails now
    assert "Traceback" not in stdout + stderr
    if how != signal.SIGKILL:
        assert process.returncode == 130, stdout + stderr
        assert "goes on where it stopped" in stdout
    assert begun.done == []
    begun.more.clear()
    done = begun.run("--demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Making an environment" not in done.stdout


def test_two_installations_at_once_wait_for_each_other(project: MadeUpProject) -> None:
    runs = [
        subprocess.Popen(
            project.command("--demo"), env=project.environ, stdout=subprocess.PIPE, encoding="utf-8"
        )
        for _ in range(2)
    ]
    told = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("Making an environment" in text for text in told) == 1


def test_a_home_that_cannot_be_written(project: MadeUpProject) -> None:
    (project.home / ".local").write_text("a file where a folder should be")
    assert "cannot be used" in one_sentence(project.run("--demo"))


def test_a_read_only_home(project: MadeUpProject) -> None:
    with mounted(project.home, "ro,size=1m"):
        assert "Read-only file system" in one_sentence(project.run("--demo"))
        assert "Read-only file system" in one_sentence(project.run())


def test_a_disk_without_room(project: MadeUpProject) -> None:
    with mounted(project.home, "size=30m"):
        said = one_sentence(project.run("--demo"))
    assert "has no room for 4000 MB" in said


def test_a_disk_that_fills_up(project: MadeUpProject, empty_environment: Path) -> None:
    """The check beforehand is taken out: another program may fill the disk at any time."""
    torch_build = project.folder / "installer" / "torch_build.py"
    text = torch_build.read_text(encoding="utf-8")
    torch_build.write_text(text.replace("4_000", "1"), encoding="utf-8")
    (project.wheels / "made_up_base-1.0-py3-none-any.whl").unlink()
    made_up_project.write_wheel(project.wheels, "made_up_base", {"big.py": "#" * 60_000_000})
    with mounted(project.home, "size=50m"):
        shutil.copytree(empty_environment, project.data / "env", symlinks=True)
        said = one_sentence(project.run("--demo"))
    assert "full" in said
    with mounted(project.home, "size=5m"):
        said = one_sentence(project.run("--demo"))
    assert "full" in said


def test_what_nobody_thought_of_is_one_sentence_and_in_the_log(project: MadeUpProject) -> None:
    with (project.folder / "installer" / "actions.py").open("a") as file:
        file.write("\n\ndef demo(*_):\n    raise ZeroDivisionError('unthought')\n")
    done = project.run("--demo")
    assert done.returncode == 1
    log = Path(done.stderr.rsplit(": ", 1)[1].strip())
    assert "unthought" in log.read_text()
    assert "Traceback" not in done.stderr


def test_an_unknown_option_is_refused(project: MadeUpProject) -> None:
    done = project.run("--unistall")
    assert done.returncode == 2
    assert "there is no option --unistall" in done.stderr


def test_a_terminal_that_knows_no_accents(project: MadeUpProject) -> None:
    project.more.update(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    done = subprocess.run(project.command("--dry-run"), env=project.environ, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"Would make an environment" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="pyenv's folder on Linux")
def test_an_old_python_finds_a_newer_one(begun: MadeUpProject) -> None:
    old = sorted((Path.home() / ".pyenv" / "versions").glob("3.9.*/bin/python"))
    if not old:
        pytest.skip("there is no Python 3.9 of pyenv on this machine")
    command = [str(old[0]), *begun.command("--demo")[1:]]
    done = subprocess.run(command, env=begun.environ, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr

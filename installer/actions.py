"""The actions of install.py: install, demo, test, doctor. Uninstalling is in `removal`."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from editor_plugin.core.errors import RecueError
from editor_plugin.hosts.folders import script_folders
from installer import placed_files
from installer.blender_zip import write_zip
from installer.engine import stop_engine
from installer.environment import Group, Recipe, ensure, interpreter, is_ready, requirements
from installer.launcher import launcher
from installer.menu_scripts import menu_scripts
from installer.pip import tool_environment
from installer.placed_files import Result
from installer.plugin import filled_in, install_plugin, plugin_folder
from installer.pythons import find_python
from installer.setup import Setup
from installer.starters import starter_files, where_it_is
from installer.torch_build import choose_build, index_arguments, sees_nvidia

INSTALLED = ("editor_plugin", "demo", "pyproject.toml", "README.md", "LICENSE")
"""The parts of the project that go into the environment."""
CHECKS = (
    ("ruff check", ["ruff", "check"]),
    ("ruff format", ["ruff", "format", "--check"]),
    ("mypy", ["mypy"]),
)
PLACED = ("written", "unchanged")
"""What became of a file that is there as it is wanted."""
PYTEST_OPTIONS = ("-k", "-m", "-p", "-o", "-W")
"""Those whose value, an argument of its own, might happen to be a file's name."""


def install(setup: Setup) -> int:
    """Install for this user, and print what to click next."""
    with tempfile.TemporaryDirectory(prefix="recue-") as temporary:
        project = _project_group(setup.project, Path(temporary))
        if not _prepare(setup, (_base(setup.project), project)):
            _tell_placing(setup)
            return 0
    stop_engine(setup.folders, setup.say)
    install_plugin(setup.project, setup.folders)
    addon = write_zip(setup.project, setup.folders)
    results = _place_all(setup)
    for result in results:
        if result.state in ("kept", "failed"):
            setup.say(f"Left as it is: {result.path} ({result.reason}).")
    setup.say("Recue is installed.")
    _tell_next_steps(setup, {each.path for each in results if each.state in PLACED})
    if addon is not None:
        setup.say(f"Any other Blender: Preferences > Add-ons > Install from Disk: {addon}")
    return 1 if any(result.state == "failed" for result in results) else 0


def demo(setup: Setup, further: list[str]) -> int:
    """Transcribe the demo timeline, print the subtitles and where they are."""
    if not _prepare(setup, (_base(setup.project),)):
        return 0
    output = setup.folders.data / "demo" / "recue-demo.srt"
    output.parent.mkdir(parents=True, exist_ok=True)
    timeline = str(Path("demo", "recue-demo.otio"))
    command = ["-m", "editor_plugin", "transcribe", timeline, "--model", "demo", "--print"]
    status = _run(setup, [*command, "-o", str(output), *further])
    if status == 0:
        setup.say(f"The subtitles of the demo timeline are in {output}")
    return status


def test(setup: Setup, further: list[str]) -> int:
    """Run every check; `further` goes to pytest, whose summary is printed last.

    Whoever names a file or folder of tests wants to know about that alone, and soon.
    """
    begun = time.monotonic()
    wanted = tuple(requirements(setup.project, "dev"))
    tools = Group("dev", "the tools for the tests", wanted, wanted)
    if not _prepare(setup, (_base(setup.project), tools)):
        return 0
    setup.say(f"environment: ready ({time.monotonic() - begun:.1f} s)")
    failed = []
    for name, arguments in CHECKS if not _names_a_path(setup.project, further) else ():
        begun = time.monotonic()
        status = _run(setup, ["-m", *arguments])
        setup.say(f"{name}: {'failed' if status else 'ok'} ({time.monotonic() - begun:.1f} s)")
        if status:
            failed.append(name)
    if failed:
        setup.say(f"These failed, and so will this run: {', '.join(failed)}.")
    status = _run(setup, ["-m", "pytest", *further])
    return 1 if status or failed else 0


def _names_a_path(project: Path, arguments: list[str]) -> bool:
    """Whether a file or folder is among pytest's arguments, be it with a test's name after `::`."""
    before = ""
    for argument in arguments:
        is_value = argument.startswith("-") or before in PYTEST_OPTIONS
        if argument and not is_value and (project / argument.partition("::")[0]).exists():
            return True
        before = argument
    return False


def doctor(setup: Setup) -> int:
    """Check everything, from inside the environment where there is one."""
    try:
        recipe = recipe_for(setup)
    except RecueError as error:
        setup.say(f"Python: {error}")
        return 1
    env = setup.folders.environment
    if not is_ready(env, recipe, (_base(setup.project),)):
        state = "is not complete or not up to date" if env.exists() else "is not there"
        setup.say(f"Python: {recipe.python.path}, which will do.")
        setup.say(f"Environment: {env} {state}. Run: python3 install.py")
        return 1
    return _run(setup, ["-m", "editor_plugin", "doctor"])


def recipe_for(setup: Setup) -> Recipe:
    """What the environment is made from here; raises EnvironmentBroken without a fitting Python."""
    python = find_python(setup.machine)
    build = choose_build(setup.machine, python, sees_nvidia(setup.machine))
    return Recipe(python, build, setup.project)


def _prepare(setup: Setup, groups: tuple[Group, ...]) -> bool:
    """Bring the environment up to date; False where --dry-run only printed that."""
    recipe = recipe_for(setup)
    env = setup.folders.environment
    if is_ready(env, recipe, groups):
        if setup.dry_run:
            setup.say(f"The environment in {env} is ready.")
        return not setup.dry_run
    index = index_arguments(recipe.build, setup.machine)
    if setup.dry_run:
        setup.say(f"Would make an environment in {env} with {recipe.python.path}")
        for group in groups:
            setup.say(f"Would install {group.about}")
        return False
    ensure(setup.folders, recipe, groups, setup.say, index)
    return True


def _base(project: Path) -> Group:
    about = "PyTorch, NeMo and the other packages (this takes a few minutes)"
    # setuptools builds the project's own wheel; here it is pinned like everything else.
    wanted = (*requirements(project, "dependencies"), "setuptools")
    return Group("base", about, wanted, wanted, tried=True)


def _project_group(project: Path, temporary: Path) -> Group:
    """Recue itself, from a copy: building leaves files behind, and the download stays as it is."""
    digest = hashlib.sha256()
    for path in _project_files(project):
        content = path.read_bytes()
        relative = path.relative_to(project)
        digest.update(f"{relative.as_posix()} {len(content)} ".encode() + content)
        copy = temporary / relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    # Not from or into pip's cache: the folder's name says nothing of what is in it.
    options = ("--no-deps", "--no-build-isolation", "--force-reinstall", "--no-cache-dir")
    arguments = (*options, str(temporary))
    return Group(f"project:{digest.hexdigest()[:16]}", "Recue itself", arguments, ("recue",))


def _project_files(project: Path) -> Iterator[Path]:
    for name in INSTALLED:
        top = project / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _place_all(setup: Setup) -> list[Result]:
    """Write all of `_wanted`; remove what an older version wrote and this one no longer has."""
    placed = placed_files.read_list(setup.folders.data)
    wanted = _wanted(setup)
    results = []
    for path in [path for path in map(Path, placed.files) if path not in wanted]:
        placed, result = placed_files.withdraw(placed, path)
        results.append(result)
    for path, (content, mode) in wanted.items():
        placed, result = placed_files.place(placed, path, content, mode)
        placed_files.write_list(setup.folders.data, placed)
        results.append(result)
    placed_files.write_list(setup.folders.data, placed)
    return results


def _wanted(setup: Setup) -> dict[Path, tuple[bytes, int]]:
    """The command, the starter and the menu scripts: what is in each file, and its mode."""
    command = launcher(setup.machine, setup.folders)
    scripts = {path: (content, 0o644) for path, content in _menu_scripts(setup)}
    starter = starter_files(setup.machine, setup.folders)
    return {command.path: (command.content, 0o755), **starter, **scripts}


def _menu_scripts(setup: Setup) -> Iterator[tuple[Path, bytes]]:
    for folder in script_folders(setup.machine, setup.system):
        for relative, script in menu_scripts(setup.project / "scripts" / folder.editor.key):
            yield folder.path / relative, filled_in(script, setup.folders)


def _tell_placing(setup: Setup) -> None:
    setup.say(f"Would write {plugin_folder(setup.folders)}")
    for path in _wanted(setup):
        setup.say(f"Would write {path}")


def _tell_next_steps(setup: Setup, placed: set[Path]) -> None:
    command = launcher(setup.machine, setup.folders)
    shown = "recue" if command.on_path else str(command.path)
    if placed.issuperset(starter_files(setup.machine, setup.folders)):
        setup.say(where_it_is(setup.machine))
    setup.say(f"The command is {command.path}")
    has_script = {path.parent for path, _ in _menu_scripts(setup)}
    for folder in script_folders(setup.machine, setup.system):
        if any(folder.path in (path, *path.parents) for path in has_script):
            setup.say(f"{folder.editor.name}: {folder.editor.next_step} ({folder.path})")
        else:
            setup.say(f"{folder.editor.name} is here; this Recue has no menu script for it yet.")
    setup.say(f"Next: {shown} doctor checks the installation and names the model to fetch.")


def _run(setup: Setup, arguments: list[str]) -> int:
    """Run the environment's Python in the project, on this terminal; return its exit status."""
    environ = {**tool_environment(), "PYTHONUTF8": "1"}
    python = str(interpreter(setup.folders.environment))
    process = subprocess.Popen([python, *arguments], cwd=setup.project, env=environ)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal's Ctrl-C reached the child too, which ends in its own order.
            process.terminate()

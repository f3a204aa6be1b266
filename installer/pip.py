"""Runs pip in the environment, shows its progress, and explains a failure in one sentence."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import DiskFull, EnvironmentBroken, RecueError
from editor_plugin.hosts.folders import OwnFolders
from editor_plugin.hosts.json_file import opener

LOG = "install.log"
PIPED: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "encoding": "utf-8",
    "errors": "replace",
}
"""How a tool is run whose output is read."""
NETWORK = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS"),
    *("PIP_PROXY", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST"),
    *("PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES"),
    *("PIP_CACHE_DIR", "PIP_NO_CACHE_DIR", "PIP_KEYRING_PROVIDER"),
)
"""pip's settings that are kept: where packages come from, and how they are reached."""
_WHOLE_LIST = {"PIP_QUIET": "0", "PIP_USER": "0", "PIP_GLOBAL": "0", "PIP_SITE": "0"}
"""Settings without which `pip config list` would leave files out, or print nothing."""
_STEPS = re.compile(r"^\s*(Collecting|Downloading|Building wheel for|Installing collected)")
_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionReset|Max retries exceeded"
    r"|name resolution|getaddrinfo|Network is unreachable|ProxyError|SSLError|IncompleteRead"
)


def tool_environment() -> dict[str, str]:
    """This process's environment without what would lead a Python or its pip astray: of pip's
    settings nothing, neither variables nor files."""
    clean = clean_environment(os.environ)
    kept = {name: value for name, value in clean.items() if not name.upper().startswith("PIP_")}
    more = {"PIP_CONFIG_FILE": os.devnull, "PYTHONNOUSERSITE": "1", "PYTHONIOENCODING": "utf-8"}
    return {**kept, **more}


def network_settings(python: Path, say: Callable[[str], None]) -> dict[str, str]:
    """The user's own settings of pip that lead to packages, as variables: what a company needs. The
    others, such as another target, concern the user's environments and not Recue's."""
    asked = {name: value for name, value in os.environ.items() if name.upper().startswith("PIP_")}
    environ = {**tool_environment(), **asked, **_WHOLE_LIST}
    if "PIP_CONFIG_FILE" not in asked:
        del environ["PIP_CONFIG_FILE"]
    # A target or a dry run is nothing to this command, but another Python would be.
    command = [str(python), "-m", "pip", "--python", str(python), "config", "list"]
    done = subprocess.run(command, env=environ, **PIPED)
    if done.returncode:
        say("pip's own settings cannot be read, and are left out; correct pip.conf if you need it.")
    found: dict[str, str] = {}
    for section in ("global", "install"):  # the second goes before the first
        for name, value in re.findall(rf"^{section}\.([a-z-]+)=(.*)$", done.stdout, re.MULTILINE):
            found[name] = str(_literal(value))
    variables = {f"PIP_{name.replace('-', '_')}".upper(): text for name, text in found.items()}
    # As pip has it: variables go before files, and empty ones are none.
    given = {**variables, **{name: value for name, value in asked.items() if value}}
    return {name: " ".join(given[name].split()) for name in NETWORK if given.get(name)}


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def run_pip(
    python: Path, arguments: list[str], folders: OwnFolders, say: Callable[[str], None], lock: int
) -> None:
    """`pip install`; raises EnvironmentBroken or DiskFull. What pip says is in the install log.

    pip gets its own temporary folder on the environment's disk (a small /tmp would not hold
    PyTorch) and the lock's descriptor, so that the lock outlives this process if that is killed.
    """
    work = folders.cache / "pip"
    shutil.rmtree(work, ignore_errors=True)
    for folder in (work, folders.logs):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))
    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    settings = network_settings(python, say)
    with open(folders.logs / LOG, "a", encoding="utf-8", opener=opener) as log:
        log.write(f"\n{' '.join([*command, *arguments])}\n")
        process = subprocess.Popen(
            [*command, "--progress-bar", "off", *arguments],
            **PIPED,
            env={**tool_environment(), **settings, **temporary},
            pass_fds=() if os.name == "nt" else (lock,),
        )
        try:
            tail = _follow(process, log.write, say)
        except BaseException:
            process.kill()
            process.wait()
            raise
    shutil.rmtree(work, ignore_errors=True)
    if process.returncode:
        raise _reason(tail, folders)


def _follow(
    process: subprocess.Popen[str], record: Callable[[str], object], say: Callable[[str], None]
) -> str:
    """Copy pip's output to the log and its steps to the terminal; return the last lines."""
    assert process.stdout is not None
    tail: deque[str] = deque(maxlen=60)
    on_terminal = sys.stdout.isatty()
    for line in process.stdout:
        record(line)
        tail.append(line)
        if on_terminal and _STEPS.match(line):
            print("\r\x1b[K  " + line.strip()[:76], end="", flush=True)
        elif not on_terminal and "Downloading" in line and " GB)" in line:
            say("  " + line.strip())
    if on_terminal:
        print("\r\x1b[K", end="", flush=True)
    process.wait()
    return "".join(tail)


def _reason(output: str, folders: OwnFolders) -> RecueError:
    log = folders.logs / LOG
    if "No space left on device" in output or "Errno 28" in output:
        return DiskFull(str(folders.data))
    if _NETWORK.search(output):
        return EnvironmentBroken(
            "The packages could not be downloaded: the connection to the package index failed.",
            "Check the connection or the proxy, and run the same command again; it goes on.",
        )
    # A package that the index does not have conflicts, in pip's words, with its own pin.
    missing = re.search(r"^ERROR: Cannot install (\S+) because", output, re.MULTILINE)
    if missing:
        return EnvironmentBroken(
            f"The package index has no {missing.group(1)} that fits this machine.",
            f"If you use a mirror, try without it; what pip said is in {log}.",
        )
    errors = re.findall(r"^ERROR: (.+)$", output, re.MULTILINE) or ["no reason was given"]
    return EnvironmentBroken(
        f"pip could not install the packages: {errors[0].rstrip('.')}.",
        f"Run the same command again; if that does not help, see {log}.",
    )

"""Everything stays on this machine, and goes when it is asked to: the real command and demo."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_end_to_end import DEMO, ROOT, User

pytestmark = pytest.mark.nemo


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """Somebody whose machine has no network at all while the main job is done."""
    user = User(tmp_path_factory.mktemp("private"))
    shutil.copy(DEMO / "media" / "recue-demo.mp4", user.folder / "Interview – geheim.mp4")
    yield user
    assert user.processes() == []


def without_network(user: User, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a network namespace of its own, whose one interface is down."""
    command = ["unshare", "--net", sys.executable, "-m", "editor_plugin", *arguments]
    run = subprocess.run(
        command, cwd=user.folder, env=user.environment, capture_output=True, encoding="utf-8"
    )
    if run.returncode and "unshare" in run.stderr:
        pytest.skip(f"no network namespace can be made here: {run.stderr.strip()}")
    return run


@pytest.fixture(scope="module")
def words(user: User) -> list[str]:
    """The main job, done without any network; the words that were heard."""
    looked = [
        "unshare",
        "--net",
        sys.executable,
        "-c",
        "import socket; print(socket.if_nameindex())",
    ]
    seen = subprocess.run(looked, capture_output=True, encoding="utf-8")
    assert seen.returncode or seen.stdout.strip() == "[(1, 'lo')]"
    run = without_network(
        user, "transcribe", "Interview – geheim.mp4", "--model", "demo", "--format", "srt,words"
    )
    assert run.returncode == 0, run.stderr
    found = json.loads((user.folder / "Interview – geheim.words.json").read_text("utf-8"))["words"]
    texts = [re.sub(r"\W", "", each["text"]) for each in found]
    assert len(texts) > 50
    return texts


def kept_files(user: User) -> list[Path]:
    return [path for path in (user.home / "recue").rglob("*") if path.is_file()]


def test_the_main_job_needs_no_network(words: list[str], user: User) -> None:
    assert (user.folder / "Interview – geheim.srt").stat().st_size > 500


def test_no_log_holds_what_was_said(words: list[str], user: User) -> None:
    logs = "\n".join(
        path.read_text("utf-8", "replace") for path in kept_files(user) if "logs" in path.parts
    )
    said = {f"{one} {other}" for one, other in pairwise(words)}
    assert logs and [pair for pair in sorted(said) if pair in logs] == []


def test_no_sound_is_left_in_the_work_folder(words: list[str], user: User) -> None:
    assert [path for path in kept_files(user) if path.suffix == ".wav"] == []


def test_what_is_forgotten_is_on_no_disk_any_more(words: list[str], user: User) -> None:
    def found() -> list[Path]:
        rare = max(words, key=len).encode()
        return [path for path in kept_files(user) if rare in path.read_bytes()]

    assert len(found()) >= 1
    status, _, err = user.run("forget", "Interview – geheim.mp4")
    assert status == 1 and "--yes" in err and found()  # nobody was there to be asked
    status, _, err = user.run("forget", "Interview – geheim.mp4", "--yes")
    assert status == 0, err
    assert found() == []
    status, _, err = user.run("forget", "Interview – geheim.mp4", "--yes")
    assert status == 1 and "Interview – geheim.mp4" in err
    assert (user.folder / "Interview – geheim.srt").exists()  # what was written is the user's


def test_nothing_of_ours_names_an_address_but_the_models() -> None:
    """No telemetry, no look for updates: only models and documents have addresses."""
    licences = ("creativecommons.org", "opensource.org")
    allowed = (
        *("huggingface.co", "python.org", "127.0.0.1", "www.w3.org", "localhost", "sqlite.org"),
        *licences,
    )
    found = set()
    for path in (ROOT / "editor_plugin").rglob("*.py"):
        for address in re.findall(r"https?://([^\s\"'/{}:,]+)", path.read_text("utf-8")):
            found.add(address.replace("\\", ""))
    found.remove("host")  # in a sentence that shows the form of an address
    assert [each for each in sorted(found) if not each.endswith(allowed)] == []

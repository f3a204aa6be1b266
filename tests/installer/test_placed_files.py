from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.hosts.folders import LIST
from installer.placed_files import Placed, place, read_list, withdraw, withdraw_folders, write_list


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: files with their content, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def take_all_back(placed: Placed) -> Placed:
    for path in list(map(Path, placed.files)):
        placed, _ = withdraw(placed, path)
    return withdraw_folders(placed)


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "Scripts" / "Générer les sous-titres.py"
    placed, result = place(Placed({}), path, b"script", 0o755)
    assert (result.state, path.read_bytes()) == ("written", b"script")
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o755
    assert placed.folders == (str(path.parent),)
    placed, result = place(placed, path, b"script")
    assert result.state == "unchanged"
    placed, result = place(placed, path, b"newer")
    assert (result.state, path.read_bytes()) == ("written", b"newer")


def test_a_file_that_was_there_before_is_neither_overwritten_nor_deleted(tmp_path: Path) -> None:
    path = tmp_path / "Subtitles.py"
    path.write_bytes(b"somebody's own")
    placed, result = place(Placed({}), path, b"ours")
    assert (result.state, result.reason) == ("kept", "a file of that name was there before")
    take_all_back(placed)
    assert path.read_bytes() == b"somebody's own"


def test_a_file_that_the_user_changed_is_the_users(tmp_path: Path) -> None:
    path = tmp_path / "made" / "Subtitles.py"
    placed, _ = place(Placed({}), path, b"ours")
    path.write_bytes(b"improved")
    placed, result = place(placed, path, b"ours, newer")
    assert (result.state, result.reason) == ("kept", "it was changed since")
    placed, result = withdraw(placed, path)
    assert (result.state, path.read_bytes()) == ("kept", b"improved")
    assert withdraw_folders(placed).folders == (str(path.parent),)


def test_a_list_that_was_lost_is_found_again_by_the_content(tmp_path: Path) -> None:
    path = tmp_path / "Subtitles.py"
    place(Placed({}), path, b"ours")
    placed, result = place(Placed({}), path, b"ours")
    assert result.state == "unchanged"
    take_all_back(placed)
    assert not path.exists()


def test_a_file_that_is_gone_already_is_no_failure(tmp_path: Path) -> None:
    placed, _ = place(Placed({}), tmp_path / "a.py", b"ours")
    (tmp_path / "a.py").unlink()
    placed, result = withdraw(placed, tmp_path / "a.py")
    assert (result.state, placed.files) == ("removed", {})


def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_listed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    placed, result = place(Placed({}), tmp_path / "file" / "a.py", b"ours")
    assert (result.state, placed) == ("failed", Placed({}))
    assert result.reason


def test_a_file_that_cannot_be_deleted_stays_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, _ = place(Placed({}), tmp_path / "a.py", b"ours")

    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    after, result = withdraw(placed, tmp_path / "a.py")
    assert (after, result.state, result.reason) == (placed, "failed", "Permission denied")


def test_bytecode_of_our_scripts_goes_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "addons" / "recue" / "__init__.py"
    placed, _ = place(Placed({}), path, b"pass")
    (path.parent / "__pycache__").mkdir()
    (path.parent / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"x")
    assert take_all_back(placed) == Placed({})
    assert tree(tmp_path) == {}


def test_a_folder_with_something_of_the_user_stays(tmp_path: Path) -> None:
    path = tmp_path / "scripts" / "ours.py"
    placed, _ = place(Placed({}), path, b"ours")
    (path.parent / "__pycache__").mkdir()
    (path.parent / "__pycache__" / "theirs.pyc").write_bytes(b"x")
    (path.parent / "theirs.py").write_bytes(b"x")
    take_all_back(placed)
    assert set(tree(tmp_path)) == {
        "scripts",
        "scripts/theirs.py",
        "scripts/__pycache__",
        "scripts/__pycache__/theirs.pyc",
    }


def test_the_list_survives_a_write_and_a_read(tmp_path: Path) -> None:
    placed = Placed({"/home/Zoë/a b.py": "0" * 64}, ("/home/Zoë",))
    write_list(tmp_path / "data", placed)
    assert read_list(tmp_path / "data") == placed
    write_list(tmp_path / "data", Placed({}))
    assert tree(tmp_path) == {"data": None}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"files": 3, "folders": []}', "\x00"])
def test_a_list_that_cannot_be_read_is_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / LIST).write_text(content)
    assert read_list(tmp_path) == Placed({})


NAMES = st.sampled_from(["a", "é", "b c", "d/e", "d/f/g", "é/h"])


@given(
    before=st.dictionaries(st.sampled_from(["a", "d/x", "z"]), st.binary(max_size=3), max_size=3),
    first=st.dictionaries(NAMES, st.binary(max_size=3), max_size=6),
    then=st.dictionaries(NAMES, st.binary(max_size=3), max_size=6),
)
def test_taking_everything_back_leaves_what_was_there(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[str, bytes],
    first: dict[str, bytes],
    then: dict[str, bytes],
) -> None:
    """Also with files of other people under the same names, and after an update."""
    home = tmp_path_factory.mktemp("home")
    for name, content in before.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(b"foreign " + content)
    was = tree(home)
    placed = Placed({})
    for names in (first, then):
        for name, content in names.items():
            path = home / name
            if path.is_dir() or any(parent.is_file() for parent in path.parents):
                continue
            placed, _ = place(placed, path, content)
    assert take_all_back(placed) == Placed({})
    assert tree(home) == was

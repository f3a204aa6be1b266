"""What commands need is asked for before they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.needs import need_files, need_folder, need_json, need_packages, need_programs


def refused(capsys: pytest.CaptureFixture[str], refusal: pytest.ExceptionInfo[SystemExit]) -> str:
    assert refusal.value.code == 2
    return capsys.readouterr().err


def test_what_is_there_passes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "told.json"
    need_folder(path.parent)
    path.write_text('{"words": 3}')
    need_packages("json", "pytest")
    need_files(path)
    assert need_json(path, "words") == {"words": 3}
    assert [each.name for each in path.parent.iterdir()] == ["told.json"]


def test_every_missing_package_is_named_as_pip_calls_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as refusal:
        need_packages("json", "no_such_package", "nor_this")
    assert refused(capsys, refusal).startswith("This needs no_such_package, nor_this, which ")


def test_a_missing_program_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        need_programs("no-such-program")
    assert "apt install no-such-program" in refused(capsys, refusal)


@pytest.mark.parametrize("content", ["no JSON", "[]", '{"more": 1}'])
def test_json_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "told.json"
    path.write_text(content)
    with pytest.raises(SystemExit) as refusal:
        need_json(path, "words")
    assert "it wants words." in refused(capsys, refusal)
    with pytest.raises(SystemExit) as refusal:
        need_json(tmp_path / "nowhere.json", "words")
    assert "cannot be read" in refused(capsys, refusal)

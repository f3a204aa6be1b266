"""Which packages an environment has whole, whoever installed them."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from installer.environment import Group, interpreter, lacking


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "env"
    venv.create(folder, symlinks=sys.platform != "win32")
    return folder


def packages_of(env: Path) -> Path:
    """The folder of packages of an environment."""
    return next(iter(env.glob("lib/python*/site-packages")), env / "Lib" / "site-packages")


def group(*packages: str) -> Group:
    return Group("base", "packages", packages, packages)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_package_of_an_older_pip_is_whole_with_its_files(env: Path, newline: str) -> None:
    # Without the package wheel, as in Debian 12, pip has a package's own setup.py install it.
    site = packages_of(env)
    about = site / "old_style-1.0.egg-info"
    about.mkdir(exist_ok=True)
    (about / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: old-style\nVersion: 1.0\n")
    (about / "SOURCES.txt").write_text("setup.py\nold_style.py\n")
    with (about / "installed-files.txt").open("w", newline="") as file:
        file.write(newline.join(["../../../../bin/old", "../old_style.py", "PKG-INFO", ""]))
    module = site / "old_style.py"
    module.write_text("")
    assert interpreter(env).exists()
    assert lacking(env, group("old-style==1.0")) == []
    module.unlink()
    assert lacking(env, group("old-style==1.0")) == ["old-style==1.0"]


def test_a_package_that_is_not_there_is_lacking(env: Path) -> None:
    assert lacking(env, group("none-such[extra]>=1")) == ["none-such[extra]>=1"]

"""The add-on itself: installing it in both ways, switching it off and on, and without Recue."""

from __future__ import annotations

import pytest

from tests.hosts.blender.blenders import Blender, Installation


def test_it_can_be_switched_off_and_on(blender: Blender, installation: Installation) -> None:
    told = blender.do(installation, "switched", addon=str(installation.addon))
    assert told == [True, False, True]


def test_the_same_zip_is_an_extension(blender: Blender, installation: Installation) -> None:
    if blender.name == "3.4":
        pytest.skip("Blender 3.4 has no extensions")
    told = blender.do(installation, "as_extension", addon=str(installation.addon))
    assert told == [["FINISHED"], True, False, True]


def test_without_recue_the_panel_says_so(blender: Blender, installation: Installation) -> None:
    plugin = str(installation.data / "plugin")
    told = blender.do(installation, "without_recue", addon=str(installation.addon), plugin=plugin)
    assert told == [False, True]

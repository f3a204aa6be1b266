"""The add-on itself: installing it in both ways, switching it off and on, and without Recue."""

from __future__ import annotations

from tests.hosts.blender.blenders import Blender, Installation, found


def test_it_can_be_switched_off_and_on(blender: Blender, installation: Installation) -> None:
    told = blender.do(installation, "switched", addon=str(installation.addon))
    assert told == [True, False, True]


def test_the_same_zip_is_an_extension_from_4_2_on(installation: Installation) -> None:
    told = found("5.0").do(installation, "as_extension", addon=str(installation.addon))
    assert told == [["FINISHED"], True, False, True]


def test_without_recue_the_panel_says_so(blender: Blender, installation: Installation) -> None:
    plugin = str(installation.data / "plugin")
    told = blender.do(installation, "without_recue", addon=str(installation.addon), plugin=plugin)
    assert told == [False, True]

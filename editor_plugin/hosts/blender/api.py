"""Hides the differences of the sequencer's Python interface between Blender 3.4 and 5.0.

Asked for by attribute, never by version. An empty collection of Blender is false, hence `hasattr`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from editor_plugin.core.timebase import exact_rate
from editor_plugin.hosts.blender.strips import SceneClock

CHANNELS = 128
"""How many channels a sequencer has, in all of these versions."""

# The look of a text strip: what a user may have set on one of ours, and what the next ones take
# over. Each version has some of these.
_LOOK = (
    *("font", "font_size", "color", "location", "wrap_width", "blend_type", "blend_alpha"),
    *("use_bold", "use_italic", "use_box", "box_color", "box_margin", "box_roundness"),
    *("use_shadow", "shadow_color", "shadow_angle", "shadow_offset", "shadow_blur"),
    *("use_outline", "outline_color", "outline_width", "color_tag"),
    *("align_x", "align_y", "alignment_x", "anchor_x", "anchor_y"),
)


def strips_of(owner: Any) -> Any:
    """The strips of a sequence editor or of a meta strip."""
    return owner.strips if hasattr(owner, "strips") else owner.sequences


def frames_of(strip: Any) -> tuple[int, int]:
    """The scene frames [first, end) in which a strip is seen or heard."""
    return int(strip.frame_final_start), int(strip.frame_final_end)


def clock_of(scene: Any) -> SceneClock:
    """The scene's time. Blender keeps 1.001 as a float of 32 bits: 1.0010000467300415."""
    base = number(scene.render.fps_base)
    return SceneClock(exact_rate(scene.render.fps / base), int(scene.frame_start))


def number(value: float) -> Fraction:
    """A float of Blender's as it was typed: its floats are good to seven digits."""
    return Fraction(f"{value:.6f}")


def edited_scene(context: Any) -> Any:
    """The scene in the sequencer; from 5.0 on it need not be the window's."""
    return getattr(context, "sequencer_scene", None) or context.scene


def new_text(strips: Any, name: str, channel: int, frames: tuple[int, int]) -> Any:
    """Make a text strip that is seen in [first, end) of `frames`."""
    first, end = frames
    parameters = strips.bl_rna.functions["new_effect"].parameters
    extent = {"length": end - first} if "length" in parameters else {"frame_end": end}
    strip = strips.new_effect(name=name, type="TEXT", channel=channel, frame_start=first, **extent)
    # Names of strips may be at most 63 bytes and are made unique; frames are as they were asked.
    strip.select = False
    return strip


def look_of(strip: Any) -> dict[str, Any]:
    """The look of a text strip, by the names of its attributes."""
    found = {name: getattr(strip, name) for name in _LOOK if hasattr(strip, name)}
    return {
        name: tuple(value) if hasattr(value, "__len__") and not isinstance(value, str) else value
        for name, value in found.items()
    }


def first_look(height: int) -> dict[str, Any]:
    """The look of the first subtitles in a scene of so many lines: white, at the bottom, readable
    on any picture. `wear` leaves out what a version does not have."""
    return {
        "font_size": round(height / 18),
        "color": (1.0, 1.0, 1.0, 1.0),
        "location": (0.5, 0.06),
        "wrap_width": 0.9,
        "blend_type": "ALPHA_OVER",
        "use_shadow": True,
        "shadow_color": (0.0, 0.0, 0.0, 1.0),
        "use_box": True,
        "box_color": (0.0, 0.0, 0.0, 0.5),
        "box_margin": 0.008,
        "align_x": "CENTER",
        "align_y": "BOTTOM",
        "alignment_x": "CENTER",
        "anchor_x": "CENTER",
        "anchor_y": "BOTTOM",
    }


def wear(strip: Any, look: dict[str, Any]) -> None:
    """Give a text strip a look."""
    for name, value in look.items():
        if hasattr(strip, name):
            setattr(strip, name, value)


def each_text(owner: Any) -> Iterator[tuple[Any, Any]]:
    """Every text strip and the collection that it is in, those within meta strips too."""
    strips = strips_of(owner)
    for strip in list(strips):
        if strip.type == "TEXT":
            yield strips, strip
        elif strip.type == "META":
            yield from each_text(strip)

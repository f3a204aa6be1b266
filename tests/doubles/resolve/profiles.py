"""The versions of Resolve that the double can be.

Figures: the last build of each line that reports name; free 21.1 lists no Python menu scripts;
UIManager opens a sales window on free from 19.1 and is gone on free 21.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.doubles.resolve.switches import Switches
from tests.doubles.resolve.world import World


@dataclass(frozen=True)
class Profile:
    """A version. `edition` is the one it has unless the world says otherwise ("" = either).

    `target`, `position` and `names` are the defaults of the switches of the same names.
    """

    name: str
    version: tuple[int, int, int, int]
    edition: str = ""
    menu: bool = True
    target: str = "first_enabled"
    position: str = "track_end"
    names: str = "text"

    @property
    def key(self) -> tuple[int, ...]:
        """The version, to compare with a method's."""
        return self.version[:3]


PROFILES = {
    each.name: each
    for each in (
        Profile("18.6", (18, 6, 6, 7)),
        Profile("19.1", (19, 1, 3, 7)),
        Profile("20.2", (20, 2, 0, 10), names="literal"),
        Profile("20.3", (20, 3, 2, 9)),
        Profile("21.0", (21, 0, 4, 5)),
        Profile(
            "21.1-studio",
            (21, 1, 0, 17),
            edition="studio",
            target="destination",
            position="programme_end_first",
        ),
        Profile("21.1-free", (21, 1, 0, 14), edition="free", menu=False),
    )
}


def profile_of(world: World) -> Profile:
    """The profile of a world. Raises KeyError for one that is not there."""
    return PROFILES[world.profile]


def edition_of(world: World) -> str:
    """ "free" or "studio"."""
    return profile_of(world).edition or world.edition or "studio"


def switches_of(world: World) -> Switches:
    """The switches with the profile's defaults in place of empty ones."""
    profile, chosen = profile_of(world), world.switches
    return replace(
        chosen,
        target=chosen.target or profile.target,
        position=chosen.position or profile.position,
        names=chosen.names or profile.names,
    )


def version_key(text: str) -> tuple[int, ...]:
    """ "19.0.2" as numbers."""
    numbers = [int(part) for part in text.split(".")] if text else []
    return tuple(numbers + [0] * (3 - len(numbers)))

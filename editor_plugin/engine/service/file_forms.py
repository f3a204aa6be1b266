"""The forms of the calls about files: places, folders, uploads, media on the page."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from editor_plugin.engine.service.forms import MOST, Asked, Text, whole_number

Whole = Annotated[int, Field(ge=0, le=MOST), BeforeValidator(whole_number)]


class UploadAsked(Asked):
    """A file to be uploaded: its name and its size in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    bytes: Whole


class UploadWire(BaseModel):
    """An upload: how many of its bytes are here, and the path of the whole file."""

    upload: str
    received: int
    bytes: int
    path: str | None


class PlaceWire(BaseModel):
    """A folder in which a user would look for media."""

    name: str
    path: str
    kind: Literal[
        "home", "desktop", "documents", "downloads", "movies", "music", "volume", "recent"
    ]


class PlacesWire(BaseModel):
    """Where a user would look for media."""

    places: list[PlaceWire]


class FolderAsked(BaseModel):
    """A folder, by its absolute path, and a text that is in the wanted names."""

    model_config = ConfigDict(extra="forbid")

    folder: Text
    like: Annotated[str, Field(max_length=200)] = ""


class FolderEntryWire(BaseModel):
    """A folder, media file or timeline; `bytes` is null for folders."""

    name: str
    path: str
    kind: Literal["folder", "media", "timeline"]
    bytes: int | None
    modified: str | None


class FolderWire(BaseModel):
    """What is in a folder; `more`: not everything is told. `notes` tell what cannot be chosen."""

    folder: str
    parent: str | None
    entries: list[FolderEntryWire]
    more: bool
    notes: list[str]


class MediaByPath(Asked):
    """A media file of a job, an upload or the store, by its path."""

    path: Text


class MediaByNumber(Asked):
    """A media file of the store, by its number there."""

    stored: Whole


MediaAddressAsked = MediaByPath | MediaByNumber


class MediaAddressWire(BaseModel):
    """Where a media file can be played from; `seconds` is its length, where it is known."""

    address: str
    kind: Literal["video", "audio"]
    seconds: float | None

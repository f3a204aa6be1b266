"""The forms of the calls about files: places, folders, uploads, media on the page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from editor_plugin.engine.service.forms import MOST, Asked, whole_number

FileSize = Annotated[int, Field(ge=0, le=MOST), BeforeValidator(whole_number)]


class UploadAsked(Asked):
    """A file to be uploaded: its name and its size in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    bytes: FileSize


class UploadWire(BaseModel):
    """An upload: how many of its bytes are here, and the path of the whole file."""

    upload: str
    received: int
    bytes: int
    path: str | None

"""Download of models from the Hugging Face hub, resumable and verified.

The hub's own downloader cannot resume an interrupted file, so the bytes are streamed here through
the hub library's session, with its proxies, certificates, tokens and mirrors (HF_ENDPOINT).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from editor_plugin.core.errors import (
    Cancelled,
    DiskFull,
    FetchFailed,
    ModelCorrupt,
    ModelNotFetched,
    OutputUnwritable,
)
from editor_plugin.core.model_catalogue import KnownModel
from editor_plugin.engine.models import local
from editor_plugin.engine.models.network_settings import SETTINGS, refuse_settings
from editor_plugin.engine.private_files import opener

Progress = Callable[[int, int], None]
"""Called with the bytes that are downloaded and the bytes in all."""

SPARE_BYTES = 64 * 1024 * 1024
"""Free disk space that must remain beside the model, for logs and the next job."""
ATTEMPTS = 5
"""Connections in a row without any data before a download fails."""
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
PAUSE_SECONDS = 1.0
"""Wait before connecting again; twice as long after each connection without any data."""


@dataclass(frozen=True)
class _Remote:
    model: KnownModel
    url: str
    sha256: str
    size: int


def fetch(
    name: str, progress: Progress | None = None, cancel: threading.Event | None = None
) -> local.LocatedModel:
    """Download a model of the catalogue unless it is on this machine, and return it.

    An interrupted or cancelled download is resumed, also by another process. The file gets its name
    only after its SHA-256 was verified. `cancel` is checked at every piece of data, at the latest
    after the hub's timeout for a silent connection (10 s).

    Raises ModelUnknown, FetchFailed, DiskFull, OutputUnwritable, Cancelled.
    """
    model = local.known(name)
    with contextlib.suppress(ModelNotFetched, ModelCorrupt):
        return local.locate(model.name)
    target = local.file_of(model)
    lock = filelock.FileLock(target.with_name(target.name + ".lock"), timeout=0)
    try:
        with lock:
            return _fetch(model, target, _Control(progress, cancel or threading.Event()))
    except filelock.Timeout:
        raise FetchFailed(
            model.name, "another Recue is fetching it now", "Wait until it is done."
        ) from None
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(target.parent)) from None
        raise OutputUnwritable(str(target), error.strerror or str(error)) from None


@dataclass(frozen=True)
class _Control:
    """Reports the progress of a download, and raises Cancelled once `cancel` is set."""

    progress: Progress | None
    cancel: threading.Event

    def at(self, done: int, total: int) -> None:
        self.pause(0)
        if self.progress:
            self.progress(done, total)

    def pause(self, seconds: float) -> None:
        if self.cancel.wait(seconds):
            raise Cancelled


def _fetch(model: KnownModel, target: Path, control: _Control) -> local.LocatedModel:
    refuse_settings(model.name)
    hub = _hub()
    remote = _remote(hub, model, control)
    # Named by its checksum: a new version on the hub never goes on from an old version's bytes.
    part = target.with_name(f"{target.name}.{remote.sha256[:12]}.part")
    for old in local.partials(target):
        if old != part or old.stat().st_size > remote.size:
            old.unlink()
    here = part.stat().st_size if part.exists() else 0
    needed = remote.size - here + SPARE_BYTES
    if shutil.disk_usage(target.parent).free < needed:
        raise DiskFull(str(target.parent), needed_mb=needed // 1_000_000)
    _download(hub, remote, part, control)
    if local.checksum(part, control.cancel) != remote.sha256:
        part.unlink()
        raise FetchFailed(
            model.name,
            "its checksum is not the one that the hub states",
            "Run the same command again, on another network if this one changes downloads.",
            "Try again, on another network if this one changes downloads.",
        )
    local.record_of(target).unlink(missing_ok=True)
    os.replace(part, target)
    assert model.repo is not None
    local.write_record(target, local.VerifiedModel(remote.sha256, remote.size, model.repo))
    return local.locate(model.name)


def _hub() -> Any:
    """Import the hub library; it reads these environment variables on import."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import huggingface_hub

    return huggingface_hub


def _remote(hub: Any, model: KnownModel, control: _Control) -> _Remote:
    """Ask the hub for the file's address, size and checksum."""
    url = hub.hf_hub_url(model.repo, model.file, endpoint=os.environ.get("HF_ENDPOINT") or None)
    try:
        found = _describe(hub, model, url)
    except FetchFailed as failed:
        if failed.data["todo"]:
            raise
        # The library keeps connections open; one may have been closed by the server meanwhile.
        control.pause(PAUSE_SECONDS)
        found = _describe(hub, model, url)
    if found.size is None or not re.fullmatch("[0-9a-f]{64}", found.etag or ""):
        raise FetchFailed(
            model.name,
            "the server states no size and checksum to verify it",
            "Unset HF_ENDPOINT, if you set it, or choose a complete mirror.",
        )
    return _Remote(model, url, found.etag, found.size)


def _describe(hub: Any, model: KnownModel, url: str) -> Any:
    with _translated_errors(hub, model):
        return hub.get_hf_file_metadata(url)


def _download(hub: Any, remote: _Remote, part: Path, control: _Control) -> None:
    """Append to `part` until it is complete; connect again as long as data arrive."""
    failures = 0
    while (here := part.stat().st_size if part.exists() else 0) < remote.size:
        control.at(here, remote.size)
        try:
            with _translated_errors(hub, remote.model):
                _append(hub, remote, part, control)
        except FetchFailed as failed:
            if failed.data["todo"]:  # a refusal; connecting again would not change it
                raise
            failures = 0 if part.exists() and part.stat().st_size > here else failures + 1
            if failures >= ATTEMPTS:
                raise
            control.pause(PAUSE_SECONDS * 2**failures)
    control.at(remote.size, remote.size)


def _append(hub: Any, remote: _Remote, part: Path, control: _Control) -> None:
    """Request the missing bytes in one connection, and write them."""
    here = part.stat().st_size if part.exists() else 0
    headers = hub.utils.build_hf_headers() | {"Accept-Encoding": "identity"}
    if here:
        headers["Range"] = f"bytes={here}-"
    timeout = hub.constants.HF_HUB_DOWNLOAD_TIMEOUT
    with hub.get_session().stream("GET", remote.url, headers=headers, timeout=timeout) as response:
        hub.utils.hf_raise_for_status(response)
        if _full_size(response) not in (None, remote.size):
            raise FetchFailed(
                remote.model.name,
                "something on the network answers in place of the hub",
                "If this network asks for a login in the browser, log in, and try again.",
            )
        if here and response.status_code != 206:  # it sends everything from the start
            here = 0
        with open(part, "r+b" if here else "wb", opener=opener) as file:
            file.seek(here)
            for block in response.iter_raw():
                file.write(block)
                file.flush()  # the part's size is the progress that others see
                here += len(block)
                if here > remote.size:
                    break  # another file, as the checksum will show
                control.at(here, remote.size)


def _full_size(response: Any) -> int | None:
    """The size of the whole file in an answer's headers; None where it is not stated."""
    if response.status_code == 206:
        size = response.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        size = response.headers.get("Content-Length", "")
    return int(size) if size.isdecimal() else None


@contextlib.contextmanager
def _translated_errors(hub: Any, model: KnownModel) -> Iterator[None]:
    """Turn the hub library's errors into FetchFailed."""
    errors = hub.errors
    host = os.environ.get("HF_ENDPOINT") or "huggingface.co"
    try:
        yield
    except errors.OfflineModeIsEnabled:
        raise FetchFailed(
            model.name, "downloads are switched off by HF_HUB_OFFLINE", "Unset it and try again."
        ) from None
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        raise FetchFailed(model.name, *_refusal(model, status, host)) from None
    except (ValueError, ImportError, ssl.SSLError) as error:
        raise FetchFailed(
            model.name,
            f"the connection to {host} could not be set up ({type(error).__name__})",
            f"Check the variables {', '.join(SETTINGS)}, if they are set.",
        ) from None
    except errors.HTTPError as error:
        raise FetchFailed(
            model.name, f"the connection to {host} failed ({type(error).__name__})"
        ) from None


def _refusal(model: KnownModel, status: int, host: str) -> tuple[str, str]:
    """Reason and remedy for a refusing answer; without a remedy, connecting again may help."""
    if status in (401, 403):
        return (
            f"{host} restricts access to it (HTTP {status})",
            f"Accept its terms at https://huggingface.co/{model.repo} and set HF_TOKEN, "
            "or choose another model.",
        )
    if status in (404, 410):
        return (
            f"{host} does not have it any more (HTTP {status})",
            "Choose another model, or update Recue.",
        )
    return f"{host} answers with an error (HTTP {status})", ""

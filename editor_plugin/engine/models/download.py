"""Fetch a model from the Hugging Face hub: resumable, verified, and quiet.

The hub's own downloader begins a cut file anew, so the bytes are streamed here over the hub
library's session, which brings its proxies, certificates, tokens and mirrors (HF_ENDPOINT).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
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

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes there are in all."""

SPARE_BYTES = 64 * 1024 * 1024
"""What must stay free on the disk beside the model, for logs and the next job."""
ATTEMPTS = 5
"""Connections in a row that bring nothing before a download is given up."""
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
PAUSE_SECONDS = 1.0
"""Wait before connecting again; twice as long after each connection that brought nothing."""


@dataclass(frozen=True)
class _Remote:
    model: KnownModel
    url: str
    sha256: str
    size: int


def fetch(
    name: str, progress: Progress | None = None, cancel: threading.Event | None = None
) -> local.LocatedModel:
    """Fetch a model of the catalogue unless it is here already, and return it.

    A download that was cut or cancelled goes on where it stopped, also in another process. The
    file gets its name only after its SHA-256 was found right. `cancel` is heard at every piece of
    data, and at the latest when the hub's time limit for a silent connection is over (10 s).

    Raises ModelUnknown, FetchFailed, DiskFull, OutputUnwritable, Cancelled.
    """
    model = local.known(name)
    with contextlib.suppress(ModelNotFetched, ModelCorrupt):
        return local.locate(model.name)
    target = local.file_of(model)
    lock = filelock.FileLock(target.with_name(target.name + ".lock"), timeout=0)
    try:
        with lock:
            return _fetch(model, target, _Watch(progress, cancel or threading.Event()))
    except filelock.Timeout:
        raise FetchFailed(
            model.name, "another Recue is fetching it now", "Wait until it is done."
        ) from None
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(target.parent)) from None
        raise OutputUnwritable(str(target), error.strerror or str(error)) from None


class _Watch:
    """Tells how far the download is, and raises Cancelled when the user has asked to stop."""

    def __init__(self, progress: Progress | None, cancel: threading.Event) -> None:
        self._progress = progress
        self._cancel = cancel

    def at(self, done: int, total: int) -> None:
        if self._cancel.is_set():
            raise Cancelled
        if self._progress:
            self._progress(done, total)

    def pause(self, seconds: float) -> None:
        if self._cancel.wait(seconds):
            raise Cancelled


def _fetch(model: KnownModel, target: Path, watch: _Watch) -> local.LocatedModel:
    hub = _hub()
    remote = _remote(hub, model, watch)
    # Named by its checksum: a new version on the hub never goes on from an old version's bytes.
    part = target.with_name(f"{target.name}.{remote.sha256[:12]}.part")
    for old in local.partials(target):
        if old != part or old.stat().st_size > remote.size:
            old.unlink()
    here = part.stat().st_size if part.exists() else 0
    needed = remote.size - here + SPARE_BYTES
    if shutil.disk_usage(target.parent).free < needed:
        raise DiskFull(str(target.parent), needed_mb=needed // 1_000_000)
    _download(hub, remote, part, watch)
    if local.checksum(part) != remote.sha256:
        part.unlink()
        raise FetchFailed(
            model.name,
            "what arrived has another checksum than the hub names",
            "Run the same command again, on another network if this one changes downloads.",
            "Try again, on another network if this one changes downloads.",
        )
    local.record_of(target).unlink(missing_ok=True)
    os.replace(part, target)
    assert model.repo is not None
    local.write_record(target, local.VerifiedModel(remote.sha256, remote.size, model.repo))
    return local.locate(model.name)


def _hub() -> Any:
    """Import the hub library, told to be quiet: it reads these variables when it is imported."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import huggingface_hub

    return huggingface_hub


def _remote(hub: Any, model: KnownModel, watch: _Watch) -> _Remote:
    """Ask the hub for the file's address, size and checksum."""
    url = hub.hf_hub_url(model.repo, model.file, endpoint=os.environ.get("HF_ENDPOINT") or None)
    try:
        found = _describe(hub, model, url)
    except FetchFailed as failed:
        if failed.data["todo"]:
            raise
        # The library keeps connections open, and learns only by asking that the server closed one.
        watch.pause(PAUSE_SECONDS)
        found = _describe(hub, model, url)
    if found.size is None or not re.fullmatch("[0-9a-f]{64}", found.etag or ""):
        raise FetchFailed(
            model.name,
            "the server names no size and checksum to verify it by",
            "Unset HF_ENDPOINT, if you set it, or choose a complete mirror.",
        )
    return _Remote(model, url, found.etag, found.size)


def _describe(hub: Any, model: KnownModel, url: str) -> Any:
    with _in_plain_words(hub, model):
        return hub.get_hf_file_metadata(url)


def _download(hub: Any, remote: _Remote, part: Path, watch: _Watch) -> None:
    """Append to `part` until it is complete; connect again as long as that brings anything."""
    failures = 0
    while (here := part.stat().st_size if part.exists() else 0) < remote.size:
        watch.at(here, remote.size)
        try:
            with _in_plain_words(hub, remote.model):
                _append(hub, remote, part, watch)
        except FetchFailed as failed:
            if failed.data["todo"]:  # a refusal; connecting again would not change it
                raise
            failures = 0 if part.exists() and part.stat().st_size > here else failures + 1
            if failures >= ATTEMPTS:
                raise
            watch.pause(PAUSE_SECONDS * 2**failures)
    watch.at(remote.size, remote.size)


def _append(hub: Any, remote: _Remote, part: Path, watch: _Watch) -> None:
    """One connection: ask for what is missing and write it as it comes."""
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
                "something on the way answers in place of the hub",
                "If this network asks for a login in the browser, log in, and try again.",
            )
        if here and response.status_code != 206:  # it sends everything from the start
            here = 0
        with part.open("r+b" if here else "wb") as file:
            file.seek(here)
            for block in response.iter_raw():
                file.write(block)
                here += len(block)
                if here > remote.size:
                    break  # not our file; the checksum will say so
                watch.at(here, remote.size)


def _full_size(response: Any) -> int | None:
    """The size of the whole file, as this answer tells it; None where it does not."""
    if response.status_code == 206:
        told = response.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        told = response.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else None


@contextlib.contextmanager
def _in_plain_words(hub: Any, model: KnownModel) -> Iterator[None]:
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
    except errors.HTTPError as error:
        raise FetchFailed(
            model.name, f"the connection to {host} failed ({type(error).__name__})"
        ) from None


def _refusal(model: KnownModel, status: int, host: str) -> tuple[str, str]:
    """Reason and advice for an answer that is no file; without advice, trying again may help."""
    if status in (401, 403):
        return (
            f"{host} does not give it to everybody (HTTP {status})",
            f"Accept its terms at https://huggingface.co/{model.repo} and set HF_TOKEN, "
            "or choose another model.",
        )
    if status in (404, 410):
        return (
            f"{host} does not have it any more (HTTP {status})",
            "Choose another model, or update Recue.",
        )
    return f"{host} answers with an error (HTTP {status})", ""

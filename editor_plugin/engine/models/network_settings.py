"""The environment variables that a download goes by, checked before the libraries meet them: what
those say of a wrong one names no variable."""

from __future__ import annotations

import importlib.util
import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from editor_plugin.core.errors import FetchFailed

PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
SETTINGS = ("HF_ENDPOINT", "HF_TOKEN", *PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR")


def refuse_settings(model: str) -> None:
    """Raise FetchFailed where a setting of the network cannot be, which it names."""
    for check in (_endpoint, _token, _proxies, _certificates):
        for reason, todo in check():
            raise FetchFailed(model, reason, todo)


def _endpoint() -> Iterator[tuple[str, str]]:
    value = os.environ.get("HF_ENDPOINT")
    if value and not _is_address(value, ("http", "https")):
        yield (
            f"HF_ENDPOINT is “{value}”, which is no address",
            ("Write it with https://, such as https://huggingface.co, or unset HF_ENDPOINT."),
        )


def _token() -> Iterator[tuple[str, str]]:
    # Never its value: it is a secret.
    for name in TOKENS:
        if not _is_token(os.environ.get(name, "")):
            yield f"{name} holds a character that no token has", f"Copy it again, or unset {name}."
    named = os.environ.get("HF_TOKEN_PATH")
    home = os.environ.get("HF_HOME") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "huggingface"
    )
    path = Path(named or os.path.join(home, "token"))
    try:
        kept = path.read_text(encoding="utf-8") if path.is_file() else ""
    except (OSError, ValueError):
        kept = "\ufffd"
    if not _is_token(kept):
        yield f"the token in “{path}” cannot be one", "Delete the file, or log in again."


def _proxies() -> Iterator[tuple[str, str]]:
    for name in (*PROXIES, *map(str.lower, PROXIES)):
        value = os.environ.get(name, "")
        if not value:
            continue
        if value.lower().startswith("socks"):
            if importlib.util.find_spec("socksio") is None:
                yield (
                    f"{name} names a SOCKS proxy, which Recue cannot use",
                    (f"Name an HTTP proxy, or unset {name}."),
                )
        elif not _is_address(value if "://" in value else f"http://{value}", ("http", "https")):
            yield (
                f"{name} is no address of a proxy",
                (f"Write it as http://host:port, or unset {name}."),
            )


def _certificates() -> Iterator[tuple[str, str]]:
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        reason = ""
        if not os.path.isfile(file):
            reason = "is not there"
        else:
            try:
                ssl.create_default_context(cafile=file)
            except (OSError, ValueError):
                reason = "holds no certificates"
        if reason:
            yield (
                f"“{file}”, which SSL_CERT_FILE names, {reason}",
                ("Name a file of certificates, or unset SSL_CERT_FILE."),
            )
    if folder and not any(map(os.path.isdir, folder.split(os.pathsep))):
        yield (
            f"“{folder}”, which SSL_CERT_DIR names, is not there",
            ("Name a folder of certificates, or unset SSL_CERT_DIR."),
        )


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_token(value: str) -> bool:
    """Whether a token is one that can be sent in a header; an empty one is none, and not sent."""
    text = value.strip()
    return text.isascii() and (not text or text.isprintable())

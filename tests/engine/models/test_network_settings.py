"""Each wrong setting of the network is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor_plugin.core.errors import FetchFailed
from editor_plugin.engine.models.network_settings import SETTINGS, refuse_settings


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    for name in (*SETTINGS, *map(str.lower, SETTINGS), "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HF_ENDPOINT", "huggingface.co"),
        ("HF_ENDPOINT", "ftp://huggingface.co"),
        ("HF_ENDPOINT", "https://"),
        ("HF_ENDPOINT", "https://host:port"),
        ("HF_TOKEN", "hf_\u00e9"),
        ("HF_TOKEN", "hf_a\nb"),
        ("HUGGING_FACE_HUB_TOKEN", "hf_\u201cabc\u201d"),
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("all_proxy", "socks5h://127.0.0.1:1080"),
        ("HTTPS_PROXY", "ftp://proxy"),
        ("https_proxy", "http://proxy:port"),
        ("SSL_CERT_FILE", "/no/such/file.pem"),
        ("SSL_CERT_FILE", __file__),
        ("SSL_CERT_DIR", "/no/such/folder"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(FetchFailed, match=name) as caught:
        refuse_settings("demo")
    assert name in caught.value.todo
    assert "TOKEN" not in name or value not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HF_ENDPOINT", "http://127.0.0.1:8000/hub"),
        ("HF_TOKEN", "hf_abc"),
        ("HF_TOKEN", " "),
        ("HTTPS_PROXY", "proxy.example:3128"),
        ("HTTPS_PROXY", "http://user:word@proxy.example:3128"),
        ("SSL_CERT_DIR", "/no/such/folder:/"),
    ],
)
def test_a_right_one_is_left_alone(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    refuse_settings("demo")


def test_a_kept_token_that_is_none_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"hf_\xff")
    with pytest.raises(FetchFailed, match="token"):
        refuse_settings("demo")

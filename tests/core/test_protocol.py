"""Messages on the wire: what is written can be read, and nothing else can."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import MediaMissing, ProtocolError
from editor_plugin.core.protocol import (
    MAX_LINE_BYTES,
    Failure,
    Message,
    Notification,
    Reply,
    Request,
    decode,
    encode,
    failure,
    window_from_wire,
    window_to_wire,
    word_from_wire,
    word_to_wire,
)
from editor_plugin.core.transcript import SAMPLE_RATE, Window, Word

numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
params = st.dictionaries(st.text(), json_values, max_size=4)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Request, st.integers(), st.text(), params),
    st.builds(Reply, st.integers(), params),
    st.builds(Failure, st.none() | st.integers(), st.integers(), st.text(), params),
    st.builds(Notification, st.text(), params),
)


@given(messages)
def test_a_message_is_one_line_and_comes_back_the_same(message: Message) -> None:
    line = encode(message)
    assert line.endswith(b"\n") and len(line.splitlines()) == 1
    assert decode(line) == message


@given(st.binary(max_size=200) | json_values.map(lambda value: repr(value).encode()))
def test_garbage_is_a_protocol_error_and_nothing_else(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(line)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b'{"jsonrpc":"1.0","method":"load_model"}',
        b'{"jsonrpc":"2.0","method":3}',
        b'{"jsonrpc":"2.0","method":"a","params":[]}',
        b'{"jsonrpc":"2.0","method":"a","id":"x"}',
        b'{"jsonrpc":"2.0","method":"a","id":true}',
        b'{"jsonrpc":"2.0","id":1}',
        b'{"jsonrpc":"2.0","id":1,"result":[]}',
        b'{"jsonrpc":"2.0","id":1,"error":{"message":"no code"}}',
        b'{"jsonrpc":"2.0","id":"x","error":{"code":1}}',
        b"[" * 100_000,
    ],
)
def test_what_only_looks_like_a_message_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(line)


def test_a_line_that_is_no_json_has_json_rpcs_parse_error() -> None:
    with pytest.raises(ProtocolError) as caught:
        decode(b"Transcribing: 0it [00:00, ?it/s]")
    assert caught.value.rpc_code == -32700


def test_a_line_that_is_too_long_is_neither_written_nor_read() -> None:
    text = "x" * MAX_LINE_BYTES
    with pytest.raises(ProtocolError):
        encode(Notification("log", {"text": text}))
    with pytest.raises(ProtocolError):
        decode(b'{"jsonrpc":"2.0","method":"log","params":{"text":"' + text.encode() + b'"}}')


def test_a_failure_carries_the_error_itself() -> None:
    answer = decode(encode(failure(4, MediaMissing("/a b.mov"))))
    assert isinstance(answer, Failure)
    assert type(answer.error) is MediaMissing and answer.error.data == {"path": "/a b.mov"}


def test_a_strangers_failure_is_a_protocol_error() -> None:
    assert isinstance(Failure(1, -32601, "no such method", {}).error, ProtocolError)


@given(st.lists(st.integers(0, 10**9), min_size=4, max_size=4).map(sorted))
def test_windows_cross_the_wire(edges: list[int]) -> None:
    context_start, start, end, context_end = edges
    window = Window(start, end, context_start, context_end)
    if start == end:
        with pytest.raises(ProtocolError):
            window_from_wire(window_to_wire(window))
    else:
        assert window_from_wire(window_to_wire(window)) == window


@given(
    st.text(),
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.none() | st.floats(0, 1),
)
def test_words_cross_the_wire_exactly(
    text: str, start: int, length: int, confidence: float | None
) -> None:
    times = (Fraction(start, SAMPLE_RATE), Fraction(start + length, SAMPLE_RATE))
    word = Word(text, *times, confidence)
    assert word_from_wire(word_to_wire(word)) == word


@pytest.mark.parametrize(
    "wire",
    [
        None,
        [],
        ["a", 0, 1],
        ["a", 1, 0, None],
        ["a", 0.5, 1, None],
        [1, 0, 1, None],
        ["a", 0, 1, "x"],
    ],
)
def test_what_is_no_word_is_refused(wire: Any) -> None:
    with pytest.raises(ProtocolError):
        word_from_wire(wire)


@pytest.mark.parametrize("wire", [None, [0, 1, 2], [0, 2, 1, 3], [-1, 0, 1, 2], [0, 0.0, 1, 2]])
def test_what_is_no_window_is_refused(wire: Any) -> None:
    with pytest.raises(ProtocolError):
        window_from_wire(wire)

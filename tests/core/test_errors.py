"""The error tree: one docstring, codes of their own, and a way across the process border."""

from __future__ import annotations

import inspect
import json
import pickle
from typing import Any

import pytest

from editor_plugin.core import errors
from editor_plugin.core.errors import RecueError, from_wire


def classes() -> list[type[RecueError]]:
    found = vars(errors).values()
    return [each for each in found if inspect.isclass(each) and issubclass(each, RecueError)]


def leaves() -> list[type[RecueError]]:
    return [each for each in classes() if each.__init__ is not RecueError.__init__]


def example(kind: type[RecueError]) -> RecueError:
    """An error with a value of the right kind for each parameter."""
    values = {
        "str": "It was so.",
        "int": 7,
        "int | None": None,
        "float": 2.5,
        "bool": True,
        "list[str]": ["It was.", "It is."],
    }
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    arguments: list[Any] = [values[str(each.annotation)] for each in parameters]
    return kind(*arguments) if kind is not RecueError else RecueError("a", "b")


LEAVES = [each for each in leaves() if each is not RecueError]


def test_every_class_has_a_code_of_its_own() -> None:
    codes = [each.code for each in classes()]
    assert len(set(codes)) == len(codes)


def test_the_docstring_draws_the_whole_tree() -> None:
    drawn = errors.__doc__ or ""
    assert [each.__name__ for each in classes() if each.__name__ not in drawn] == []


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_crosses_the_process_border_whole(kind: type[RecueError]) -> None:
    error = example(kind)
    for copy in (
        from_wire(json.loads(json.dumps(error.to_wire()))),
        pickle.loads(pickle.dumps(error)),
    ):
        assert type(copy) is kind
        assert (copy.message, copy.todo, copy.data) == (error.message, error.todo, error.data)


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_says_what_happened_and_what_to_do(kind: type[RecueError]) -> None:
    error = example(kind)
    assert error.message.endswith(".") and error.todo.endswith(".")


def test_an_unknown_code_keeps_its_sentences() -> None:
    wire = {"code": "from-the-future", "message": "It rained.", "todo": "Wait.", "data": {"a": 1}}
    error = from_wire(wire)
    assert type(error) is RecueError and str(error) == "It rained. Wait."


def test_a_known_code_with_other_data_keeps_its_sentences() -> None:
    wire = {"code": "media-missing", "message": "It is gone.", "todo": "Look.", "data": {"b": 1}}
    assert str(from_wire(wire)) == "It is gone. Look."

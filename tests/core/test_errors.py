"""The error tree: one docstring, codes of their own, a way across the process border, and remedies
in the words of each surface."""

from __future__ import annotations

import ast
import inspect
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core import errors
from editor_plugin.core.errors import EnvironmentBroken, RecueError, Remedies, Surface, from_wire

PROJECT = Path(__file__).parents[2]
TODOS = json.loads(Path(__file__).with_name("error_todos.json").read_text(encoding="utf-8"))
"""What each example said was to be done when the remedies of the other surfaces came."""
COMMANDS = re.compile(
    r"\brecue [a-z]+|(?<![\w-])--?[a-z]|command line|terminal|same command|install\.py"
)
"""What nobody should read who has no command line: commands, options, and where to type them."""
ELSEWHERE = [Surface.EDITOR, Surface.PAGE]


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


def test_the_package_has_every_class_and_its_docstring_every_branch() -> None:
    assert [each.__name__ for each in classes() if not hasattr(errors, each.__name__)] == []
    drawn = errors.__doc__ or ""
    branches = [each.__name__ for each in RecueError.__subclasses__()]
    assert [each for each in branches if each not in drawn] == []


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_crosses_the_process_border_whole(kind: type[RecueError]) -> None:
    error = example(kind)
    for copy in (
        from_wire(json.loads(json.dumps(error.to_wire()))),
        pickle.loads(pickle.dumps(error)),
    ):
        assert type(copy) is kind
        assert (copy.message, copy.todo, copy.data) == (error.message, error.todo, error.data)
        assert str(copy) == str(error)
        for surface in Surface:
            assert copy.remedy(surface) == error.remedy(surface)


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_says_what_happened_and_what_to_do(kind: type[RecueError]) -> None:
    error = example(kind)
    assert error.message.endswith(".") and error.todo.endswith(".")
    assert str(error) == f"{error.message} {error.todo}"


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("surface", ELSEWHERE, ids=lambda surface: surface.value)
def test_no_command_is_named_where_there_is_no_command_line(
    kind: type[RecueError], surface: Surface
) -> None:
    error = example(kind)
    assert error.remedy(surface).endswith(".")
    assert not COMMANDS.search(error.sentence(surface))
    assert error.to_wire()["remedies"][surface.value] == error.remedy(surface)


def test_the_command_line_reads_what_it_always_read() -> None:
    found = {kind.code: example(kind).todo for kind in LEAVES}
    assert {code: found[code] for code in TODOS} == TODOS


def test_the_words_of_the_command_line_are_known() -> None:
    texts = ["Run recue doctor.", "Give it with --of.", "with -o, say", "Run the same command."]
    assert all(COMMANDS.search(text) for text in [*texts, "Type it in a terminal."])
    assert not COMMANDS.search("Install Recue again; Recue's log, a well-known place - or none.")


def free_words() -> Iterator[tuple[str, str]]:
    """Where errors carry their callers' own words, and what is said there to the reader who has no
    command line, which is the last argument."""
    for path in sorted((PROJECT / "editor_plugin").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 2:
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in ("RecueError", "EnvironmentBroken", "FetchFailed", "Remedies"):
                words = [each for each in ast.walk(call.args[-1]) if isinstance(each, ast.Constant)]
                is_nested = isinstance(call.args[-1], ast.Call)
                text = " ".join(str(each.value) for each in words if not is_nested)
                yield f"{path.name}:{call.lineno}", text


def test_no_caller_names_a_command_where_there_is_no_command_line() -> None:
    found = list(free_words())
    assert len(found) > 50
    assert [(place, text) for place, text in found if COMMANDS.search(text)] == []


def test_a_remedy_that_is_not_given_is_as_in_an_editor_or_on_the_command_line() -> None:
    page, editor, command_line = Surface.PAGE, Surface.EDITOR, Surface.COMMAND_LINE
    only, two, all_three = Remedies("a"), Remedies("a", "b"), Remedies("a", "b", "c")
    assert [only.on(editor), only.on(page)] == ["a", "a"]
    assert [two.on(command_line), two.on(editor), two.on(page)] == ["a", "b", "b"]
    assert [all_three.on(editor), all_three.on(page)] == ["b", "c"]


def test_an_error_that_says_the_same_everywhere_sends_what_an_older_recue_knows() -> None:
    assert EnvironmentBroken("It is gone.", "Look.").data == {
        "what": "It is gone.",
        "todo": "Look.",
    }


def test_an_unknown_code_keeps_its_sentences() -> None:
    wire = {"code": "from-the-future", "message": "It rained.", "todo": "Wait.", "data": {"a": 1}}
    error = from_wire(wire)
    assert type(error) is RecueError and str(error) == "It rained. Wait."
    assert error.sentence(Surface.EDITOR) == error.sentence(Surface.PAGE) == "It rained. Wait."


@pytest.mark.parametrize("remedies", [None, [], "Wait.", {}, {"editor": None, "moon": "Fly."}])
def test_remedies_that_are_not_sent_are_the_todo(remedies: Any) -> None:
    wire = {"code": "from-the-future", "message": "It rained.", "todo": "Wait."}
    assert from_wire({**wire, "remedies": remedies}).remedy(Surface.EDITOR) == "Wait."


def test_an_unknown_code_keeps_the_remedies_that_are_sent() -> None:
    wire = {"code": "from-the-future", "message": "It rained.", "todo": "Run recue dry."}
    sent = from_wire({**wire, "remedies": {"editor": "Wait.", "page": "Close it."}})
    for error in (sent, from_wire(sent.to_wire())):
        assert [error.remedy(each) for each in ELSEWHERE] == ["Wait.", "Close it."]


def test_a_known_code_with_other_data_keeps_its_sentences() -> None:
    wire = {"code": "media-missing", "message": "It is gone.", "todo": "Look.", "data": {"b": 1}}
    assert str(from_wire(wire)) == "It is gone. Look."

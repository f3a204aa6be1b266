"""The glossary in the store: terms of a project, and those of every project."""

from __future__ import annotations

from dataclasses import dataclass

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.glossary import Term
from editor_plugin.core.rewording import bare, stripped
from editor_plugin.engine.store.database import Database


@dataclass(frozen=True)
class Entry:
    """A term, and the project that it is of; "" is every project."""

    project: str
    term: Term


def add_term(database: Database, term: Term, project: str = "") -> None:
    """Keep a term; one with the same wrong words is replaced. Raises SettingsInvalid."""
    wrong, right = " ".join(term.wrong.split()), " ".join(term.right.split())
    if not stripped(wrong)[1]:
        raise SettingsInvalid("a term", term.wrong, "the words that are recognised wrongly")
    if not right:
        raise SettingsInvalid("a term", term.right, "the text that is right")
    same = [each.term.wrong for each in terms(database, project) if _key(each.term) == bare(wrong)]
    with database.write() as db:
        db.executemany(
            "DELETE FROM term WHERE project = ? AND wrong = ?", [(project, old) for old in same]
        )
        db.execute(
            'INSERT INTO term (project, wrong, "right") VALUES (?, ?, ?)', (project, wrong, right)
        )


def remove_term(database: Database, wrong: str, project: str = "") -> None:
    """Forget a term. Raises SettingsInvalid where there is none."""
    same = [each.term.wrong for each in terms(database, project) if _key(each.term) == bare(wrong)]
    if not same:
        known = ", ".join(f"“{each.term.wrong}”" for each in terms(database, project))
        raise SettingsInvalid("a term", wrong, f"one of {known}" if known else "terms once added")
    with database.write() as db:
        db.executemany(
            "DELETE FROM term WHERE project = ? AND wrong = ?", [(project, old) for old in same]
        )


def terms(database: Database, project: str | None = None) -> tuple[Entry, ...]:
    """The terms of one project, or of every project where it is None; in alphabetical order."""
    rows = database.read('SELECT project, wrong, "right" FROM term ORDER BY project, wrong')
    entries = (Entry(name, Term(wrong, right)) for name, wrong, right in rows)
    return tuple(each for each in entries if project is None or each.project == project)


def terms_for(database: Database, project: str = "") -> tuple[Term, ...]:
    """The terms for a project: its own, and the general ones that it does not replace."""
    general = {_key(each.term): each.term for each in terms(database, "")}
    own = {_key(each.term): each.term for each in terms(database, project)}
    return tuple({**general, **own}.values())


def _key(term: Term) -> str:
    return bare(" ".join(term.wrong.split()))

"""`recue correct`, `recue corrections`, `recue glossary`: keep, list and undo corrections.

Exit status: 0 all went well, also where nothing was new; 2 the command was not understood. What
cannot be read or is not known raises an error of the tree.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from editor_plugin.core.correction_reports import clock
from editor_plugin.core.corrections import Correction
from editor_plugin.core.glossary import Term
from editor_plugin.core.jobs.status import count
from editor_plugin.engine import corrections as kept
from editor_plugin.engine import paths
from editor_plugin.engine.corrections import carrying, wire
from editor_plugin.engine.engine import visit
from editor_plugin.engine.export.files import put
from editor_plugin.engine.store import Store

Run = Callable[[Store, argparse.Namespace], None]


def add_correct(command: argparse.ArgumentParser) -> None:
    """Add the options of `recue correct`."""
    command.set_defaults(run=_on_store(_correct))
    add = command.add_argument
    add("file", type=Path, metavar="FILE", help="an edited subtitle file of Recue's")
    add("--of", type=Path, metavar="ORIGINAL", help="the file as Recue wrote it, if renamed since")
    add("--encoding", help="of a file that is not in UTF-8, such as cp1252")
    add("--dry-run", action="store_true", help="show the corrections and keep nothing")


def add_corrections(command: argparse.ArgumentParser) -> None:
    """Add the sub-commands of `recue corrections`; alone it lists."""
    command.set_defaults(run=_on_store(_list), json=False)
    actions = command.add_subparsers(metavar="ACTION")
    action = actions.add_parser("list", help="list corrections, the oldest first")
    action.add_argument("--json", action="store_true", help="print it as JSON")
    action.set_defaults(run=_on_store(_list))
    action = actions.add_parser("undo", help="undo a batch of corrections")
    action.add_argument("number", nargs="?", type=int, metavar="N", help="(default: the last ones)")
    action.set_defaults(run=_on_store(_undo))
    _add_carrying(actions, _export, _import)


def add_glossary(command: argparse.ArgumentParser) -> None:
    """Add the sub-commands of `recue glossary`; alone it lists."""
    command.set_defaults(run=_on_store(_list_terms), json=False, project=None)
    actions = command.add_subparsers(metavar="ACTION")
    action = actions.add_parser("add", help="write RIGHT wherever WRONG is recognised")
    action.add_argument("wrong", metavar="WRONG", help="a word, or several in quotation marks")
    action.add_argument("right", metavar="RIGHT")
    action.add_argument("--project", default="", help="in this project only (default: in all)")
    action.set_defaults(run=_on_store(_add_term))
    action = actions.add_parser("remove", help="forget a term")
    action.add_argument("wrong", metavar="WRONG")
    action.add_argument("--project", default="", help="the term's project (default: all)")
    action.set_defaults(run=_on_store(_remove_term))
    action = actions.add_parser("list", help="list terms")
    action.add_argument("--project", help="list terms of this project only")
    action.add_argument("--json", action="store_true", help="print them as JSON")
    action.set_defaults(run=_on_store(_list_terms))
    _add_carrying(actions, _export_terms, _import_terms)


def _add_carrying(actions: Any, out: Run, back: Run) -> None:
    for name, run, text in (
        ("export", out, "write all of them to a file, for another machine"),
        ("import", back, "add those of an exported file"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("file", type=Path, metavar="FILE", help="JSON")
        action.set_defaults(run=_on_store(run))


def described(corrections: Iterable[Correction]) -> Iterator[str]:
    """One correction a line, without its time: “Zoey” → “Zoë”."""
    for each in corrections:
        before = f"“{' '.join(each.before)}”" if each.before else "nothing"
        yield f"{before} → {f'“{each.after}”' if each.after else 'nothing'}"


def _on_store(run: Run) -> Callable[[argparse.Namespace], int]:
    def with_store(options: argparse.Namespace) -> int:
        with visit(paths.data_folder()) as store:
            run(store, options)
        return 0

    return with_store


def _correct(store: Store, options: argparse.Namespace) -> None:
    given = kept.EditedFile(options.file, options.of, options.encoding)
    report = kept.correct_file(store.database, given, options.dry_run)
    lines = described(each.correction for each in report.changes)
    for change, line in zip(report.changes, lines, strict=True):
        print(f"{clock(change.time)}  {line}")
    for sentence in report.sentences:
        print(sentence)
    many = count(len(report.changes), "correction")
    if report.batch is not None:
        print(f"{many} kept (number {report.batch}); they hold for every run from now on.")
    elif report.changes:
        print(f"{many} found; nothing was kept.")
    else:
        print("No text was changed that is not kept already.")


def _list(store: Store, options: argparse.Namespace) -> None:
    if options.json:
        _print_json(wire.get_corrections(store.database))
        return
    batches = kept.listed(store.database)
    for batch in batches:
        print(f"{batch.number}  {batch.made_at}  {batch.origin}")
        for each, line in zip(
            batch.corrections, described(c.correction for c in batch.corrections), strict=True
        ):
            print(f"    {each.media} {clock(each.correction.start)}  {line}")
    if not batches:
        print("There are no corrections.")


def _undo(store: Store, options: argparse.Namespace) -> None:
    batch = kept.undo(store.database, options.number)
    for line in described(each.correction for each in batch.corrections):
        print(line)
    many = count(len(batch.corrections), "correction")
    print(f"{many} of number {batch.number} ({batch.origin}) taken back.")


def _export(store: Store, options: argparse.Namespace) -> None:
    data = kept.export_corrections(store.database)
    many = sum(len(batch["corrections"]) for batch in data["batches"])
    _write(store, options.file, data, count(many, "correction"))


def _import(store: Store, options: argparse.Namespace) -> None:
    data = carrying.read_json(options.file)
    added = kept.import_corrections(store.database, data, str(options.file))
    print(f"{count(added, 'correction')} added.")


def _add_term(store: Store, options: argparse.Namespace) -> None:
    kept.add_term(store.database, Term(options.wrong, options.right), options.project)
    where = f"in the project “{options.project}”" if options.project else "in every project"
    print(f"“{options.wrong}” → “{options.right}” {where}.")


def _remove_term(store: Store, options: argparse.Namespace) -> None:
    kept.remove_term(store.database, options.wrong, options.project)
    print(f"“{options.wrong}” is forgotten.")


def _list_terms(store: Store, options: argparse.Namespace) -> None:
    if options.json:
        _print_json(wire.get_glossary(store.database, options.project))
        return
    entries = kept.terms(store.database, options.project)
    for each in entries:
        project = f"  ({each.project})" if each.project else ""
        print(f"“{each.term.wrong}” → “{each.term.right}”{project}")
    if not entries:
        print("There are no terms.")


def _export_terms(store: Store, options: argparse.Namespace) -> None:
    data = kept.export_terms(store.database)
    _write(store, options.file, data, count(len(data["terms"]), "term"))


def _import_terms(store: Store, options: argparse.Namespace) -> None:
    data = carrying.read_json(options.file)
    added = kept.import_terms(store.database, data, str(options.file))
    print(f"{count(added, 'term')} added.")


def _write(store: Store, target: Path, data: dict[str, Any], what: str) -> None:
    aside = put(target, json.dumps(data, ensure_ascii=False, indent=1) + "\n", store)
    if aside is not None:
        text = f"“{target.name}” was there already; that version is now “{aside.name}”."
        print(text, file=sys.stderr)
    print(f"{what} → {target}")


def _print_json(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))

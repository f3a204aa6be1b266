"""`recue models`: list, fetch, verify and remove speech models."""

from __future__ import annotations

import argparse
import sys

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from editor_plugin.commands.display import console
from editor_plugin.core.model_catalogue import DEFAULT
from editor_plugin.core.printable import printable
from editor_plugin.engine.models import local


def add_models(command: argparse.ArgumentParser) -> None:
    """Add the sub-commands of `recue models`; alone it lists."""
    command.set_defaults(run=_list)
    actions = command.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", help="list known models, and which are on this machine")
    listing.set_defaults(run=_list)
    for name, run, text in (
        ("fetch", _fetch, "download a model and verify it"),
        ("verify", _verify, "read a model and compare its checksum"),
        ("remove", _remove, "delete a fetched model"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("name")
        action.set_defaults(run=run)


def fetch_with_progress(name: str) -> local.LocatedModel:
    """Fetch a model, with a bar on a terminal. Raises as `download.fetch`."""
    from editor_plugin.engine.models.download import fetch

    text = TextColumn("{task.description}")
    columns = (text, BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task(printable(name), total=None)
        return fetch(name, lambda done, of: bar.update(task, completed=done, total=of))


def _list(_options: argparse.Namespace) -> int:
    for shelf in local.inventory():
        model = shelf.model
        state = "here" if shelf.path else "not fetched"
        if shelf.partial:
            state = f"{shelf.partial / 1e6:.0f} MB of it fetched"
        default = ", the default" if model.name == DEFAULT else ""
        print(f"{model.name}  ({state}, about {model.size_mb} MB, {model.licence}{default})")
        print(f"    {model.about}")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    located = fetch_with_progress(options.name)
    print(f"{located.name} is here and verified: {located.path}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    located = local.verify(options.name)
    known = "is what was fetched" if located.sha256 else "is there; it has no record to compare"
    print(f"{located.name} {known}: {located.path}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    print(f"{local.remove(options.name) / 1e6:.0f} MB are free again.")
    return 0

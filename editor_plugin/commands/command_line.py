"""The argument parser of `recue`, and the commands transcribe, resegment, watch and doctor.

Exit status: 0 all went well; 1 something failed, and was reported; 2 the command was not
understood; 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from editor_plugin import __version__
from editor_plugin.commands.check import add_check
from editor_plugin.commands.corrections import add_correct, add_corrections, add_glossary
from editor_plugin.commands.display import Display, choose_display, lines
from editor_plugin.commands.engine import add_engine, add_jobs
from editor_plugin.commands.forgetting import add_forget
from editor_plugin.commands.models import add_models, fetch_with_progress
from editor_plugin.commands.orders import formats_of, input_options_of, orders_of
from editor_plugin.commands.page import add_page
from editor_plugin.commands.running import run
from editor_plugin.commands.settings import add_settings
from editor_plugin.commands.watching import add_watch, watch
from editor_plugin.core.errors import (
    Cancelled,
    InputError,
    ModelNotFetched,
    OutputIsInput,
    OutputUnwritable,
)
from editor_plugin.core.jobs.events import Emit, Event, Note
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order, refuse_bytes
from editor_plugin.core.jobs.status import count
from editor_plugin.engine import paths
from editor_plugin.engine.engine import Engine, visit
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.export.files import put, refuse_inputs
from editor_plugin.engine.log import log_to
from editor_plugin.engine.models import local
from editor_plugin.engine.reading import read_words
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.watchdog import Timeouts
from editor_plugin.engine.settings import UserSettings, override, read_settings
from editor_plugin.engine.store import Store
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled
from editor_plugin.engine.subtitles.style_files import find_style
from editor_plugin.engine.watching import WatchOptions

DEMO_NOTICE = (
    "This is Recue's small demo model. It knows the words of the demo media in synthetic voices, "
    "and will not understand people."
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser("recue", description="Subtitles from speech, on this machine.")
    root.add_argument("--version", action="version", version=f"recue {__version__}")
    root.set_defaults(run=lambda _: _help(root))
    commands = root.add_subparsers(metavar="COMMAND")
    for name, add, text in (
        ("transcribe", _add_transcribe, "make subtitles of media or timelines"),
        ("resegment", _add_resegment, "build subtitles from words again, without recognition"),
        ("watch", _add_watch, "make subtitles of every file that is put into a folder"),
        ("correct", add_correct, "keep edits of Recue's subtitles as corrections"),
        ("corrections", add_corrections, "list, undo, export or import corrections"),
        ("glossary", add_glossary, "fixed spellings of recognised words"),
        ("check", add_check, "check subtitles against a style guide"),
        ("models", add_models, "list, fetch, verify or remove speech models"),
        ("settings", add_settings, "show, explain and change your settings"),
        ("jobs", add_jobs, "list, cancel, pause or reorder jobs"),
        ("engine", add_engine, "the engine in the background"),
        ("page", add_page, "jobs and subtitles, in the browser"),
        ("forget", add_forget, "delete the transcript of a media file"),
    ):
        add(commands.add_parser(name, help=text))
    doctor = commands.add_parser("doctor", help="check everything that Recue needs")
    doctor.add_argument("--json", action="store_true", help="print the report as JSON")
    # Editors show what it prints, and their users have no command line.
    doctor.add_argument("--editor", action="store_true", help=argparse.SUPPRESS)
    doctor.set_defaults(run=_doctor)
    return root


def _help(root: argparse.ArgumentParser) -> int:
    root.print_help(sys.stderr)
    return 2


def _add_transcribe(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_transcribe)
    add = command.add_argument
    add("inputs", nargs="+", type=Path, metavar="INPUT", help="media file, or timeline (.otio, …)")
    add("-o", "--output", type=Path, help="file, or folder for many (default: beside the input)")
    _add_recognition(command)
    add("--shots", action="store_true", help="detect shot changes of a plain video file (slow)")
    add("--range", nargs=2, metavar=("IN", "OUT"), help="only from IN to OUT: 90.5 or HH:MM:SS")
    add("--stream", type=int, metavar="N", help="audio stream of a media file, from 1")
    add("--channel", type=int, metavar="N", help="channel of that stream, from 1 (default: mix)")
    add("--again", action="store_true", help="recognise again what is known; corrections hold")
    add("--print", action="store_true", help="print the subtitles, too")


def _add_watch(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_watch)
    add_watch(command)
    _add_recognition(command)


def _add_recognition(command: argparse.ArgumentParser) -> None:
    """Add the options that transcribe and watch have in common."""
    add = command.add_argument
    add("--model", help="name or .nemo file; “demo” is the small bundled one")
    _add_look(command)
    add("--project", default="", help="glossary to use besides that of all projects")
    add("--media", type=Path, action="append", default=[], metavar="FOLDER", help=MEDIA_HELP)
    add("--rate", help="frames per second of an EDL, which has no rate of its own")
    add("--device", help="auto, cpu, cuda or mps")
    add("--precision", help="auto, fp32 or bf16")
    add("--window-seconds", type=int, metavar="S", help="longest piece of audio recognised at once")
    add("--events", action="store_true", help="print progress as JSON lines")


def _add_resegment(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_resegment, **dict.fromkeys(("range", "stream", "channel", "rate")))
    command.set_defaults(media=[], again=False)
    add = command.add_argument
    add("inputs", nargs="+", type=Path, metavar="WORDS", help="file made with --format words")
    add("-o", "--output", type=Path, help="file, or folder for many (default: beside the input)")
    _add_look(command)
    add("--print", action="store_true", help="print the subtitles, too")


def _add_look(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--format", default="srt", help=f"one or more of {','.join(WRITERS)} (default: srt)")
    add("--style", help="netflix-en, bbc-16x9, shorts, …, or a .toml file of yours")
    add("--language", help="code such as en or de, for line breaks and for models that take it")


MEDIA_HELP = "look here for media that a timeline names; may be repeated"


def _transcribe(options: argparse.Namespace) -> int:
    settings = _settings(options)
    find_style(settings.style)  # a wrong name is reported before anything begins
    orders = orders_of(options)
    display = choose_display(options.events, sys.stdout, sys.stderr)
    try:
        _announce(settings, display)
        request = JobRequest(tuple(orders), _job_options(settings, options))
        with _stoppable() as cancel:
            good = run(request, open_engine, display.emit, cancel)
    finally:
        display.close()
    if options.print and not options.events:
        _print(orders)
    return 0 if good else 1


def _watch(options: argparse.Namespace) -> int:
    """Make subtitles of whatever is put into a folder, until Ctrl-C."""
    settings = _settings(options)
    find_style(settings.style)
    output = None if options.output is None else options.output.resolve()
    formats, given = tuple(formats_of(options)), input_options_of(options)
    watched = WatchOptions(options.folder.resolve(), output, formats, given)
    chosen = _job_options(settings, options)

    def do(orders: Sequence[Order], heard: Emit) -> bool:
        def emit(event: Event) -> None:
            display.emit(event)
            heard(event)

        display = choose_display(options.events, sys.stdout, sys.stderr)
        try:
            with _stoppable() as cancel:
                return run(JobRequest(tuple(orders), chosen), open_engine, emit, cancel)
        finally:
            display.close()

    between = lines(options.events, sys.stdout, sys.stderr)
    _announce(settings, between)
    return 0 if watch(watched, do, between.emit, options.once) else 1


def _announce(settings: UserSettings, display: Display) -> None:
    """Make sure that the model is there; emit a notice if it is the demo model."""
    if _located(settings.model, display).is_demo:
        display.emit(Note(None, DEMO_NOTICE))


def _resegment(options: argparse.Namespace) -> int:
    """Cut words into subtitles anew, without any recognition."""
    settings = _settings(options)
    look = SubtitleOptions(find_style(settings.style), settings.language)
    orders = orders_of(options)
    good = True
    with visit(paths.data_folder()) as store:
        for order in orders:
            try:
                _resegment_one(order, look, store)
            except (InputError, OutputUnwritable, OutputIsInput) as error:
                good = False  # the other files can still be done
                print(error, file=sys.stderr)
    if options.print:
        _print(orders)
    return 0 if good else 1


def _resegment_one(order: Order, look: SubtitleOptions, store: Store) -> None:
    result = subtitled(read_words(order.input), look)
    for output in order.outputs:
        refuse_bytes(output.path)
        refuse_inputs(output.path, [order.input])
        put(output.path, WRITERS[output.format].write(result), store)
        made = count(len(result.cues), "subtitle")
        print(f"{order.input.name}: {made} → {output.path}", file=sys.stderr)


def open_engine() -> Engine:
    """The engine on this user's folders, in this process. Raises EngineRunning."""
    work = paths.work_folder()
    # Who presses Ctrl-C wants the machine back now; finished windows are in the store already.
    timeouts = Timeouts(cancelling=1.0)
    logs = paths.log_folder()
    log_to(logs / "recue.log")
    recogniser = Recogniser(work / "runner", logs / "runner.log", timeouts=timeouts)
    return Engine(paths.data_folder(), work, recogniser)


def _job_options(settings: UserSettings, options: argparse.Namespace) -> JobOptions:
    """How to transcribe, with every name of a file absolute."""
    names = (_absolute(settings.model), _absolute(settings.style), settings.language)
    how = (settings.device, settings.precision, settings.window_seconds)
    return JobOptions(*names, *how, options.shots, project=options.project)


def _absolute(name: str) -> str:
    path = Path(name)
    return str(path.absolute()) if path.suffix and os.path.exists(path) else name


def _doctor(options: argparse.Namespace) -> int:
    from editor_plugin.engine.doctor import main

    chosen = {"--json": options.json, "--editor": options.editor}
    return main([name for name, is_set in chosen.items() if is_set])


def _settings(options: argparse.Namespace) -> UserSettings:
    settings = read_settings(paths.data_folder() / "settings.toml")
    names = ("model", "device", "precision", "language", "style", "window_seconds")
    given = {name: getattr(options, name, None) for name in names}
    given = {name: value for name, value in given.items() if value is not None}
    return override(settings, given)


def _located(name: str, display: Display) -> local.LocatedModel:
    """Find the model; offer to fetch it where a person can answer."""
    try:
        return local.locate(name)
    except ModelNotFetched as error:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        display.close()
        size = error.data["size_mb"]
        print(f"{error.message} Fetch it now ({size} MB)? [y/N] ", end="", file=sys.stderr)
        if input().strip().lower() not in ("y", "yes"):
            raise
        return fetch_with_progress(name)


def _print(orders: Sequence[Order]) -> None:
    for order in orders:
        for output in order.outputs:
            if os.path.isfile(output.path):
                print(output.path.read_text(encoding="utf-8"))


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Ctrl-C, or being asked to end, sets the event; a second Ctrl-C stops at once."""
    cancel = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            raise Cancelled()
        cancel.set()

    before = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

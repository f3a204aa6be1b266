"""The operators behind the panel's buttons. Imports bpy, so it runs in Blender only.

In the interface the operator is modal: a timer of the window wakes it, it takes a step and gives
control back. Blender run in the background has no timers; there it goes on to its end at once.
The whole job is one undo step, as Blender makes it when the operator has finished.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import bpy

from editor_plugin.core.errors import OutputUnwritable, RecueError, SubtitlesUnreadable, Surface
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.core.jobs.status import count
from editor_plugin.core.printable import printable
from editor_plugin.core.styles import STYLES
from editor_plugin.hosts.blender.api import clock_of, edited_scene, first_look, strips_of
from editor_plugin.hosts.blender.generation import Generation
from editor_plugin.hosts.blender.host import BlenderHost, Scope, selected
from editor_plugin.hosts.blender.placing import (
    GENERATED,
    IMPORTED,
    cues_there,
    laid_out,
    make,
    ours,
    taken,
    titles_of,
)
from editor_plugin.hosts.placed import Placed
from editor_plugin.hosts.srt import read_srt, srt_text

STEP_SECONDS = 0.25
AS_IN_SETTINGS = "SETTINGS"
REPORT = "Recue report"
"""The name of the text in Blender's text editor that holds the whole last report."""


@dataclass
class RunningJob:
    """The job that runs in this Blender, and the report of the last one."""

    client: Any = None
    generation: Generation | None = None
    report: tuple[str, ...] = ()
    failed: bool = False


work = RunningJob()


class PanelSettings(bpy.types.PropertyGroup):  # type: ignore[misc]
    """The choices in the panel, saved with the project. Empty: as in the user's own settings."""

    __annotations__ = {
        "style": bpy.props.EnumProperty(
            name="Style",
            description="The style guide that the subtitles keep to",
            items=[
                (AS_IN_SETTINGS, "As in settings", "The style that Recue’s settings name"),
                *((style.name, style.name, "") for style in STYLES),
            ],
        ),
        "model": bpy.props.StringProperty(
            name="Model", description="A model’s name; empty: the one that Recue’s settings name"
        ),
        "language": bpy.props.StringProperty(
            name="Language",
            description="A code such as en, for models that ask; empty: as in Recue’s settings",
        ),
    }


class _Generating(bpy.types.Operator):  # type: ignore[misc]
    """The base of the operators that make subtitles."""

    bl_options: ClassVar = {"REGISTER", "UNDO"}
    _timer: Any = None

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return work.generation is None

    def begin(self, context: Any, scope: Scope) -> set[str]:
        """Start the job; in the background, do all of it."""
        scene = edited_scene(context)
        try:
            host = BlenderHost(bpy, scene.name, scope)
            work.generation = Generation(work.client, host, _options(scene))
        except RecueError as error:
            return self._failed(error)
        work.report, work.failed = (), False
        if bpy.app.background or context.window is None:
            return self._to_the_end()
        manager = context.window_manager
        self._timer = manager.event_timer_add(STEP_SECONDS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """A step with each tick of the timer; all other events are Blender's."""
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        ended = self._step()
        redraw()
        if ended is None:
            return {"PASS_THROUGH"}
        context.window_manager.event_timer_remove(self._timer)
        return ended

    def cancel(self, _context: Any) -> None:
        """Forget the job as Blender opens another file or ends: the engine finishes it."""
        work.generation = None

    def _to_the_end(self) -> set[str]:
        while (ended := self._step()) is None:
            time.sleep(STEP_SECONDS / 2)
        return ended

    def _step(self) -> set[str] | None:
        if work.generation is None:
            return {"CANCELLED"}
        try:
            placed = work.generation.step()
        except RecueError as error:
            return self._failed(error)
        except Exception as error:
            self._failed(RecueError(f"Something went wrong in Blender: {error}.", ""))
            raise
        if placed is None:
            return None
        work.generation = None
        self._tell(placed)
        return {"FINISHED"}

    def _tell(self, placed: Placed) -> None:
        work.report, work.failed = placed.sentences, not placed.verified
        keep_report(placed.sentences)
        self.report({"INFO"} if placed.verified else {"WARNING"}, placed.sentences[0])

    def _failed(self, error: RecueError) -> set[str]:
        work.generation = None
        return refused(self, error)


class RECUE_OT_generate(_Generating):
    """Make subtitles for the sound of the whole timeline"""

    bl_idname = "recue.generate"
    bl_label = "Generate Subtitles"

    def execute(self, context: Any) -> set[str]:
        return self.begin(context, Scope())


class RECUE_OT_generate_selected(_Generating):
    """Make subtitles for the selected strips only"""

    bl_idname = "recue.generate_selected"
    bl_label = "For Selected Strips"

    def execute(self, context: Any) -> set[str]:
        scope = selected(edited_scene(context))
        if scope is None:
            self.report({"WARNING"}, "Select the strips that should have subtitles.")
            return {"CANCELLED"}
        return self.begin(context, scope)


class RECUE_OT_refresh(_Generating):
    """Keep your edits as corrections, and place the subtitles anew on the present cut"""

    bl_idname = "recue.refresh"
    bl_label = "Refresh"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return work.generation is None and any(True for _ in ours(edited_scene(context)))

    def execute(self, context: Any) -> set[str]:
        return self.begin(context, Scope())


class RECUE_OT_cancel(bpy.types.Operator):  # type: ignore[misc]
    """Stop; what is recognised so far is kept"""

    bl_idname = "recue.cancel"
    bl_label = "Stop"

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return work.generation is not None

    def execute(self, _context: Any) -> set[str]:
        assert work.generation is not None
        work.generation.cancel()
        redraw()
        return {"FINISHED"}


class _OfFile(bpy.types.Operator):  # type: ignore[misc]
    """The base of the operators that ask for a subtitle file."""

    filename_ext = ".srt"
    filepath: str
    __annotations__ = {
        "filepath": bpy.props.StringProperty(subtype="FILE_PATH"),
        "filter_glob": bpy.props.StringProperty(default="*.srt", options={"HIDDEN"}),
    }

    def invoke(self, context: Any, _event: Any) -> set[str]:
        if not self.filepath:
            name = bpy.data.filepath.rpartition(".")[0] or edited_scene(context).name
            self.filepath = name + self.filename_ext
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}


class RECUE_OT_import_srt(_OfFile):
    """Make text strips from a subtitle file; Refresh does not replace them"""

    bl_idname = "recue.import_srt"
    bl_label = "Import SRT"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        try:
            cues = read_srt(Path(self.filepath).read_bytes(), self.filepath)
        except OSError as error:
            return refused(self, SubtitlesUnreadable(self.filepath, error.strerror or str(error)))
        except RecueError as error:
            return refused(self, error)
        scene = edited_scene(context)
        titles = laid_out(titles_of(cues, clock_of(scene)), taken(scene))
        if titles is None:
            self.report({"WARNING"}, "No channel is free for the subtitles: delete strips first.")
            return {"CANCELLED"}
        look = first_look(int(scene.render.resolution_y))
        make(strips_of(scene.sequence_editor), titles, IMPORTED, look)
        work.report, work.failed = (f"{count(len(titles), 'subtitle')} imported.",), False
        return {"FINISHED"}


class RECUE_OT_export_srt(_OfFile):
    """Write the subtitles as they are on the timeline, with your edits"""

    bl_idname = "recue.export_srt"
    bl_label = "Export SRT"

    @classmethod
    def poll(cls, context: Any) -> bool:
        return bool(_shown(edited_scene(context)))

    def execute(self, context: Any) -> set[str]:
        text = srt_text(_shown(edited_scene(context)))
        try:
            Path(self.filepath).write_bytes(text.encode("utf-8"))
        except OSError as error:
            return refused(self, OutputUnwritable(self.filepath, error.strerror or str(error)))
        work.report, work.failed = (f"Written to {self.filepath}",), False
        return {"FINISHED"}


CLASSES = (
    PanelSettings,
    RECUE_OT_generate,
    RECUE_OT_generate_selected,
    RECUE_OT_refresh,
    RECUE_OT_cancel,
    RECUE_OT_import_srt,
    RECUE_OT_export_srt,
)


def refused(operator: Any, error: RecueError) -> set[str]:
    """Report why an operator did nothing, and return its result."""
    sentence = error.sentence(Surface.EDITOR)
    work.report, work.failed = (sentence,), True
    # An "ERROR" would raise an exception in a script that calls the operator.
    operator.report({"WARNING"}, sentence)
    return {"CANCELLED"}


def redraw() -> None:
    """Redraw the sequencers, and the panel with them."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


def keep_report(sentences: tuple[str, ...]) -> None:
    """Put the whole report where it can be read and searched: in a text of the project."""
    text = bpy.data.texts.get(REPORT) or bpy.data.texts.new(REPORT)
    text.clear()
    text.write("\n".join(map(printable, sentences)) + "\n")


def _shown(scene: Any) -> list[Any]:
    cues = [*cues_there(scene, GENERATED), *cues_there(scene, IMPORTED)]
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def _options(scene: Any) -> JobOptions:
    settings = scene.recue
    style = None if settings.style == AS_IN_SETTINGS else settings.style
    return JobOptions(settings.model.strip() or None, style, settings.language.strip() or None)

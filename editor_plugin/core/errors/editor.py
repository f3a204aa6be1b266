"""Why the editor's side of the work cannot be done."""

from __future__ import annotations

from editor_plugin.core.errors.base import RecueError, Remedies


class EditorError(RecueError):
    """The editor's side of the work cannot be done."""

    code = "editor"


class NoTimelineOpen(EditorError):
    """The editor has no project or timeline open."""

    code = "no-timeline-open"

    def __init__(self, editor: str) -> None:
        super().__init__(
            f"{editor} has no timeline open.",
            "Open the project and the timeline that you want subtitles for, and start this again.",
            editor=editor,
        )


class EditorTooOld(EditorError):
    """The editor's version cannot do what is asked."""

    code = "editor-too-old"

    def __init__(self, editor: str, wanted: str, needed: str) -> None:
        super().__init__(
            f"This {editor} cannot {wanted}.",
            Remedies(
                f"It needs {needed}; recue transcribe works without any editor.",
                f"It needs {needed}.",
            ),
            editor=editor,
            wanted=wanted,
            needed=needed,
        )


class EditorUnclear(EditorError):
    """The editor gives no answer that can be relied on."""

    code = "editor-unclear"

    def __init__(self, editor: str, detail: str) -> None:
        super().__init__(
            f"{editor} gives no clear answer: {detail}.",
            "Close any dialog that is open in it, and start this again.",
            editor=editor,
            detail=detail,
        )

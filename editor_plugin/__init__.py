"""Recue: subtitles on the editor's timeline, from the editor's own menu."""

__version__ = "0.1.0"

"""Users' corrections and the glossary: kept in the store, applied on every run."""

from editor_plugin.engine.corrections.applying import Sources, corrected
from editor_plugin.engine.corrections.carrying import (
    export_corrections,
    export_terms,
    import_corrections,
    import_terms,
)
from editor_plugin.engine.corrections.correcting import Edit, Report, correct
from editor_plugin.engine.corrections.files import EditedFile, correct_file
from editor_plugin.engine.corrections.log import CorrectionBatch, Kept, for_source, listed, undo
from editor_plugin.engine.corrections.provenance_file import made_of, read_made
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.corrections.terms import add_term, remove_term, terms, terms_for

__all__ = [
    "CorrectionBatch",
    "CorrectionSource",
    "Edit",
    "EditedFile",
    "Kept",
    "Report",
    "Sources",
    "add_term",
    "correct",
    "correct_file",
    "corrected",
    "export_corrections",
    "export_terms",
    "for_source",
    "import_corrections",
    "import_terms",
    "listed",
    "made_of",
    "read_made",
    "remove_term",
    "terms",
    "terms_for",
    "undo",
]

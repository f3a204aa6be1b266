"""The store, one SQLite file of transcripts, jobs and corrections: `Store` has the transcripts,
`Database` is for the tables of other modules."""

from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.identity import FileStat, Known
from editor_plugin.engine.store.repair import opened
from editor_plugin.engine.store.store import RecognitionKey, Store

__all__ = ["Database", "FileStat", "Known", "RecognitionKey", "Store", "opened"]

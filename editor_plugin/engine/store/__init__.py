"""Everything that lasts, in one SQLite file: transcripts, jobs, corrections.

`Store` has the transcripts; `Database` is what other rooms keep their tables in.
"""

from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.identity import FileStat, Known
from editor_plugin.engine.store.repair import opened
from editor_plugin.engine.store.store import RecognitionKey, Store

__all__ = ["Database", "FileStat", "Known", "RecognitionKey", "Store", "opened"]

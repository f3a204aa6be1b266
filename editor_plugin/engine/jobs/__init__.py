"""Jobs: the queue that outlives the engine, and the run itself."""

from editor_plugin.engine.jobs.run import RunResources, transcribe
from editor_plugin.engine.jobs.settings import RunSettings

__all__ = ["RunResources", "RunSettings", "transcribe"]

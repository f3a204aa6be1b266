"""Jobs: the queue in the store, the worker, and the run."""

from editor_plugin.engine.jobs.run import RunResources, transcribe
from editor_plugin.engine.jobs.settings import RunSettings

__all__ = ["RunResources", "RunSettings", "transcribe"]

"""Jobs: what is asked, the queue that outlives the engine, and the run itself."""

from editor_plugin.engine.jobs.order import Order, RunSettings
from editor_plugin.engine.jobs.run import RunResources, transcribe

__all__ = ["Order", "RunResources", "RunSettings", "transcribe"]

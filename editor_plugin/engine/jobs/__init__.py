"""Jobs: what is asked, the queue that outlives the engine, and the run itself."""

from editor_plugin.engine.jobs.order import Order, Settings
from editor_plugin.engine.jobs.run import Engine, transcribe

__all__ = ["Engine", "Order", "Settings", "transcribe"]

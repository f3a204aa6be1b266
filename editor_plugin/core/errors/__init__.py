"""Every error that Recue raises on purpose.

    RecueError                base
    ├── InputError            input: what the user gave
    ├── OutputError           output: what cannot be written, and trouble with the store
    ├── ModelError            model: unknown, not fetched, damaged
    ├── RunnerError           runner: the recognition process died, stalled, ran out of memory
    ├── EngineError           engine: unreachable, busy, newer; a request that is refused
    │                         files: folders, uploads and media on the page (some are InputErrors)
    ├── EditorError           editor: no timeline, too old, unclear
    └── DiskFull, SettingsInvalid, EnvironmentBroken, OwnerForeign, ProtocolError, InnerError,
        NoHome, SearchUnavailable, Cancelled

Each class builds its own sentences, what happened and what to do, from the data it is given; no
caller formats a message. What to do is said for the surface that shows it: an editor and the page
have no command line, so whoever shows an error there asks for `remedy` or `sentence`. Errors cross
the process border by `to_wire` and `from_wire`.
"""

from __future__ import annotations

from editor_plugin.core.errors.base import *
from editor_plugin.core.errors.editor import *
from editor_plugin.core.errors.engine import *
from editor_plugin.core.errors.files import *
from editor_plugin.core.errors.general import *
from editor_plugin.core.errors.input import *
from editor_plugin.core.errors.model import *
from editor_plugin.core.errors.output import *
from editor_plugin.core.errors.runner import *

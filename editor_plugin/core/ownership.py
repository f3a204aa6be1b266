"""Whether what lies in Recue's folders belongs to the user that this process runs as.

Somebody who ran Recue once with sudo has files of root's there; and who could write engine.json
for another user would be believed to be that user's engine.
"""

from __future__ import annotations

import os
from pathlib import Path

from editor_plugin.core.errors import OwnerForeign


def refuse_foreign(path: Path) -> None:
    """Raise OwnerForeign where a file or folder belongs to another user."""
    if os.name != "posix":
        return
    import pwd

    def name(uid: int) -> str:
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)

    try:
        owner = path.stat().st_uid
    except OSError:  # not there, or in a folder that is told of itself
        return
    if owner != os.geteuid():
        raise OwnerForeign(str(path), name(owner), name(os.geteuid()))

"""Whether what lies in Recue's folders belongs to the user that this process runs as.

Somebody who ran Recue once with sudo has files of root's there; and who could write engine.json
for another user would be believed to be that user's engine.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from editor_plugin.core.errors import OwnerForeign


def refuse_foreign(path: Path) -> None:
    """Raise OwnerForeign where a file or folder, or a link to it, belongs to another user."""
    if os.name != "posix":
        return
    import pwd

    def name(uid: int) -> str:
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return str(uid)

    try:
        looks = [path.lstat(), path.stat()]
    except OSError:  # not there, or in a folder that is refused itself
        return
    for look in looks:
        # A link to a device is refused where it is read; the device belongs to the system.
        is_ours_to_judge = any(each(look.st_mode) for each in (S_ISLNK, S_ISREG, S_ISDIR))
        if is_ours_to_judge and look.st_uid != os.geteuid():
            raise OwnerForeign(str(path), name(look.st_uid), name(os.geteuid()))

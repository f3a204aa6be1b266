"""Tells what the Python that runs this is: a line of JSON, and the path of its program.

Every Python reads this file, down to 2.7, also by way of the files to double-click, for which the
exit status says whether Recue can be installed with it: 0 it can, 10 it is of another version or
has 32 bits, 11 it cannot make environments, 12 it is the Microsoft Store's, which writes what is
meant for the user's folders into one of its own, where no editor would find it.
"""

import json
import os
import platform
import struct
import sys

FITS, OTHER, NO_VENV, STORE = 0, 10, 11, 12

try:
    import ensurepip
    import venv

    complete = bool(ensurepip and venv)
except ImportError:
    complete = False

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "python-versions.txt")) as versions:
    suitable = "{}.{}".format(*sys.version_info) in versions.read().split()
bits = struct.calcsize("P") * 8
prefix = getattr(sys, "base_prefix", sys.prefix)
store = "windowsapps" in prefix.lower().replace("\\", "/").split("/")
facts = {
    "version": list(sys.version_info[:3]),
    "bits": bits,
    "arch": platform.machine(),
    "macos": platform.mac_ver()[0],
    "complete": complete,
    "store": store,
}
print(json.dumps(facts))
print(sys.executable)
if not suitable or bits != 64:
    sys.exit(OTHER)
sys.exit(STORE if store else FITS if complete else NO_VENV)

#!/usr/bin/env python3
"""Install Recue, try it, test it, check it, or take it off this machine: install.py --help."""

# Every Python reads this file, down to 2.7, so that each says in a sentence what is needed. What
# needs Python 3.9 is in the installer folder.
import os
import sys

if sys.version_info < (3, 9):
    sys.exit(
        "Recue needs Python 3.11, 3.12 or 3.13, and this is Python %d.%d.%d: run install.py with "
        "one of those (such as: python3.11 install.py), or get one from "
        "https://www.python.org/downloads/" % sys.version_info[:3]
    )

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # the download may lie where nothing can be written

from installer.command_line import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

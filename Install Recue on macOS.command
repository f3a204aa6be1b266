#!/bin/sh
# Double-click this file to install Recue, to check it or to take it off again.
# If macOS refuses to open it, docs/install.md says what to do.
here=${0%/*}
[ "$here" != "$0" ] || here=.
if [ -f "$here/installer/start.sh" ]; then
    exec /bin/sh "$here/installer/start.sh" "$@"
fi
echo "This file works only in the folder that it came in: unpack the whole download, and start it there." >&2
[ ! -t 0 ] || { printf 'Press Enter to close this window. ' && read -r _; }
exit 1

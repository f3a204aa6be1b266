#!/bin/sh
# Opens Recue's page in the browser; a window shows the sentence where that fails.
@HOME@
unset @LOADER@
@SHOW@
python=@PYTHON@
damaged='Recue cannot be started: its installation is damaged. Start “Install Recue” again.'
said=$(mktemp) || exit 1 # not a pipe: the browser would keep it open
"$python" -I -m editor_plugin page --starter </dev/null >"$said" 2>&1
status=$?
if [ "$status" -ne 0 ]; then
    case $status$(cat "$said") in
        "$status" | 126* | 127* | *'Traceback (most'* | *'No module named'*) show "$damaged" ;;
        *) show "$(cat "$said")" ;;
    esac
fi
rm -f "$said"
exit "$status"

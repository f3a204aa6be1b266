# shellcheck shell=sh
# Shows a sentence in a window, where there is no terminal. start.sh reads this file, and the
# starter that install.py writes has its text.
show() {
    if [ "$(uname)" = Darwin ]; then
        osascript -e 'on run argv' -e 'activate' \
            -e 'display dialog (item 1 of argv) with title "Recue" buttons {"OK"} default button 1' \
            -e 'end run' -- "$1"
    elif command -v zenity; then
        zenity --error --no-markup --title=Recue --width=480 --text="$1"
    elif command -v kdialog; then
        kdialog --title Recue --error "$(printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g')"
    elif command -v xmessage; then
        xmessage -center -- "$1"
    elif ! notify-send --icon=dialog-error Recue "$1"; then
        gdbus call --session --dest org.freedesktop.Notifications \
            --object-path /org/freedesktop/Notifications \
            --method org.freedesktop.Notifications.Notify \
            Recue 0 dialog-error Recue "$1" '[]' '{}' 0
    fi >/dev/null 2>&1
}

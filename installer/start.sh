#!/bin/sh
# Finds a Python with which Recue can be installed, and runs install.py with it, in a terminal.
# For the files to double-click on Linux and macOS, which are at the top of the project.
set -u
folder=${0%/*}
[ "$folder" != "$0" ] || folder=.
here=$(CDPATH='' cd -- "$folder/.." && pwd)
system=$(uname)
versions=$(cat "$here/installer/python-versions.txt")
newest=${versions%% *}
listed=''
for version in $versions; do listed=$version${listed:+, $listed}; done
. "$here/installer/show.sh"

python='' lacking=''

# Whether Recue can be installed with the Python of this path, which is then in $python.
fits() {
    [ -n "$1" ] && [ -x "$1" ] || return 1
    # Without Apple's command line tools this one only asks the user to download them.
    [ "$system/$1" != Darwin//usr/bin/python3 ] || xcode-select -p >/dev/null 2>&1 || return 1
    "$1" -I "$here/installer/probe.py" </dev/null >/dev/null 2>&1
    case $? in
        0) python=$1 && return ;;
        11) lacking=${lacking:-$1} ;;
    esac
    return 1
}

# The PATH's own python3 first, with which a user at a terminal would install.
find_python() {
    fits "$(command -v python3)" && return
    for version in $versions; do
        name=python$version
        for path in "$(command -v "$name")" \
            "/opt/homebrew/bin/$name" "/opt/homebrew/opt/python@$version/bin/$name" \
            "/usr/local/bin/$name" "/usr/local/opt/python@$version/bin/$name" \
            "/Library/Frameworks/Python.framework/Versions/$version/bin/$name" \
            "/usr/bin/$name" "/home/linuxbrew/.linuxbrew/bin/$name" "/opt/local/bin/$name" \
            "$HOME/.local/bin/$name" \
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python \
            "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}/cpython-$version".*/bin/"$name"; do
            fits "$path" && return
        done
    done
    fits "$(command -v python)"
}

# Has uv download a Python, where uv is there and the user agrees.
offer_uv() {
    [ -t 0 ] || return 1
    for uv in "$(command -v uv)" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" /opt/homebrew/bin/uv; do
        [ -x "$uv" ] || continue
        echo "Recue needs a Python of one of the versions $listed, and found none that will do."
        printf 'Shall uv, which is here, download Python %s for you (30 MB)? [y/N] ' "$newest"
        read -r answer || return 1
        case $answer in [yY]*) ;; *) return 1 ;; esac
        "$uv" python install "$newest" && fits "$("$uv" python find "$newest")"
        return
    done
    return 1
}

where_to_get_one() {
    if [ "$system" = Darwin ]; then
        echo "get it from https://www.python.org/downloads/"
    else
        echo "get it from your system's software (Debian and Ubuntu: sudo apt install python3 python3-venv) or from https://www.python.org/downloads/"
    fi
}

install() {
    if find_python || offer_uv; then
        "$python" "$here/install.py" --ask
    elif [ -n "$lacking" ]; then
        "$lacking" "$here/install.py" --ask # which says what is missing
    else
        echo "Recue needs a Python of one of the versions $listed, and none was found: $(where_to_get_one), and start this file again." >&2
        return 1
    fi
}

# A file manager may start a script without a terminal. What is tried first is each desktop's own.
open_terminal() {
    set -- /bin/sh "$here/installer/start.sh" --in-terminal
    for terminal in xdg-terminal-exec ptyxis kgx gnome-terminal konsole xfce4-terminal mate-terminal \
        x-terminal-emulator tilix alacritty kitty foot xterm; do
        command -v "$terminal" >/dev/null || continue
        case $terminal in
            xdg-terminal-exec | kitty | foot) exec "$terminal" "$@" ;;
            ptyxis | kgx | gnome-terminal) exec "$terminal" -- "$@" ;;
            xfce4-terminal | mate-terminal) exec "$terminal" -x "$@" ;;
            *) exec "$terminal" -e "$@" ;;
        esac
    done
    show "Recue is installed in a terminal, and no program for one was found: install xterm, for example, and start this file again."
    exit 1
}

if [ "${1-}" != --in-terminal ] && [ "$system" != Darwin ] && ! [ -t 1 ] &&
    [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    open_terminal
fi
trap : INT # Ctrl-C ends install.py, which says so; this window stays until that is read
status=0
install || status=$?
if [ "$status" -ne 0 ] && [ -t 0 ]; then
    printf '\nPress Enter to close this window. '
    read -r _
fi
exit "$status"

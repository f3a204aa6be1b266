"""The variables that Recue's processes get."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.environment import clean_environment

ASTRAY = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "__PYVENV_LAUNCHER__"),
    *(
        "QT_PLUGIN_PATH",
        "QT_QPA_PLATFORM",
        "QML2_IMPORT_PATH",
        "APPDIR",
        "APPIMAGE",
        "ARGV0",
        "OWD",
    ),
    *("VIRTUAL_ENV", "GCONV_PATH", "FFREPORT"),
)
KEPT = (
    *("HOME", "PATH", "LANG", "HTTPS_PROXY", "SSL_CERT_FILE", "CUDA_VISIBLE_DEVICES", "TMPDIR"),
    *("RECUE_HOME", "RECUE_FFMPEG", "HF_ENDPOINT", "OMP_NUM_THREADS", "XDG_RUNTIME_DIR"),
)


@pytest.mark.parametrize("name", ASTRAY)
def test_what_leads_a_program_astray_is_dropped(name: str) -> None:
    assert clean_environment({name: "/elsewhere"}) == {"PYTHONUTF8": "1"}


@given(st.dictionaries(st.sampled_from((*ASTRAY, *KEPT)), st.text(max_size=3)))
def test_the_users_own_stay(environ: dict[str, str]) -> None:
    clean = clean_environment({**environ, "APPDIR": ""})
    assert {name: value for name, value in environ.items() if name in KEPT} == {
        name: value for name, value in clean.items() if name != "PYTHONUTF8"
    }
    assert clean_environment(clean) == clean


def test_an_appimages_folders_are_off_the_path_and_the_users_libraries_are_back() -> None:
    folders = ["/tmp/.mount_obs/usr/bin", "/usr/bin", "/tmp/.mount_obs", "/tmp/.mount_other"]
    clean = clean_environment(
        {
            "APPDIR": "/tmp/.mount_obs",
            "PATH": os.pathsep.join(folders),
            "LD_LIBRARY_PATH": "/tmp/.mount_obs/usr/lib",
            "LD_LIBRARY_PATH_ORIG": "/opt/cuda/lib64",
        }
    )
    assert clean["PATH"].split(os.pathsep) == ["/usr/bin", "/tmp/.mount_other"]
    assert clean["LD_LIBRARY_PATH"] == "/opt/cuda/lib64"
    assert "LD_LIBRARY_PATH_ORIG" not in clean

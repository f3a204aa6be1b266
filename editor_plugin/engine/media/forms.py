"""The forms of media that ffmpeg may read: recordings, and nothing that names other files.

A playlist (HLS, DASH, ffconcat, SDP, ASX) or a pattern for numbered pictures can have the name of a
recording, and ffmpeg goes by the content: it would open whatever files and addresses stand in it.
Here are ffmpeg's names of its readers; one that a build does not have does no harm.
"""

from __future__ import annotations

PROTOCOLS = "file"
"""How the one file is opened; nothing else is ever opened."""

FORMATS = ",".join(
    (
        # containers of picture and sound
        *("mov", "mp4", "m4a", "3gp", "matroska", "webm", "avi", "mxf", "mpegts", "mpeg", "asf"),
        *("flv", "live_flv", "kux", "nut", "gxf", "wtv", "rm", "dv", "nuv", "nsv", "ogg", "pva"),
        *("lxf", "ty", "xmv", "swf", "r3d", "mpegtsraw", "dhav", "vivo", "smk", "bink", "4xm"),
        # sound
        *("wav", "w64", "aiff", "caf", "flac", "mp3", "aac", "loas", "ac3", "eac3", "ac4", "dts"),
        *("dtshd", "truehd", "mlp", "amr", "amrnb", "amrwb", "au", "wv", "ape", "tta", "tak"),
        *("mpc", "mpc8", "dsf", "iff", "voc", "sox", "ircam", "avr", "paf", "pvf", "nistsphere"),
        *("qcp", "oma", "xwma", "aa", "aax", "spdif", "shn", "ast", "rso", "dss", "gsm", "g722"),
        # picture
        *("h264", "hevc", "vvc", "av1", "obu", "ivf", "m4v", "mpegvideo", "mjpeg", "vc1", "h263"),
        *("cavsvideo", "avs2", "avs3", "dirac", "dnxhd", "yuv4mpegpipe", "gif", "apng"),
    )
)

OPENING = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
"""Options for opening a media file, for ffmpeg (before -i) and its libraries alike."""

MEDIA_SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("3g2", "3gp", "aac", "ac3", "aif", "aiff", "amr", "au", "avi", "bwf", "caf", "dv"),
        *("eac3", "f4v", "flac", "flv", "gxf", "m2t", "m2ts", "m4a", "m4b", "m4v", "mka", "mkv"),
        *("mov", "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf", "oga", "ogg", "ogv", "opus"),
        *("rf64", "ts", "vob", "w64", "wav", "webm", "wma", "wmv", "wv"),
    )
)
"""By which a recording is told from other files before it is opened."""

REFUSED = "Format not on whitelist"
"""What ffmpeg says of a file in another form; the beginning of it."""

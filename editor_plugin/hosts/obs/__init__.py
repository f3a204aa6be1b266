"""OBS Studio: each recording gets its subtitles beside it.

OBS calls a script on several of its threads, and its timers on the one that draws the picture. So
callbacks only queue their work (`script`), one timer does it, and nothing in it ever waits:
not for the engine (`engine_link`), nor for a file that is still being finished (`recordings`).
"""

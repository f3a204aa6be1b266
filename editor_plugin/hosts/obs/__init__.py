"""OBS Studio: each recording gets its subtitles beside it.

OBS calls a script on several of its threads, and its timers on the one that draws the picture. So
callbacks only leave word (`script`), one timer does everything else, and nothing in it ever waits:
not for the engine (`exchange`), nor for a file that is still being finished (`recordings`).
"""

"""The adapter of OBS Studio, which writes subtitles beside each recording.

OBS calls a script on several of its threads, and its timers on the one that draws the picture. So
callbacks only queue their work (`script`), one timer does it, and nothing in it ever waits: not for
the engine (`exchange`), nor for a file that is still being finished (`recordings`).
"""

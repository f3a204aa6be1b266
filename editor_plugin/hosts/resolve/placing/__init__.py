"""From subtitles to the timeline: placed, read back, and taken back where they are not right."""

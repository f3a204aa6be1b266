"""Places subtitles on Resolve's timeline, reads them back, and removes wrong ones."""

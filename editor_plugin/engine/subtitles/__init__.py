"""Building subtitles from words, in a preset style or the user's own."""

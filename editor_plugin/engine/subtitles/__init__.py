"""From words to subtitles, in a style of the presets or of the user's own."""

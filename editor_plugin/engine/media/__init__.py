"""Media files: their description, extraction of audio, detection of shot changes and silence."""

"""The engine: jobs, store, audio extraction, writing files. It never imports torch."""

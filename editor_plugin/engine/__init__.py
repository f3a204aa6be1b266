"""Everything that lasts: jobs, store, audio extraction, writing files. Never imports torch."""

"""State that lasts beyond a step: the session, journal, saved state and preferences."""

"""What lasts beyond a step: the session, the journal, the saved state, the preferences."""

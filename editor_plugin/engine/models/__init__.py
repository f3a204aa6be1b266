"""The speech models: those known by name, those on this machine, and fetching them."""

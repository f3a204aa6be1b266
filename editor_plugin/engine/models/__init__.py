"""The speech models on this machine, and their download."""

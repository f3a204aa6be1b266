"""A runner of the standard library that misbehaves as it is told; the engine meets it for real."""

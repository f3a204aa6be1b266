"""The command line: thin shells on the engine’s library and on the client."""

"""The commands of `recue`, thin shells on the engine’s library and on the client."""

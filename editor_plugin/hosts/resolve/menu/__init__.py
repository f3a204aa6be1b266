"""The entries of Workspace > Scripts > Recue, and their windows or Console lines."""

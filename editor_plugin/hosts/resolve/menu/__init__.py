"""Workspace > Scripts > Recue: its entries, and the windows or lines in which they speak."""

"""The adapters of the editors, which run inside them. Standard library only, Python 3.9."""

"""The parts of install.py. Standard library only, Python 3.9; nothing of it is installed."""

"""Inputs and surroundings that attack: model files, foreign files, other users of the machine, and
what other programs leave in the environment. `install.py --test tests/attacks` prints the table."""

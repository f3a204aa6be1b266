"""Faults put into the engine on purpose: kills, full disks, damaged stores, media that go away.

The promise: a crash, a kill or a power cut loses at most the window in work, and afterwards the job
goes on by itself to a result that equals the undisturbed one, word for word.
"""

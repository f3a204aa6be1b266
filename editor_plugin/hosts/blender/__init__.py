"""Blender's Video Sequencer, 3.4 to 5.0.

`strips` is the mapping of its time to ours, `reading` takes a scene apart for it, `placing` makes
text strips, `generation` is one job from click to report. Only `operators`, `panel` and `addon`
import bpy; all others take its objects as they come and run anywhere.
"""

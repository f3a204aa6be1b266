"""The adapter of Blender's Video Sequencer, 3.4 to 5.0.

`strips` maps its time to record and source time, `reading` reads a scene into those values,
`placing` makes text strips, `generation` is one job from click to report. Only `operators`, `panel`
and `addon` import bpy; all others take its objects as they come and run anywhere.
"""

"""Make docs/blender.png: Blender's sequencer with Recue's panel and subtitles of the demo film.

RECUE_TEST_BPY is not needed: python docs/blender_picture.py   (Recue's environment; blender, Xvfb,
ImageMagick)
"""

"""Reads a snapshot from Resolve: the timeline, its clips and their files."""

"""What needs OpenTimelineIO. It is imported where a file is read, in a process of its own: it takes
half as long to import as everything else of a reader, and ends its process on some damaged files.
"""

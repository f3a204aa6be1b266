"""Speech recognition: supervision of the runner, its results, and the fallback to other routes."""

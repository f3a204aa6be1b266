"""Speech recognition: a runner that is supervised, its results, and the way back after trouble."""

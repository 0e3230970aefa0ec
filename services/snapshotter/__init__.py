"""The snapshotter takes pictures units; says unit results; owns its units."""

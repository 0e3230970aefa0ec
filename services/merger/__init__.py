"""The merger takes merge units; says unit results; owns its units."""

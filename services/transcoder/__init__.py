"""The transcoder takes transcode units; says unit results; owns its units."""

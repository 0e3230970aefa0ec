"""The past again: what is in the stream of events goes to a queue once more."""

"""Intake takes commands (submit, cancel); says flow.accepted and answers; owns submissions."""

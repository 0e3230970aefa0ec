"""Intake takes commands (submit, cancel; templates, procedures); says flow.accepted and answers; owns submissions,
templates and procedures."""

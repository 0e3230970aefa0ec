"""Intake takes commands (submit, cancel; templates, procedures); fetches sources of the web;
says flow.accepted, answers and unit results; owns submissions, templates, procedures and its units."""

"""Intake takes commands (submit, cancel; templates, procedures, workflows), notices of uploads and new files; fetches
sources of the web; says flow.accepted, workflow.failed, answers and unit results; owns submissions, templates,
procedures, workflows, arrivals and its units."""

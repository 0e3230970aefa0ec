"""From a workflow to where its files come and where its results go. Pure, but for symbolic links."""

from collections.abc import Sequence
from pathlib import Path

from contracts.subtasks import Subtask
from contracts.workflows import WorkflowContent, WorkflowView
from shared.locations import below

from .circles import Road
from .naming import results
from .rules import top
from .triggers import place_of, url_of

SOME_FILE = "9c2e"
"""Stands in for a file that is not there yet: a name that nobody writes into a template."""


def road_of(
    workflow: WorkflowContent | WorkflowView, subtasks: Sequence[Subtask], roots: Sequence[Path], source_url: str = ""
) -> Road:
    """The road of a workflow whose tasks are resolved; of a file that came, or of any."""
    source = source_url or below(url_of(workflow.trigger), SOME_FILE)
    found = list(results(source, workflow.output, subtasks, lambda url: top(url, roots)))
    workflow_id = getattr(workflow, "workflow_id", "")
    return Road(workflow_id, workflow.name, place_of(workflow.trigger, roots).top, found)

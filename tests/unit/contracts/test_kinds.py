"""Every kind of subtask is known everywhere."""

from typing import get_args

from contracts.kinds import KINDS, WORDS
from contracts.subtasks import Subtask, SubtaskOutput
from contracts.tasks import SubtaskKind, Tasks
from services.planner.plan import RULES


def test_every_kind_has_a_task_a_model_a_result_and_a_plan_rule() -> None:
    kinds = set(get_args(SubtaskKind))
    tasks = kinds - {"edit_media"}
    assert set(KINDS) == set(Tasks.model_fields) == tasks
    assert set(WORDS) == kinds
    assert {kind for kind, entry in KINDS.items() if entry.subtask.model_fields["kind"].default == kind} == tasks
    for union in (Subtask, SubtaskOutput):
        assert {model.model_fields["kind"].default for model in get_args(get_args(union)[0])} == kinds
    assert set(RULES) | {"transcode", "adaptive_dynamic_streaming"} == tasks

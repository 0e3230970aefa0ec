"""Workflows by command: the rules of their life, and what is refused."""

import asyncio
from typing import Any

import pytest

from contracts import topology
from contracts.envelope import CloudEvent
from contracts.errors import Refused
from contracts.workflows import WorkflowEnable, WorkflowReset, WorkflowStatus
from tests.integration.workflows.house import TASKS, TENANT, House

ENABLED = ("FailedOperation.WorkflowEnabled", "workflow_id")
NOT_FOUND = ("ResourceNotFound.WorkflowNotFound", "workflow_id")
VALUE = "InvalidParameterValue"


async def refusal(doing: Any) -> tuple[str, str | None]:
    """Code and field of a refusal."""
    with pytest.raises(Refused) as caught:
        await doing
    return caught.value.code, caught.value.field


async def reset(house: House, workflow_id: str, **members: Any) -> Any:
    """Replace a workflow."""
    content = {
        "workflow_id": workflow_id,
        "name": "reset",
        "trigger": {"storage": "s3://media/", "dir": "/in/"},
        "output": {"storage": "s3://media/out/"},
        "tasks": TASKS,
        **members,
    }
    return await house.client.reset_workflow(WorkflowReset.model_validate(content))


async def test_from_put_to_deleted(house: House) -> None:
    await house.start()
    made = await house.workflow(name="inbox")
    assert (made.name, made.status, made.enabled_at, made.trigger.dir) == ("inbox", "disabled", None, "/")
    assert (await house.client.list_workflows()).workflows == [made]

    enabled = await house.client.enable_workflow(made.workflow_id)
    assert enabled.status == "enabled" and enabled.enabled_at
    assert await house.client.enable_workflow(made.workflow_id) == enabled
    assert await refusal(reset(house, made.workflow_id)) == ENABLED
    assert await refusal(house.client.delete_workflow(made.workflow_id)) == ENABLED

    disabled = await house.client.disable_workflow(made.workflow_id)
    assert (disabled.status, disabled.enabled_at) == ("disabled", None)
    assert (await house.client.disable_workflow(made.workflow_id)).status == "disabled"
    replaced = await reset(house, made.workflow_id)
    assert (replaced.name, replaced.trigger.dir, replaced.created_at) == ("reset", "/in/", made.created_at)

    await house.client.delete_workflow(made.workflow_id)
    for gone in (
        house.client.delete_workflow(made.workflow_id),
        house.client.enable_workflow(made.workflow_id),
        house.client.disable_workflow(made.workflow_id),
        reset(house, made.workflow_id),
    ):
        assert await refusal(gone) == NOT_FOUND
    assert (await house.client.list_workflows()).total_count == 0


async def test_the_same_command_again_is_carried_out_once(house: House) -> None:
    await house.start(2)
    made = await house.workflow()
    house.write("before.mp4")

    async def again(key: str) -> list[CloudEvent]:
        command = WorkflowEnable(workflow_id=made.workflow_id)
        event = CloudEvent.of(key, command, source="test", id="m-1", tenant=TENANT)
        await asyncio.gather(*(house.desk.publish(event, topology.COMMANDS, key, reply=True) for _ in range(4)))
        return [(await house.desk.answer())[0] for _ in range(4)]

    assert {answer.key for answer in await again("workflow.enable.v1")} == {"workflow.stored.v1"}
    house.write("after.mp4")
    await house.only("after.mp4")
    await house.client.disable_workflow(made.workflow_id)
    (answer, *_) = await again("workflow.enable.v1")
    assert answer.data["workflow"]["status"] == "disabled"


async def test_a_name_is_given_once(house: House) -> None:
    await house.start()
    one, other = await house.workflow(name="one"), await house.workflow(name="other")
    taken = ("InvalidParameter.ExistedWorkflowName", "name")
    assert await refusal(house.workflow(name="one")) == taken
    assert await refusal(reset(house, other.workflow_id, name="one")) == taken
    assert (await reset(house, one.workflow_id, name="one")).name == "one"


async def test_page_by_page_and_by_status(house: House) -> None:
    await house.start()
    made = [await house.workflow() for _ in range(4)]
    await house.client.enable_workflow(made[2].workflow_id)
    told = await house.client.list_workflows(offset=1, limit=2)
    assert (told.total_count, [one.name for one in told.workflows]) == (4, [made[1].name, made[2].name])

    assert [one.name for one in (await house.client.list_workflows(status=WorkflowStatus.ENABLED)).workflows] == [
        made[2].name
    ]
    ids = [made[3].workflow_id, "0" * 32]
    assert [one.name for one in (await house.client.list_workflows(workflow_ids=ids)).workflows] == [made[3].name]


async def test_what_can_not_be_is_refused_with_the_field_at_fault(house: House) -> None:
    await house.start()
    inbox = house.inbox.as_uri()
    (house.outbox / "deep").mkdir(parents=True)
    (house.outbox / "link").symlink_to(house.inbox)
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"trigger": {"storage": "file:///etc/"}}, ("UnauthorizedOperation", "trigger.storage")),
        ({"trigger": {"storage": f"{inbox}/../.."}}, ("UnauthorizedOperation", "trigger.storage")),
        ({"trigger": {"storage": "https://a.example/in/"}}, ("UnsupportedProtocol", "trigger.storage")),
        ({"trigger": {"storage": "s3://b/../"}}, ("UnauthorizedOperation", "trigger.storage")),
        ({"output": {"storage": "file:///etc/"}}, ("UnauthorizedOperation", "output.storage")),
        ({"output": {"storage": inbox}}, (VALUE, "output.storage")),
        ({"output": {"storage": f"{inbox}/deep/"}}, (VALUE, "output.storage")),
        ({"output": {"storage": f"{house.outbox.as_uri()}/../in/x/"}}, (VALUE, "output.storage")),
        ({"output": {"storage": f"{house.outbox.as_uri()}/link/"}}, (VALUE, "output.storage")),
        ({"output": {"storage": house.outbox.as_uri(), "dir": "/link/x/"}}, (VALUE, "output.storage")),
        ({"output": {"storage": house.inbox.parent.as_uri(), "dir": "/in/"}}, (VALUE, "output.storage")),
        (
            {"tasks": {"image_sprite": [{"definition": 10, "output_storage": inbox}]}},
            (VALUE, "tasks.image_sprite.0.output_storage"),
        ),
        (
            {"tasks": {"image_sprite": [{"definition": 77}]}},
            ("ResourceNotFound.TemplateNotExist", "tasks.image_sprite.0.definition"),
        ),
        ({"procedure": "none"}, ("InvalidParameter.ProcedureNameNotExist", "procedure")),
    ]
    for members, expected in cases:
        assert await refusal(house.workflow(**members)) == expected, members
    beside = {"storage": house.inbox.parent.as_uri(), "dir": "/in-results/"}
    assert (await house.workflow(output=beside)).output.dir == "/in-results/"


async def test_a_directory_that_is_not_there_can_not_be_enabled(house: House) -> None:
    await house.start()
    workflow = await house.workflow(trigger={"storage": house.inbox.as_uri(), "dir": "/later/"})
    assert await refusal(house.client.enable_workflow(workflow.workflow_id)) == (VALUE, "trigger.storage")
    (house.inbox / "later").mkdir()
    assert (await house.client.enable_workflow(workflow.workflow_id)).status == "enabled"


async def test_workflows_must_not_lead_in_a_circle(house: House) -> None:
    await house.start()

    def leads(start: str, end: str) -> dict[str, Any]:
        return {"trigger": {"storage": f"s3://b/{start}/"}, "output": {"storage": f"s3://b/{end}/"}}

    await house.enabled(name="one", **leads("a", "b/deep"))
    await house.enabled(name="two", **leads("b", "c"))
    with pytest.raises(Refused) as caught:
        await house.workflow(name="three", **leads("c", "a/x"))
    assert (caught.value.code, caught.value.field) == (VALUE, "output.storage")
    assert "three -> one -> two -> three" in caught.value.message
    waiting = await house.workflow(name="waiting", **leads("d", "e"))
    assert await refusal(reset(house, waiting.workflow_id, **leads("c", "a"))) == (VALUE, "output.storage")

    other = await house.workflow(name="four", **leads("c", "d"))
    back = await house.workflow(name="five", **leads("d", "a"))
    await house.client.enable_workflow(other.workflow_id)
    assert await refusal(house.client.enable_workflow(back.workflow_id)) == (VALUE, "output.storage")

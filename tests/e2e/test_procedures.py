"""Procedures: named tasks, from their put to the flow that does them."""

import asyncio
from collections.abc import Callable
from typing import Any

from contracts.flows import FlowSubmit
from contracts.procedures import ProcedurePut, ProcedureReset, ProcedureView
from contracts.templates import FIRST_CUSTOM_DEFINITION as FIRST
from tests.e2e import sources
from tests.e2e.blockers import blocked, queued
from tests.e2e.desk import ONE_PICTURE, Desk, pictures, rendition
from tests.e2e.test_templates import SMALL, modify, refusal
from tests.e2e.test_templates import put as put_template

ASKED: dict[str, Any] = {
    "transcode": [{"definition": FIRST}, {"definition": FIRST, "override": {"video": {"height": 240}}}],
    "snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s", "50%"]}],
}
SMALLEST: dict[str, Any] = {"transcode": [{"definition": FIRST, "override": {"video": {"height": 144}}}]}
NO_PROCEDURE = ("InvalidParameter.ProcedureNameNotExist", "name")


async def put(desk: Desk, name: str, tasks: dict[str, Any], comment: str = "") -> ProcedureView:
    """Put a procedure."""
    asked = ProcedurePut.model_validate({"name": name, "comment": comment, "tasks": tasks})
    return await desk.client.put_procedure(asked)


async def reset(desk: Desk, name: str, tasks: dict[str, Any]) -> ProcedureView:
    """Replace a procedure."""
    return await desk.client.reset_procedure(ProcedureReset.model_validate({"name": name, "tasks": tasks}))


async def submit(desk: Desk, procedure: str) -> str:
    """Ask for a flow by procedure; its id."""
    members = {"input": {"url": desk.put_in(sources.SHORT)}, "output": {"storage": desk.out()}}
    accepted = await desk.client.submit(FlowSubmit.model_validate({**members, "procedure": procedure}))
    return accepted.flow_id


async def names(desk: Desk, **query: Any) -> list[str]:
    """The names that a query shows."""
    return [one.name for one in (await desk.client.list_procedures(**query)).procedures]


async def test_a_flow_does_what_its_procedure_says(desk: Desk) -> None:
    await put_template(desk, "transcode", SMALL)
    stored = await put(desk, "mobile", ASKED, "for the app")
    assert (stored.name, stored.type, stored.comment) == ("mobile", "custom", "for the app")

    view = await desk.ended(await submit(desk, "mobile"))
    assert (view.outcome, view.procedure) == ("success", "mobile")
    heights = [video.height for number in (1, 2) if (video := rendition(view, number).video)]
    assert heights == [180, 240]
    assert len(pictures(view, "snapshot_by_time_offset-1").pictures) == 2


async def test_what_becomes_of_a_procedure_does_not_reach_a_flow_that_has_it(desk: Desk, database: Any) -> None:
    await put_template(desk, "transcode", SMALL)
    await put(desk, "mine", {"transcode": [{"definition": FIRST}]})
    async with blocked(desk, database):
        before = await submit(desk, "mine")
        await queued(desk, database, [before])
        await reset(desk, "mine", SMALLEST)
        after = await submit(desk, "mine")
        await modify(desk, "transcode", FIRST, {"video": {"fps": 5}})
        await desk.client.delete_procedure("mine")
    for flow_id, height in ((before, 180), (after, 144)):
        video = rendition(await desk.ended(flow_id)).video
        assert video is not None and (video.height, video.frame_rate) == (height, 10)
    assert await refusal(submit(desk, "mine")) == ("InvalidParameter.ProcedureNameNotExist", "procedure")


async def test_reset_replaces_the_whole(desk: Desk) -> None:
    made = await put(desk, "mine", ONE_PICTURE, "first")
    replaced = await reset(desk, "mine", {"image_sprite": [{"definition": 10}]})
    assert (replaced.comment, replaced.created_at, replaced.tasks.count()) == ("", made.created_at, 1)
    assert replaced.tasks.image_sprite[0].definition == 10
    assert (await desk.client.list_procedures(names=["mine"])).procedures == [replaced]
    assert await refusal(reset(desk, "other", ONE_PICTURE)) == NO_PROCEDURE


async def test_a_name_is_given_once(desk: Desk) -> None:
    taken = ("InvalidParameter.ExistedProcedureName", "name")
    asked = ProcedurePut.model_validate({"name": "mine", "tasks": ONE_PICTURE})
    first = await desk.client.put_procedure(asked, message_id="mine")
    assert await desk.client.put_procedure(asked, message_id="mine") == first
    assert await refusal(desk.client.put_procedure(asked)) == taken
    assert await refusal(put(desk, "LongVideoPreset", ONE_PICTURE)) == taken
    await desk.client.delete_procedure("mine")
    assert await refusal(desk.client.delete_procedure("mine")) == NO_PROCEDURE
    assert (await put(desk, "mine", ONE_PICTURE)).created_at != first.created_at


async def test_what_cannot_be_done_is_refused_when_it_is_put(desk: Desk) -> None:
    for tasks, code, field in (
        ({"transcode": [{"definition": FIRST}]}, "ResourceNotFound.TemplateNotExist", "tasks.transcode.0.definition"),
        (
            {"transcode": [{"definition": 100010, "override": {"video": {"fps": 500}}}]},
            "InvalidParameterValue",
            "tasks.transcode.0.override.video.fps",
        ),
        (
            {"transcode": [{"definition": 100010, "start_time_offset_s": 9, "end_time_offset_s": 3}]},
            "InvalidInput.InvalidTimeOffset",
            "tasks.transcode.0.end_time_offset_s",
        ),
    ):
        assert await refusal(put(desk, "mine", tasks)) == (code, field)
    await put(desk, "mine", ONE_PICTURE)
    assert (await refusal(reset(desk, "mine", {"transcode": [{"definition": FIRST}]})))[0] == (
        "ResourceNotFound.TemplateNotExist"
    )
    assert (await desk.client.list_procedures()).procedures[-1].tasks.transcode == []


async def test_a_procedure_without_its_template_is_refused_when_it_is_submitted(desk: Desk) -> None:
    await put_template(desk, "transcode", SMALL)
    await put(desk, "mine", {"transcode": [{"definition": FIRST}]})
    await desk.client.delete_template("transcode", FIRST)
    assert await refusal(submit(desk, "mine")) == ("ResourceNotFound.TemplateNotExist", "procedure")


async def test_fifty_procedures_page_by_page_and_no_more(desk: Desk) -> None:
    presets = await names(desk, type="preset")
    await asyncio.gather(*(put(desk, f"p{number}", ONE_PICTURE) for number in range(50)))
    assert await refusal(put(desk, "more", ONE_PICTURE)) == ("LimitExceeded.TooMuchTemplate", "name")

    told = await desk.client.list_procedures(offset=len(presets), limit=20)
    assert told.total_count == len(presets) + 50
    pages = [await names(desk, type="custom", offset=offset, limit=20) for offset in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 10, 0]
    assert sorted(name for page in pages for name in page) == sorted(f"p{number}" for number in range(50))
    assert await names(desk, names=["p7", "none"]) == ["p7"]


async def test_another_tenant_sees_nothing(desk: Desk, desk_of: Callable[[str], Any]) -> None:
    other = await desk_of(f"{desk.directory.name[-8:]}-other")
    await put(desk, "mine", ONE_PICTURE)
    assert await names(other, type="custom") == []
    assert await refusal(submit(other, "mine")) == ("InvalidParameter.ProcedureNameNotExist", "procedure")
    assert await refusal(reset(other, "mine", ONE_PICTURE)) == NO_PROCEDURE
    assert await refusal(other.client.delete_procedure("mine")) == NO_PROCEDURE
    await put(other, "mine", {"image_sprite": [{"definition": 10}]})
    (mine,) = (await desk.client.list_procedures(names=["mine"])).procedures
    assert mine.tasks.image_sprite == []

"""Templates of a tenant's own, from the number they get to the result they make."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from contracts.errors import Refused
from contracts.templates import FIRST_CUSTOM_DEFINITION as FIRST
from contracts.templates import TemplateModify, TemplatePut, TemplateView
from tests.e2e import sources
from tests.e2e.blockers import blocked, queued
from tests.e2e.desk import Desk, rendition, sprite

SMALL: dict[str, Any] = {"video": {"height": 180, "bitrate_kbps": 200, "fps": 10}, "remove_audio": True}
SPRITE: dict[str, Any] = {"sample_type": "percent", "sample_interval": 50, "rows": 1, "columns": 2, "height": 64}


async def put(desk: Desk, kind: Any, parameters: dict[str, Any], **members: Any) -> TemplateView:
    """Put a template."""
    return await desk.client.put_template(TemplatePut(kind=kind, parameters=parameters, **members))


async def modify(desk: Desk, kind: Any, definition: int, parameters: dict[str, Any], **members: Any) -> TemplateView:
    """Change a template."""
    change = TemplateModify(kind=kind, definition=definition, parameters=parameters, **members)
    return await desk.client.modify_template(change)


async def refusal(asking: Coroutine[Any, Any, Any]) -> tuple[str, str | None]:
    """Code and field with which a question is refused."""
    with pytest.raises(Refused) as refused:
        await asking
    return refused.value.code, refused.value.field


async def numbers(desk: Desk, kind: Any, **query: Any) -> list[int]:
    """The definitions that a query shows."""
    return [template.definition for template in (await desk.client.list_templates(kind, **query)).templates]


async def test_a_flow_has_what_its_templates_say(desk: Desk) -> None:
    small = await put(desk, "transcode", SMALL, name="small", comment="for tests")
    sheet = await put(desk, "image_sprite", SPRITE)
    assert (small.definition, small.type, small.name, small.comment) == (FIRST, "custom", "small", "for tests")
    assert (small.parameters["container"], small.parameters["video"]["codec"]) == ("mp4", "h264")
    assert sheet.definition == FIRST

    override = {"video": {"height": 240}}
    view = await desk.done(
        sources.SHORT,
        {
            "transcode": [{"definition": FIRST}, {"definition": FIRST, "override": override}],
            "image_sprite": [{"definition": FIRST}],
        },
    )
    assert view.outcome == "success"
    plain, larger = rendition(view, 1), rendition(view, 2)
    assert plain.video is not None and larger.video is not None
    assert (plain.video.height, plain.video.frame_rate, plain.audio) == (180, 10, None)
    assert (larger.video.height, larger.video.frame_rate, larger.audio) == (240, 10, None)
    made = sprite(view)
    assert (made.rows, made.columns, made.height) == (1, 2, 64)
    assert [subtask.definition for subtask in view.subtasks] == [FIRST, FIRST, FIRST]


async def test_what_becomes_of_a_template_does_not_reach_a_flow_that_has_it(desk: Desk, database: Any) -> None:
    await put(desk, "transcode", SMALL)
    async with blocked(desk, database):
        changed = await desk.submit(sources.SHORT, {"transcode": [{"definition": FIRST}]})
        await queued(desk, database, [changed])
        await modify(desk, "transcode", FIRST, {"video": {"height": 240}})
        later = await desk.submit(sources.SHORT, {"transcode": [{"definition": FIRST}]})
        await desk.client.delete_template("transcode", FIRST)
    for flow_id, height in ((changed, 180), (later, 240)):
        video = rendition(await desk.ended(flow_id)).video
        assert video is not None and video.height == height
    missing = desk.submit(sources.SHORT, {"transcode": [{"definition": FIRST}]})
    assert await refusal(missing) == ("ResourceNotFound.TemplateNotExist", "tasks.transcode.0.definition")


async def test_put_replaces_the_whole_and_modify_a_part(desk: Desk) -> None:
    made = await put(desk, "transcode", SMALL, name="small", comment="for tests")
    part = await modify(desk, "transcode", FIRST, {"video": {"height": 240}, "remove_audio": False})
    assert (part.name, part.comment, part.created_at) == ("small", "for tests", made.created_at)
    assert part.parameters == made.parameters | {
        "video": made.parameters["video"] | {"height": 240},
        "remove_audio": False,
    }
    named = await modify(desk, "transcode", FIRST, {}, name="other", comment="")
    assert (named.name, named.comment, named.parameters) == ("other", "", part.parameters)

    whole = await put(desk, "transcode", {"video": {"fps": 5}}, definition=FIRST)
    assert (whole.definition, whole.name, whole.comment, whole.created_at) == (FIRST, "", "", made.created_at)
    video = whole.parameters["video"]
    assert (video["fps"], video["height"], video["bitrate_kbps"], whole.parameters["remove_audio"]) == (5, 0, 0, False)
    assert (await desk.client.list_templates("transcode", type="custom")).templates == [whole]


async def test_changes_at_once_are_all_kept(desk: Desk) -> None:
    await put(desk, "transcode", SMALL)
    changes: list[dict[str, Any]] = [{"gop": 50}, {"fps": 12}, {"vcrf": 30}, {"width": 320}, {"profile": "main"}]
    await asyncio.gather(*(modify(desk, "transcode", FIRST, {"video": change}) for change in changes))
    (stored,) = (await desk.client.list_templates("transcode", type="custom")).templates
    for change in changes:
        assert stored.parameters["video"].items() >= change.items()


async def test_presets_can_be_read_and_nothing_else(desk: Desk) -> None:
    (preset,) = (await desk.client.list_templates("transcode", definitions=[100020])).templates
    assert (preset.type, preset.parameters["video"]["height"], preset.created_at) == ("preset", 540, None)
    no_change = ("InvalidParameterValue.ModifyDefaultTemplate", "definition")
    assert await refusal(put(desk, "transcode", SMALL, definition=100020)) == no_change
    assert await refusal(modify(desk, "transcode", 100020, {})) == no_change
    deletion = desk.client.delete_template("transcode", 100020)
    assert await refusal(deletion) == ("InvalidParameterValue.DeleteDefaultTemplate", "definition")
    assert (await desk.client.list_templates("transcode", definitions=[100020])).templates == [preset]


async def test_what_there_is_not_cannot_be_changed(desk: Desk) -> None:
    none = ("ResourceNotFound.TemplateNotExist", "definition")
    assert await refusal(put(desk, "image_sprite", SPRITE, definition=FIRST)) == none
    assert await refusal(modify(desk, "image_sprite", FIRST, {})) == none
    assert await refusal(desk.client.delete_template("image_sprite", 100020)) == none
    assert (await desk.client.list_templates("image_sprite", definitions=[FIRST])).total_count == 0


async def test_a_value_out_of_range_is_refused_with_its_path_and_range(desk: Desk) -> None:
    with pytest.raises(Refused, match="must be 0 to 120") as refused:
        await put(desk, "transcode", {"video": {"fps": 500}})
    assert (refused.value.code, refused.value.field) == ("InvalidParameterValue", "parameters.video.fps")
    await put(desk, "transcode", SMALL)
    out_of_range = modify(desk, "transcode", FIRST, {"audio": {"bitrate_kbps": 5}})
    assert await refusal(out_of_range) == ("InvalidParameterValue", "parameters.audio.bitrate_kbps")
    assert await refusal(put(desk, "transcode", {"vidoe": {}})) == ("InvalidParameter", "parameters.vidoe")
    together = modify(desk, "transcode", FIRST, {"remove_video": True})
    assert await refusal(together) == ("InvalidParameterValue", "parameters")
    assert await numbers(desk, "transcode", type="custom") == [FIRST]


async def test_sixteen_templates_of_pictures_and_no_more(desk: Desk) -> None:
    asked = [put(desk, "sampled_snapshot", {"sample_type": "time", "sample_interval": n + 1}) for n in range(16)]
    made = [template.definition for template in await asyncio.gather(*asked)]
    assert len(set(made)) == 16 and min(made) >= FIRST
    one_more: dict[str, Any] = {"sample_type": "time", "sample_interval": 1}
    too_many = ("LimitExceeded.TooMuchTemplate", "kind")
    assert await refusal(put(desk, "sampled_snapshot", one_more)) == too_many
    await put(desk, "image_sprite", SPRITE)

    await desk.client.delete_template("sampled_snapshot", made[0])
    again = await put(desk, "sampled_snapshot", one_more)
    assert again.definition > max(made)
    assert await refusal(put(desk, "sampled_snapshot", one_more)) == too_many


async def test_the_same_message_again_makes_no_second_template(desk: Desk) -> None:
    template = TemplatePut(kind="image_sprite", parameters=SPRITE)
    first = await desk.client.put_template(template, message_id="mine")
    assert await desk.client.put_template(template, message_id="mine") == first
    assert (await desk.client.put_template(template)).definition != first.definition
    assert len(await numbers(desk, "image_sprite", type="custom")) == 2


async def test_templates_are_listed_page_by_page_presets_first(desk: Desk) -> None:
    for _ in range(3):
        await put(desk, "image_sprite", SPRITE)
    every = await numbers(desk, "image_sprite", limit=100)
    assert (every[0], every[-3:]) == (10, [FIRST, FIRST + 1, FIRST + 2])
    pages = [await numbers(desk, "image_sprite", offset=offset, limit=2) for offset in range(0, len(every) + 2, 2)]
    assert [number for page in pages for number in page] == every
    assert pages[-1] == [] or len(every) % 2
    told = await desk.client.list_templates("image_sprite", offset=100, limit=1)
    assert (told.total_count, told.templates) == (len(every), [])
    assert await numbers(desk, "image_sprite", definitions=[FIRST + 2, FIRST, 999]) == [FIRST, FIRST + 2]
    assert FIRST not in await numbers(desk, "image_sprite", type="preset")


async def test_another_tenant_has_its_own(desk: Desk, desk_of: Callable[[str], Any]) -> None:
    other = await desk_of(f"{desk.directory.name[-8:]}-other")
    await put(desk, "image_sprite", SPRITE, name="mine")
    unknown = ("ResourceNotFound.TemplateNotExist", "definition")
    assert await numbers(other, "image_sprite", type="custom") == []
    assert await refusal(modify(other, "image_sprite", FIRST, {})) == unknown
    assert await refusal(other.client.delete_template("image_sprite", FIRST)) == unknown
    asking = other.submit(sources.SHORT, {"image_sprite": [{"definition": FIRST}]})
    assert await refusal(asking) == ("ResourceNotFound.TemplateNotExist", "tasks.image_sprite.0.definition")

    assert (await put(other, "image_sprite", SPRITE | {"rows": 2}, name="theirs")).definition == FIRST
    (mine,) = (await desk.client.list_templates("image_sprite", type="custom")).templates
    assert (mine.name, mine.parameters["rows"]) == ("mine", 1)

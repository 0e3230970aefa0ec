"""Files that come to a watched directory: each complete one starts one flow, whatever happens around it."""

import asyncio
import os
import shutil

import pytest

from contracts.flows import FlowAccepted
from contracts.procedures import ProcedurePut, ProcedureReset
from services.intake import workflow_watch
from tests.integration.workflows.house import TENANT, House
from tests.waiting import until


async def test_a_new_file_starts_a_flow_and_one_that_was_there_does_not(house: House) -> None:
    await house.start()
    house.write("before.mp4")
    workflow = await house.enabled(session_context="spring", priority=3, notify={"mode": "change"})
    house.write("deep/er/it's a film #1.MP4")

    await house.only("deep/er/it%27s%20a%20film%20%231.MP4")

    event = (await house.told("flow.accepted.v1"))[0]
    accepted = FlowAccepted.model_validate(event.data)
    assert (event.tenant, accepted.workflow_id, accepted.session_context) == (TENANT, workflow.workflow_id, "spring")
    assert (accepted.priority, accepted.notify.mode) == (3, "change")
    assert accepted.output.storage == house.outbox.as_uri()
    assert [subtask.subtask_id for subtask in accepted.subtasks] == ["snapshot_by_time_offset-1"]


async def test_other_names_start_nothing(house: House) -> None:
    await house.start()
    await house.enabled(trigger={"storage": house.inbox.as_uri(), "formats": ["*"]})
    for name in (".hidden.mp4", "a.mp4.part", "a.mp4~", ".cache/a.mp4", "a.crdownload", "b.TMP"):
        house.write(name)
    house.write("empty.mp4", b"")
    (house.inbox.parent / "elsewhere.mp4").write_bytes(b"film")
    (house.inbox / "link.mp4").symlink_to(house.inbox.parent / "elsewhere.mp4")
    (house.inbox.parent / "others").mkdir()
    (house.inbox.parent / "others" / "film.mp4").write_bytes(b"film")
    (house.inbox / "others").symlink_to(house.inbox.parent / "others")
    house.write(os.fsdecode(b"\xff\xfe.mp4"))
    os.mkfifo(house.inbox / "pipe.mp4")
    house.write("note.txt")
    await house.only("note.txt")


async def test_a_slow_writer_is_waited_for(house: House) -> None:
    await house.start()
    await house.enabled()
    with (house.inbox / "slow.mp4").open("wb") as file:
        for _ in range(5):
            file.write(b"x" * 1000)
            file.flush()
            await asyncio.sleep(house.settings.settle_s / 2)
        await asyncio.sleep(3 * house.settings.settle_s)  # it rests, but whoever writes it has it open
        await house.only()
        file.write(b"x" * 1000)
    await house.only("slow.mp4")
    assert await house.versions(["slow.mp4"]) == [6000]


async def test_a_file_is_complete_when_it_rests_though_it_was_closed_in_between(house: House) -> None:
    await house.start()
    await house.enabled()
    for _ in range(5):
        with (house.inbox / "bits.mp4").open("ab") as file:
            file.write(b"x" * 1000)
        await asyncio.sleep(house.settings.settle_s / 4)
    await house.only("bits.mp4")
    assert await house.versions(["bits.mp4"]) == [5000]


async def test_a_file_that_is_renamed_into_place(house: House) -> None:
    await house.start()
    await house.enabled()
    house.write("film.mp4.part").rename(house.inbox / "film.mp4")
    outside = house.inbox.parent / "set"
    outside.mkdir()
    (outside / "of two.mp4").write_bytes(b"1")
    (outside / "more").mkdir()
    (outside / "more" / "2.mp4").write_bytes(b"2")
    outside.rename(house.inbox / "set")
    await house.only("film.mp4", "set/of%20two.mp4", "set/more/2.mp4")


async def test_a_file_that_is_replaced_is_a_new_one(house: House) -> None:
    await house.start()
    await house.enabled()
    house.write("film.mp4", b"first")
    await house.only("film.mp4")
    house.write("film.mp4", b"other")
    await house.only("film.mp4", "film.mp4")
    house.write("third", b"third").replace(house.inbox / "film.mp4")
    await house.only("film.mp4", "film.mp4", "film.mp4")
    assert len({event.flowid for event in await house.told("flow.accepted.v1")}) == 6  # and three last ones


async def test_a_file_that_goes_before_it_is_taken(house: House) -> None:
    await house.start()
    await house.enabled()
    for number in range(3):
        house.write(f"{number}.mp4")
        await asyncio.sleep(house.settings.settle_s / 3)
        (house.inbox / f"{number}.mp4").unlink()
    await house.only()


async def test_disabled_starts_nothing_and_what_came_meanwhile_stays(house: House) -> None:
    await house.start()
    workflow = await house.enabled()
    await house.only()
    assert (await house.client.disable_workflow(workflow.workflow_id)).status == "disabled"
    house.write("meanwhile.mp4")
    other = await house.enabled(trigger={"storage": house.inbox.as_uri(), "formats": ["mov"]})
    house.write("marker.mov")
    await house.has("marker.mov")
    assert (await house.client.enable_workflow(workflow.workflow_id)).status == "enabled"
    await house.client.disable_workflow(other.workflow_id)
    await house.only("marker.mov")


async def test_disabled_holds_for_replicas_that_do_not_know_it_yet(house: House) -> None:
    await house.start()
    workflow = await house.enabled()
    other = await house.enabled(trigger={"storage": house.inbox.as_uri(), "formats": ["mov"]})
    await house.stop()
    house.settings = house.settings.model_copy(update={"poll_s": 1000.0})
    await house.start(2)
    house.write("first.mp4")
    await house.has("first.mp4")
    await house.client.disable_workflow(workflow.workflow_id)
    house.write("film.mp4")
    await asyncio.sleep(house.settings.settle_s)
    house.write("marker.mov")
    await house.has("marker.mov")
    assert sorted(await house.flows()) == ["first.mp4", "marker.mov"]
    await house.client.disable_workflow(other.workflow_id)


async def test_the_procedure_is_that_of_the_day_and_a_run_that_can_not_be_is_told_once(house: House) -> None:
    tasks = {"snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s", "1s"]}]}
    await house.start()
    await house.client.put_procedure(ProcedurePut.model_validate({"name": "mine", "tasks": tasks}))
    workflow = await house.enabled(procedure="mine")
    house.write("one.mp4")
    await house.has("one.mp4")
    sprites = {"image_sprite": [{"definition": 10}]}
    await house.client.reset_procedure(ProcedureReset.model_validate({"name": "mine", "tasks": sprites}))
    house.write("two.mp4")
    await house.has("two.mp4")
    kinds = [event.data["subtasks"][0]["kind"] for event in await house.told("flow.accepted.v1")]
    assert kinds == ["snapshot_by_time_offset", "image_sprite"]

    within = {"image_sprite": [{"definition": 10, "output_storage": house.inbox.as_uri()}]}
    await house.client.reset_procedure(ProcedureReset.model_validate({"name": "mine", "tasks": within}))
    house.write("own.mp4")
    await house.failures(1)
    await house.client.delete_procedure("mine")
    house.write("gone.mp4")
    own, gone = await house.failures(2)
    assert (own.data["code"], own.data["field"]) == ("InvalidParameterValue", "procedure")
    assert own.data["url"].endswith("/own.mp4")
    assert (gone.data["workflow_id"], gone.tenant) == (workflow.workflow_id, TENANT)
    assert (gone.data["code"], gone.data["field"]) == ("InvalidParameter.ProcedureNameNotExist", "procedure")

    await house.stop()
    await house.start()
    await house.enabled(trigger={"storage": house.inbox.as_uri(), "formats": ["mov"]})
    house.write("marker.mov")
    await house.has("marker.mov")
    assert len(await house.told("workflow.failed.v1")) == 2


async def test_a_name_that_no_flow_can_have_is_told_and_holds_up_nobody(house: House) -> None:
    await house.start()
    await house.enabled()
    house.write("/".join(["日" * 80] * 6) + ".mp4")
    (failed,) = await house.failures(1)
    assert (failed.data["code"], failed.data["field"]) == ("InvalidParameterValue", "input.url")
    await house.only()


async def test_where_nobody_tells_of_changes_a_look_now_and_then_finds_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(workflow_watch, "listen", silent)
    house.settings = house.settings.model_copy(update={"rescan_s": 0.3})
    await house.start()
    await house.enabled()
    house.write("film.mp4")
    await house.only("film.mp4")


async def test_a_directory_that_goes_and_comes_back_with_the_same_files(house: House) -> None:
    house.settings = house.settings.model_copy(update={"rescan_s": 0.3})
    await house.start()
    await house.enabled()
    house.write("film.mp4")
    await house.only("film.mp4")
    away = house.inbox.with_name("away")
    house.inbox.rename(away)
    house.inbox.mkdir()

    async def forgotten() -> bool:
        return await house.arrivals.count_documents({"forget_at": {"$exists": True}}) == 2

    await until(forgotten, "the absence to be noted")
    house.write("new.mp4")
    await house.has("film.mp4", "new.mp4")
    shutil.rmtree(house.inbox)
    away.rename(house.inbox)
    await house.only("film.mp4", "new.mp4")

    async def back() -> bool:
        url = (house.inbox / "film.mp4").as_uri()
        return await house.arrivals.count_documents({"url": url, "forget_at": {"$exists": False}}) == 1

    await until(back, "the return to be noted")

"""From a file that comes to the finished flow: a watched directory, a bucket whose storage tells, an upload."""

import asyncio
import json
import uuid
from contextlib import aclosing

import pytest

from contracts.procedures import ProcedurePut
from contracts.subscriptions import SubscriptionPut
from contracts.workflows import WorkflowPut
from tests.e2e import sources
from tests.e2e.desk import ONE_PICTURE, Desk
from tests.e2e.s3 import S3
from tests.e2e.s3_notices import publishing
from tests.e2e.test_cli import Cli


async def began(desk: Desk, workflow_id: str, count: int) -> list[str]:
    """Wait until a workflow has begun so many flows; their ids."""

    def found() -> list[str]:
        accepted = [event for event in desk.recorder.all() if event["type"] == "vodflow.flow.accepted.v1"]
        return [event["flowid"] for event in accepted if event["data"].get("workflow_id") == workflow_id]

    await desk.until(lambda: len(found()) >= count, f"{count} flows of workflow {workflow_id}")
    return found()


async def test_a_film_put_into_a_watched_directory_is_processed(desk: Desk) -> None:
    cli = Cli(desk)
    inbox, results = desk.directory / "in", desk.directory / "results"
    inbox.mkdir(parents=True)
    flags = [
        "--watch",
        str(inbox),
        "--format",
        "mp4,.mov",
        "--output",
        str(results),
        "--tasks",
        json.dumps(ONE_PICTURE),
    ]
    (made,) = await cli.json("workflows", "put", "inbox", *flags, "--output-dir", "/{inputName}/", "--priority", "2")
    workflow_id = made["workflow_id"]
    assert (made["status"], made["trigger"]["formats"]) == ("disabled", ["mp4", ".mov"])
    (enabled,) = await cli.json("workflows", "enable", workflow_id)
    assert enabled["status"] == "enabled"

    sources.place(sources.SHORT, inbox, "film.mp4.part").rename(inbox / "film.mp4")
    (flow_id,) = await began(desk, workflow_id, 1)
    await desk.recorded_end(flow_id)
    (view,) = await cli.json("show", flow_id)
    assert (view["outcome"], view["workflow_id"], view["priority"]) == ("success", workflow_id, 2)
    assert [path.name for path in results.rglob("*.*")] == ["film_snapshotByTimeOffset_10_0.jpg"]
    assert (results / "film").is_dir()

    (inbox / "broken.mov").write_bytes(b"no media at all" * 100)
    broken = (await began(desk, workflow_id, 2))[1]
    event = await desk.recorded_end(broken)
    assert event["data"]["flow"]["outcome"] == "failed"

    code, out, _ = await cli("workflows", "list")
    assert code == 0 and workflow_id in out and "enabled" in out
    assert (await cli("workflows", "delete", workflow_id))[0] == 3
    (disabled,) = await cli.json("workflows", "disable", workflow_id)
    assert disabled["status"] == "disabled"
    assert await cli.json("workflows", "delete", workflow_id) == [{"workflow_id": workflow_id}]
    assert len(await began(desk, workflow_id, 2)) == 2


@pytest.mark.parametrize("form", ["minio", "ceph"])
async def test_an_object_put_into_a_bucket_is_processed(desk: Desk, s3: S3, form: str) -> None:
    bucket = s3.bucket(f"{form}-{uuid.uuid4().hex[:12]}")
    content = {
        "name": "inbox",
        "trigger": {"storage": f"s3://{bucket}/", "dir": "/in put/"},
        "output": {"storage": f"s3://{bucket}/out/"},
        "tasks": ONE_PICTURE,
    }
    workflow = await desk.client.put_workflow(WorkflowPut.model_validate(content))
    await desk.client.enable_workflow(workflow.workflow_id)
    with publishing(desk.amqp_url, {bucket: form}):
        await asyncio.to_thread(s3.upload, sources.SHORT, bucket, "in put/50% ü+.mp4")
        (flow_id,) = await began(desk, workflow.workflow_id, 1)
        view = await desk.ended(flow_id)
        assert (view.outcome, view.input.url) == ("success", f"s3://{bucket}/in put/50% ü+.mp4")
        await asyncio.to_thread(s3.upload, sources.SHORT, bucket, "in put/last.mp4")
        await desk.ended((await began(desk, workflow.workflow_id, 2))[1])
    assert len(await began(desk, workflow.workflow_id, 2)) == 2
    await desk.client.disable_workflow(workflow.workflow_id)


@pytest.mark.parametrize("where", ["directory", "bucket"])
async def test_a_file_is_uploaded_and_its_procedure_done(desk: Desk, s3: S3, where: str) -> None:
    cli = Cli(desk)
    bucket = s3.bucket(f"up-{uuid.uuid4().hex[:12]}")
    to = str(desk.directory / "up") if where == "directory" else f"s3://{bucket}/up/"
    command = ["upload", str(sources.SHORT), "--procedure", "one", "--to", to]
    settings = {**s3.settings, "VODFLOW_STORAGE_ROOT": str(desk.directory)}

    code, _, err = await cli(*command, **settings)
    assert (code, "there is no procedure 'one'" in err) == (3, True)
    assert s3.keys(bucket) == set() and not (desk.directory / "up").exists()

    await cli.json("procedures", "put", "one", json.dumps(ONE_PICTURE))
    code, out, err = await cli(*command, "--session-id", "first", "--wait", **settings)
    assert (code, err) == (0, ""), out + err
    url = f"{to}{sources.SHORT.name}" if where == "bucket" else (desk.directory / "up" / sources.SHORT.name).as_uri()
    assert out.startswith(f"uploaded {url}\naccepted ")
    assert (desk.directory / sources.SHORT.stem / f"{sources.SHORT.stem}_snapshotByTimeOffset_10_0.jpg").is_file()

    code, _, err = await cli(*command, **settings)
    assert code == 3 and "is there already" in err
    assert (await cli(*command, "--overwrite", **settings))[0] == 0


async def test_subscribers_hear_of_a_file_whose_flow_could_not_begin(desk: Desk) -> None:
    (desk.directory / "in").mkdir(parents=True)
    await desk.client.put_subscription(SubscriptionPut(name="ends", mode="finish"))
    await desk.client.put_procedure(ProcedurePut.model_validate({"name": "mine", "tasks": ONE_PICTURE}))
    content = {
        "name": "inbox",
        "trigger": {"storage": (desk.directory / "in").as_uri()},
        "output": {"storage": desk.out()},
        "procedure": "mine",
    }
    workflow = await desk.client.put_workflow(WorkflowPut.model_validate(content))
    await desk.client.enable_workflow(workflow.workflow_id)
    await desk.client.delete_procedure("mine")
    sources.place(sources.SHORT, desk.directory / "in")
    async with aclosing(desk.client.events("ends")) as deliveries:
        delivery = await anext(deliveries)
        await delivery.confirm()
    assert delivery.event.key == "workflow.failed.v1"
    assert delivery.event.data["code"] == "InvalidParameter.ProcedureNameNotExist"
    await desk.client.disable_workflow(workflow.workflow_id)

"""Objects that come to a bucket, told by the storage's own notices over RabbitMQ."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import topology
from contracts.flows import FlowAccepted
from tests.e2e.s3 import S3, s3_server
from tests.e2e.s3_notices import minio, publish, publishing
from tests.integration.workflows.house import House
from tests.waiting import until

FORMS = {"media-minio": "minio", "media-ceph": "ceph"}


@pytest.fixture(scope="module")
def storage(amqp_url: str) -> Iterator[S3]:
    """An S3 server with a bucket of each form, that tells of it."""
    with s3_server() as server, publishing(amqp_url, FORMS):
        for name in FORMS:
            server.bucket(name)
        yield server


def at(bucket: str, **members: Any) -> dict[str, Any]:
    """A workflow on `in/` of a bucket."""
    return {"trigger": {"storage": f"s3://{bucket}/", "dir": "/in/"}, "output": {"storage": "s3://results/"}, **members}


async def put(storage: S3, bucket: str, key: str, content: bytes = b"film") -> None:
    """Put an object: as any S3 client does."""
    await asyncio.to_thread(storage.client.put_object, Bucket=bucket, Key=key, Body=content)


async def sources(house: House, last: str) -> list[str]:
    """The sources of the flows that began, once that of `last` did."""

    async def check() -> bool:
        return last in await house.urls()

    await until(check, f"a flow of {last}")
    return [url for url in await house.urls() if url != last]


@pytest.mark.parametrize("bucket", FORMS)
async def test_a_new_object_starts_a_flow(house: House, storage: S3, bucket: str) -> None:
    await house.start(2)
    workflow = await house.enabled(**at(bucket))
    for key in ("in/a film+50%25 ü.mp4", "in/deep/b.MKV", "other/c.mp4", "in/d.txt", "inside.mp4", "in/empty/"):
        await put(storage, bucket, key)
    await put(storage, bucket, "in/empty.mp4", b"")
    await asyncio.to_thread(storage.client.delete_object, Bucket=bucket, Key="in/deep/b.MKV")
    await put(storage, bucket, "in/last.mp4")

    found = await sources(house, f"s3://{bucket}/in/last.mp4")
    assert sorted(found) == sorted([f"s3://{bucket}/in/a film+50%25 ü.mp4", f"s3://{bucket}/in/deep/b.MKV"])
    accepted = [FlowAccepted.model_validate(event.data) for event in await house.told("flow.accepted.v1")]
    assert {one.workflow_id for one in accepted} == {workflow.workflow_id}


@pytest.mark.parametrize("bucket", FORMS)
async def test_an_object_that_is_replaced_is_a_new_one(house: House, storage: S3, bucket: str) -> None:
    await house.start()
    await house.enabled(**at(bucket))
    await put(storage, bucket, "in/a.mp4", b"same")
    await put(storage, bucket, "in/a.mp4", b"same")
    await put(storage, bucket, "in/last.mp4")
    assert await sources(house, f"s3://{bucket}/in/last.mp4") == [f"s3://{bucket}/in/a.mp4"] * 2


async def test_each_workflow_of_a_place_begins_one_and_a_notice_that_comes_again_none(house: House) -> None:
    await house.start(2)
    one, other = await house.enabled(**at("media-x")), await house.enabled(**at("media-x"))
    notice = minio("s3:ObjectCreated:Put", "media-x", "in/a.mp4", 4, "e1")
    last = minio("s3:ObjectCreated:Copy", "media-x", "in/last.mp4", 4, "e1")
    await asyncio.to_thread(publish, house.settings.amqp_url, notice, times=10)
    await asyncio.to_thread(publish, house.settings.amqp_url, last)

    async def all_told() -> bool:
        return (await house.urls()).count("s3://media-x/in/last.mp4") == 2

    await until(all_told, "both flows of the last one")
    found = [event for event in await house.told("flow.accepted.v1") if event.data["input"]["url"].endswith("a.mp4")]
    assert sorted(event.data["workflow_id"] for event in found) == sorted([one.workflow_id, other.workflow_id])


async def test_disabled_takes_no_notice(house: House) -> None:
    await house.start()
    workflow = await house.enabled(**at("media-x"))
    await house.client.disable_workflow(workflow.workflow_id)
    url = house.settings.amqp_url
    await asyncio.to_thread(publish, url, minio("s3:ObjectCreated:Put", "media-x", "in/a.mp4", 4, "e1"))
    await house.client.enable_workflow((await house.workflow(**at("media-y"))).workflow_id)
    await asyncio.to_thread(publish, url, minio("s3:ObjectCreated:Put", "media-y", "in/last.mp4", 4, "e1"))
    assert await sources(house, "s3://media-y/in/last.mp4") == []


async def test_what_is_hostile_goes_to_the_dead_letters_and_holds_up_nobody(house: House) -> None:
    await house.start()
    await house.enabled(**at("media-x"))
    url = house.settings.amqp_url
    mixed = minio("s3:ObjectCreated:Put", "media-x", "in/good.mp4", 4, "e1")
    mixed["Records"].insert(0, minio("s3:ObjectCreated:Put", "media-x", "in/../../a.mp4", 4, "e1")["Records"][0])
    for body in (b"{", b"x" * 2_000_000, mixed):
        await asyncio.to_thread(publish, url, body)
    for bucket, key in (("unknown", "in/a.mp4"), ("media-x", "in/last.mp4")):
        await asyncio.to_thread(publish, url, minio("s3:ObjectCreated:Put", bucket, key, 4, "e1"))

    assert await sources(house, "s3://media-x/in/last.mp4") == ["s3://media-x/in/good.mp4"]
    dead = {len((await house.desk.take(topology.DEAD_LETTERS)).body) for _ in range(3)}
    assert {1, 2_000_000} < dead
    assert await house.desk.waiting(topology.DEAD_LETTERS) == 0

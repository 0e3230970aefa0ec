"""Sources and results in S3, intermediates on disk or in S3 too."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from contracts.client import VodflowClient
from contracts.flows import FlowView, Outcome
from deploy.local.stack import ONE_OF_EACH
from tests.e2e import reference, sources
from tests.e2e.conftest import FAST
from tests.e2e.desk import SMALL, SMALL_RENDITION, Desk, failures, rendition, result_urls
from tests.e2e.rates import believed
from tests.e2e.recorder import Recorder
from tests.e2e.s3 import S3
from tests.running import RunningStack

EVERYTHING: dict[str, Any] = {
    **SMALL_RENDITION,
    "snapshot_by_time_offset": [{"definition": 10, "time_offsets": ["0s"]}],
    "sampled_snapshot": [{"definition": 10, "override": {"sample_interval": 50}}],
    "image_sprite": [{"definition": 10}],
}


@pytest.fixture
def bucket(s3: S3) -> str:
    """A bucket of the test's own."""
    return s3.bucket(f"media-{uuid.uuid4().hex[:12]}")


def results(view: FlowView, bucket: str) -> set[str]:
    """The keys of a flow's results."""
    return {url.removeprefix(f"s3://{bucket}/") for url in result_urls(view.subtasks)}


async def cut_in_s3(desk: Desk, database: Any, s3: S3, bucket: str, tmp_path: Path) -> None:
    """A source that is cut: chunks, sound and joined file go through whatever scratch storage there is."""
    url = s3.upload(sources.PLAIN, bucket, "in/plain.mp4")
    async with believed(database, {"h264.h264.small": 60.0}):
        view = await desk.done(url, SMALL_RENDITION, output={"storage": f"s3://{bucket}/out/"})
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert rendition(view).chunks > 1
    assert s3.keys(bucket) == {"in/plain.mp4", *results(view, bucket)}
    (key,) = results(view, bucket)
    made = s3.download(bucket, key, tmp_path / "made.mp4")
    assert made.stat().st_size == rendition(view).size_bytes
    assert reference.times(made) == pytest.approx(reference.times(sources.PLAIN, "fps=25"), abs=0.002)


async def test_from_s3_to_s3(desk: Desk, s3: S3, bucket: str, tmp_path: Path) -> None:
    url = s3.upload(sources.SHORT, bucket, "in/short.mp4")
    view = await desk.done(url, EVERYTHING, output={"storage": f"s3://{bucket}/out/deep"})
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert s3.keys(bucket) == {"in/short.mp4", *results(view, bucket)}
    assert all(key.startswith("out/deep/") for key in results(view, bucket))
    made = s3.download(bucket, "out/deep/short_transcode_100010.mp4", tmp_path / "made.mp4")
    assert reference.times(made) == pytest.approx(reference.times(sources.SHORT, "fps=25"), abs=0.002)


async def test_results_lie_beside_the_source_unless_told_otherwise(desk: Desk, s3: S3, bucket: str) -> None:
    url = s3.upload(sources.SHORT, bucket, "in/short.mp4")
    view = await desk.done(url, SMALL_RENDITION, output=None)
    assert results(view, bucket) == {"in/short_transcode_100010.mp4"}
    assert s3.keys(bucket) == {"in/short.mp4", "in/short_transcode_100010.mp4"}


async def test_from_disk_to_s3_and_back(desk: Desk, s3: S3, bucket: str) -> None:
    up = await desk.done(sources.SHORT, SMALL_RENDITION, output={"storage": f"s3://{bucket}/"})
    (key,) = results(up, bucket)
    assert s3.keys(bucket) == {key}
    down = await desk.done(f"s3://{bucket}/{key}", SMALL_RENDITION)
    assert (down.outcome, failures(down)) == (Outcome.SUCCESS, {})


@pytest.mark.parametrize("name", [sources.HOSTILE_NAME.name, "ä 电影 %20 + # ?.flv"])
async def test_keys_are_taken_to_the_letter(name: str, desk: Desk, s3: S3, bucket: str) -> None:
    url = s3.upload(sources.HOSTILE_NAME, bucket, f"in/{name}")
    tasks = {"transcode": [{"definition": 100010, "override": SMALL}], "image_sprite": [{"definition": 10}]}
    view = await desk.done(url, tasks, output={"storage": f"s3://{bucket}/out/"})
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    assert s3.keys(bucket) == {f"in/{name}", *results(view, bucket)}
    assert f"out/{name.removesuffix('.flv')}_transcode_100010.mp4" in s3.keys(bucket)


async def test_an_object_or_bucket_that_is_not_there_is_a_permanent_error(desk: Desk, bucket: str) -> None:
    for url in (f"s3://{bucket}/nothing.mp4", f"s3://none-{bucket}/a.mp4"):
        view = await desk.done(url, SMALL_RENDITION)
        assert set(failures(view).values()) == {"SourceFileError.DownloadNotAccessible"}
    view = await desk.done(sources.SHORT, SMALL_RENDITION, output={"storage": f"s3://none-{bucket}/"})
    assert set(failures(view).values()) == {"InvalidInput.PermissionDenied"}


async def test_a_cut_source_with_scratch_on_disk(
    desk: Desk, database: Any, s3: S3, bucket: str, tmp_path: Path
) -> None:
    await cut_in_s3(desk, database, s3, bucket, tmp_path)


@pytest.fixture(scope="module")
def far_stack(tmp_path_factory: pytest.TempPathFactory, s3: S3) -> Iterator[RunningStack]:
    """A stack whose machines share nothing but S3."""
    s3.bucket("scratch")
    settings = {**FAST, **s3.settings, "VODFLOW_SCRATCH_URL": "s3://scratch/some/where"}
    with RunningStack(tmp_path_factory.mktemp("far"), ONE_OF_EACH, settings) as running:
        yield running


@pytest.fixture
async def far(far_stack: RunningStack, tmp_path: Path) -> AsyncIterator[tuple[Desk, Any]]:
    """A desk and the database of that stack."""
    with Recorder(far_stack.environment.amqp_url) as recorder:
        mongo: AsyncMongoClient[Any] = AsyncMongoClient(far_stack.environment.mongo_url)
        async with VodflowClient(far_stack.environment.amqp_url, tenant="far") as client, mongo:
            directory = far_stack.environment.storage_root / tmp_path.name
            yield Desk(far_stack, client, recorder, directory), mongo.get_default_database()


async def test_a_cut_source_with_scratch_in_s3(far: tuple[Desk, Any], s3: S3, bucket: str, tmp_path: Path) -> None:
    desk, database = far
    await cut_in_s3(desk, database, s3, bucket, tmp_path)
    await desk.until(lambda: not s3.keys("scratch"), "an empty scratch bucket")


async def test_from_disk_to_disk_with_scratch_in_s3(far: tuple[Desk, Any], s3: S3) -> None:
    desk, _ = far
    view = await desk.done(sources.SHORT, EVERYTHING)
    assert (view.outcome, failures(view)) == (Outcome.SUCCESS, {})
    await desk.until(lambda: not s3.keys("scratch"), "an empty scratch bucket")


async def test_a_cancelled_flow_leaves_no_object(far: tuple[Desk, Any], s3: S3, bucket: str) -> None:
    desk, database = far
    url = s3.upload(sources.PLAIN, bucket, "in/plain.mp4")
    async with believed(database, {"h264.h264.small": 120.0}):
        flow_id = await desk.submit(url, SMALL_RENDITION, output={"storage": f"s3://{bucket}/out/"})
        await desk.until(lambda: s3.keys("scratch"), "a chunk in scratch storage")
        await desk.client.cancel(flow_id)
        await desk.ended(flow_id)
    await desk.until(lambda: not s3.keys("scratch"), "an empty scratch bucket")
    assert s3.keys(bucket) == {"in/plain.mp4"}

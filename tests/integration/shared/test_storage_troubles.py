"""Storages that lack something, or don't answer, and moves from one to another."""

import asyncio
from pathlib import Path

import pytest

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError
from shared.settings import Settings
from shared.storage import Storage
from tests.integration.shared.places import Place


async def test_moving_what_never_was_fails(place: Place) -> None:
    with pytest.raises(WorkError):
        await place.storage.move(place.url("never"), place.url("b"))

    assert await place.missing("b")


async def test_what_is_missing_has_a_code(place: Place) -> None:
    with pytest.raises(MediaError) as raised:
        await place.storage.local(place.url("never"))

    assert raised.value.code == codes.SOURCE_NOT_ACCESSIBLE


async def test_a_put_that_fails_leaves_nothing(place: Place) -> None:
    with pytest.raises(WorkError):
        await place.storage.put(place.tmp / "no such file", place.url("a"))

    assert await place.missing("a")
    if place.kind == "file":
        assert list((place.tmp / "storage").iterdir()) == []


async def test_from_one_storage_to_the_other(place: Place) -> None:
    if place.kind == "file":
        pytest.skip("once is enough")
    here = (place.tmp / "storage" / "a.mp4").as_uri()
    await place.put("a")

    await place.storage.move(place.url("a"), here)
    assert (place.tmp / "storage" / "a.mp4").read_bytes() == b"content"
    assert await place.missing("a")
    await place.storage.move(place.url("a"), here)

    await place.storage.move(here, place.url("b"))
    assert await place.content("b") == b"content"
    assert not (place.tmp / "storage" / "a.mp4").exists()


async def test_between_buckets(place: Place) -> None:
    if place.kind == "file":
        pytest.skip("files have no buckets")
    await place.put("a")

    await place.storage.move(place.url("a"), "s3://other/b")

    assert (await place.storage.local("s3://other/b")).read_bytes() == b"content"
    assert await place.missing("a")


async def test_a_bucket_that_is_missing_has_a_code(place: Place) -> None:
    if place.kind == "file":
        pytest.skip("files have no buckets")

    with pytest.raises(MediaError) as raised:
        await place.storage.local("s3://nowhere/a")
    assert raised.value.code == codes.SOURCE_NOT_ACCESSIBLE
    with pytest.raises(MediaError) as raised:
        await place.storage.put(place.file(), "s3://nowhere/a")
    assert raised.value.code == codes.OUTPUT_NOT_WRITABLE
    with pytest.raises(MediaError) as raised:
        await place.storage.check_writable("s3://nowhere/a/")
    assert raised.value.code == codes.OUTPUT_NOT_WRITABLE


async def test_a_storage_that_does_not_answer_is_a_passing_trouble(tmp_path: Path) -> None:
    settings = Settings(
        s3_endpoint="http://127.0.0.1:9",
        s3_access_key_id="test",
        s3_secret_access_key="test",
        storage_roots=str(tmp_path),
        scratch_url=(tmp_path / "scratch").as_uri(),
    )
    with pytest.raises(TransientError):
        async with asyncio.timeout(60):
            await Storage(settings).local("s3://media/a")

"""The cache of fetched files: bounded, shared by processes, fetched once."""

import asyncio
import os
from pathlib import Path

import pytest

from shared.errors import TransientError
from shared.file_cache import FileCache
from tests.integration.shared.places import Place


class Fetches:
    """What a cache asks to be fetched."""

    def __init__(self, size: int = 10) -> None:
        self.count = 0
        self.size = size
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.fail = False

    async def __call__(self, path: Path) -> None:
        self.count += 1
        await asyncio.to_thread(path.write_bytes, b"x" * (self.size // 2))
        await self.go_on.wait()
        if self.fail:
            raise TransientError("gone")
        await asyncio.to_thread(path.write_bytes, b"x" * self.size)


async def test_the_cache_fetches_once_however_many_ask(tmp_path: Path) -> None:
    cache, fetches = FileCache(tmp_path / "cache", 100), Fetches()
    fetches.go_on.clear()
    asking = [asyncio.create_task(cache.get("a", 10, fetches)) for _ in range(8)]
    await asyncio.sleep(0)
    fetches.go_on.set()

    paths = set(await asyncio.gather(*asking))

    assert (fetches.count, len(paths)) == (1, 1)
    assert paths.pop().read_bytes() == b"x" * 10


async def test_two_processes_that_fetch_the_same_do_no_harm(tmp_path: Path) -> None:
    one, two, fetches = FileCache(tmp_path / "c", 100), FileCache(tmp_path / "c", 100), Fetches()

    paths = await asyncio.gather(one.get("a", 10, fetches), two.get("a", 10, fetches))

    assert [path.read_bytes() for path in paths] == [b"x" * 10] * 2
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["a"]


async def test_a_fetch_that_fails_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    cache, fetches = FileCache(tmp_path / "cache", 100), Fetches()
    fetches.fail = True
    with pytest.raises(TransientError):
        await cache.get("a", 10, fetches)
    assert list((tmp_path / "cache").iterdir()) == []

    fetches.fail = False
    assert (await cache.get("a", 10, fetches)).read_bytes() == b"x" * 10


async def test_the_cache_stays_within_its_bound_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    cache, fetches = FileCache(tmp_path / "cache", 30), Fetches()
    for number, name in enumerate("abc"):
        path = await cache.get(name, 10, fetches)
        os.utime(path, (1000 + number, 1000 + number))
    os.utime(tmp_path / "cache" / "a", (2000, 2000))

    await cache.get("d", 10, fetches)

    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["a", "c", "d"]


async def test_a_file_that_goes_while_room_is_made_does_no_harm(tmp_path: Path) -> None:
    """As another fetch's part does, when it has come whole: it is listed, and gone when it is asked for its size."""
    cache, fetches = FileCache(tmp_path / "cache", 30), Fetches()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "gone.part").symlink_to(tmp_path / "nothing")

    assert (await cache.get("a", 10, fetches)).read_bytes() == b"x" * 10


async def test_what_is_in_use_is_not_removed(tmp_path: Path) -> None:
    cache, fetches = FileCache(tmp_path / "cache", 15), Fetches()

    first = await cache.get("a", 10, fetches)
    await cache.get("b", 10, fetches)

    assert first.exists()


async def test_an_object_is_fetched_again_when_it_has_changed_only(place: Place) -> None:
    if place.kind == "file":
        pytest.skip("files are read in place")
    await place.put("a", b"one")
    first = await place.storage.local(place.url("a"))
    assert await place.storage.local(place.url("a")) == first
    await place.put("a", b"two")

    second = await place.storage.local(place.url("a"))

    assert second != first
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")

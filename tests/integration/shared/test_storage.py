"""Storage: one set of promises for files and for objects. S3 is moto's server on loopback."""

import pytest

from contracts import codes
from shared.errors import MediaError
from tests.integration.shared.places import HOSTILE, Place


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_put_is_there_under_any_name(place: Place, name: str) -> None:
    path = place.file()

    await place.storage.put(path, place.url(name))

    assert await place.content(name) == b"content"
    assert path.read_bytes() == b"content"
    if place.kind == "file":
        assert [found.name for found in (place.tmp / "storage").iterdir()] == [name]


async def test_a_name_with_a_line_break_is_a_file_s_but_no_object_s(place: Place) -> None:
    """obstore has no way to say it."""
    name = "new\nline.mp4"
    if place.kind == "file":
        await place.put(name)
        assert await place.content(name) == b"content"
        return
    await place.put("a")
    for action in (
        place.storage.put(place.file(), place.url(name)),
        place.storage.move(place.url("a"), place.url(name)),
        place.storage.local(place.url(name)),
        place.storage.remove(place.url(name)),
    ):
        with pytest.raises(MediaError):
            await action


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_moved_is_there_under_any_name(place: Place, name: str) -> None:
    await place.put("staged [1]%")

    await place.storage.move(place.url("staged [1]%"), place.url(name))

    assert await place.content(name) == b"content"
    assert await place.missing("staged [1]%")


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_removed_is_gone_under_any_name(place: Place, name: str) -> None:
    await place.put(name)

    await place.storage.remove(place.url(name))
    await place.storage.remove(place.url(name))

    assert await place.missing(name)


async def test_putting_again_replaces(place: Place) -> None:
    await place.put("a", b"first")
    assert await place.content("a") == b"first"
    await place.put("a", b"second")

    assert await place.content("a") == b"second"


async def test_moving_again_counts_as_done(place: Place) -> None:
    await place.put("a")
    await place.storage.move(place.url("a"), place.url("deep/er/b"))

    await place.storage.move(place.url("a"), place.url("deep/er/b"))

    assert await place.content("deep/er/b") == b"content"


async def test_moving_replaces_what_is_there(place: Place) -> None:
    await place.put("b", b"old")
    await place.put("a", b"new")

    await place.storage.move(place.url("a"), place.url("b"))

    assert await place.content("b") == b"new"


async def test_scratch_goes_flow_by_flow(place: Place) -> None:
    scratch = place.storage.scratch_url
    for flow_id in ("a" * 32, "a" * 31 + "b"):
        for name in ("x", "deep/y"):
            await place.storage.put(place.file(), f"{scratch}/{flow_id}/{name}")

    await place.storage.remove_scratch("a" * 32)
    await place.storage.remove_scratch("c" * 32)

    for name in ("x", "deep/y"):
        with pytest.raises(MediaError):
            await place.storage.local(f"{scratch}/{'a' * 32}/{name}")
        await place.storage.local(f"{scratch}/{'a' * 31}b/{name}")


async def test_a_directory_that_can_be_written_to(place: Place) -> None:
    await place.storage.check_writable(place.url("new/directory/"))


async def test_results_put_from_one_file_are_files_of_their_own(place: Place) -> None:
    path = place.file()
    await place.storage.put(path, place.url("a"))
    await place.storage.put(path, place.url("b"))
    path.unlink()

    if place.kind == "file":
        one, two = (place.tmp / "storage" / name for name in ("a", "b"))
        assert one.stat().st_ino != two.stat().st_ino
    await place.storage.remove(place.url("a"))
    assert await place.content("b") == b"content"


async def test_a_version_is_another_one_when_the_content_may_be(place: Place) -> None:
    url = await place.put("a", b"content")
    first = await place.storage.version(url)
    assert first.size_bytes == 7
    assert await place.storage.version(url) == first
    await place.put("a", b"other..")
    assert await place.storage.version(url) != first
    with pytest.raises(MediaError) as caught:
        await place.storage.version(place.url("missing"))
    assert caught.value.code == codes.SOURCE_NOT_ACCESSIBLE

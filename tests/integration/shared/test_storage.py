"""Storage: one set of promises for files and for objects. S3 is moto's server on loopback."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from contracts import codes
from shared.errors import MediaError, TransientError, WorkError
from shared.file_cache import FileCache
from shared.locations import below
from shared.settings import Settings
from shared.storage import Storage

HOSTILE = [
    "plain.mp4",
    "te[s]t 'video' \"q\".mp4",
    "100%25 50% #1?x=y&z.mp4",
    "ünï 动画 🎬.mp4",
    "-dash; $(rm) `x` \\back.mp4",
    "a+b=c@d:e,f~g!.mp4",
]


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(s3_endpoint: str) -> str:
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="media")
    client.create_bucket(Bucket="other")
    client.close()
    return "media"


class Place:
    """A storage with a directory of the test's own in it, and how to look at it from outside."""

    def __init__(self, kind: str, tmp: Path, settings: Settings) -> None:
        self.kind = kind
        self.settings = settings
        self.storage = Storage(settings)
        self.directory = (tmp / "storage").as_uri() if kind == "file" else f"s3://media/{tmp.name}"
        self.tmp = tmp

    def url(self, name: str) -> str:
        return below(self.directory, name)

    def file(self, content: bytes = b"content", name: str = "local") -> Path:
        path = self.tmp / name
        path.write_bytes(content)
        return path

    async def put(self, name: str, content: bytes = b"content") -> str:
        await self.storage.put(self.file(content), self.url(name))
        return self.url(name)

    async def content(self, name: str) -> bytes:
        return (await self.storage.local(self.url(name))).read_bytes()

    async def missing(self, name: str) -> bool:
        try:
            await self.storage.local(self.url(name))
        except MediaError as error:
            return error.code == codes.SOURCE_NOT_ACCESSIBLE
        return False


@pytest.fixture(params=["file", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    options: dict[str, object] = {
        "storage_roots": str(tmp_path / "storage"),
        "scratch_url": (tmp_path / "scratch").as_uri(),
        "work_dir": tmp_path / "work",
    }
    if request.param == "s3":
        request.getfixturevalue("bucket")
        options |= {
            "scratch_url": f"s3://media/{tmp_path.name}/scratch",
            "s3_endpoint": request.getfixturevalue("s3_endpoint"),
            "s3_access_key_id": "test",
            "s3_secret_access_key": "test",
        }
    return Place(request.param, tmp_path, Settings.model_validate(options))


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


REFUSED = [
    "file:///etc/passwd",
    "file://{root}/../secret",
    "file://{root}/%2e%2e/secret",
    "file://{root}/link-out/secret",
    "file://{root}2/secret",
    "file://otherhost{root}/a",
    "file://{root}/a%00b",
    "s3://media/a/../b",
    "s3://media/./b",
    "s3:///key",
    "https://example.com/a.mp4",
    "{root}/a",
    "concat:{root}/a|{root}/b",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
async def test_places_outside_are_refused(tmp_path: Path, url: str) -> None:
    root = tmp_path / "storage"
    root.mkdir()
    (tmp_path / "storage2").mkdir()
    for secret in (tmp_path / "secret", tmp_path / "storage2" / "secret"):
        secret.write_text("secret")
    (root / "link-out").symlink_to(tmp_path)
    storage = Storage(Settings(storage_roots=str(root), scratch_url=(tmp_path / "scratch").as_uri()))
    target = url.replace("{root}", str(root))

    with pytest.raises(MediaError):
        await storage.local(target)
    with pytest.raises(MediaError):
        await storage.put(tmp_path / "secret", target)
    with pytest.raises(MediaError):
        await storage.remove(target)

    assert (tmp_path / "secret").read_text() == "secret"


async def test_a_link_within_the_roots_is_followed(tmp_path: Path) -> None:
    root = tmp_path / "storage"
    (root / "real").mkdir(parents=True)
    (root / "real" / "a.mp4").write_bytes(b"content")
    (root / "link").symlink_to(root / "real")
    storage = Storage(Settings(storage_roots=str(root), scratch_url=(tmp_path / "scratch").as_uri()))

    assert (await storage.local((root / "link" / "a.mp4").as_uri())).read_bytes() == b"content"


@pytest.mark.parametrize("what", ["a directory", "a file as directory"])
async def test_impossible_places_are_permanent(tmp_path: Path, what: str) -> None:
    root = tmp_path / "storage"
    (root / "taken").mkdir(parents=True)
    (root / "taken" / "x").touch()
    (root / "file").touch()
    (tmp_path / "local").touch()
    storage = Storage(Settings(storage_roots=str(root), scratch_url=(tmp_path / "scratch").as_uri()))
    target = root / "taken" if what == "a directory" else root / "file" / "a.mp4"

    with pytest.raises(MediaError) as raised:
        await storage.put(tmp_path / "local", target.as_uri())

    assert raised.value.code == codes.OUTPUT_NOT_WRITABLE
    assert [path.name for path in root.rglob(".*")] == []


async def test_reading_a_directory_is_permanent(tmp_path: Path) -> None:
    storage = Storage(Settings(storage_roots=str(tmp_path), scratch_url=(tmp_path / "scratch").as_uri()))

    with pytest.raises(MediaError):
        await storage.local(tmp_path.as_uri())


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

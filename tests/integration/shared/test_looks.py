"""Files looked at once and remembered while they stay as they are. Real MongoDB, both drivers; real ffprobe."""

import asyncio
import base64
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.looks import Look
from contracts.units import UnitFinished
from services.planner.look_probing import Looked, Looks
from services.planner.look_store import FORM, KeptLooks
from shared.errors import MediaError
from shared.looking import looked
from shared.media import probe
from shared.packed_index import packed
from shared.settings import Settings
from shared.storage import Storage
from shared.store import Store
from tests.media import clips


@pytest.fixture
def film(settings: Settings) -> Path:
    """A file in the storage."""
    path = settings.roots[0] / "film.mov"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(clips.PORTRAIT, path)
    return path


@pytest.fixture
async def kept(store: Store) -> KeptLooks:
    kept = KeptLooks(store)
    await kept.prepare()
    return kept


@pytest.fixture
def looks(kept: KeptLooks, settings: Settings) -> Looks:
    return Looks(kept, Storage(settings), 10.0)


def same(one: Looked, other: Looked) -> bool:
    """All of it but who looked."""
    indexes = [
        found.index and (found.index.time_base, found.index.end_pts, [*found.index.pts], [*found.index.keys])
        for found in (one, other)
    ]
    return one.media == other.media and indexes[0] == indexes[1]


def result(*told: Look) -> UnitFinished:
    now = datetime.now(UTC)
    return UnitFinished(
        flow_id="f" * 32, unit_id="join", attempt=1, worker="w", looks=list(told), started_at=now, work_s=1.0
    )


def touch(film: Path) -> None:
    """As if it had been written again a nanosecond later."""
    found = film.stat()
    os.utime(film, ns=(found.st_atime_ns, found.st_mtime_ns + 1))


def swap(film: Path) -> None:
    """Another file of the same name, size and time."""
    found, other = film.stat(), film.with_name("other.mov")
    shutil.copyfile(film, other)
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(film)


def spoil(film: Path) -> None:
    """No film any more."""
    film.write_bytes(b"no film" * 99)


async def test_a_file_is_looked_at_once(looks: Looks, film: Path) -> None:
    first, again = [await looks.at(film.as_uri()) for _ in range(2)]
    assert (first.how, again.how) == ("ffprobe", "kept")
    assert first.index is not None
    assert same(first, again)
    assert same(first, Looked(*await probe(film)))


async def test_a_file_that_has_changed_is_looked_at_again(looks: Looks, film: Path) -> None:
    url = film.as_uri()
    await looks.at(url)
    touch(film)
    assert (await looks.at(url)).how == "ffprobe"
    assert (await looks.at(url)).how == "kept"

    swap(film)
    assert (await looks.at(url)).how == "ffprobe"

    await asyncio.to_thread(film.unlink)
    with pytest.raises(MediaError, match="No such file"):
        await looks.at(url)


async def test_what_is_no_media_is_not_remembered(looks: Looks, film: Path, store: Store) -> None:
    spoil(film)
    for _ in range(2):
        with pytest.raises(MediaError):
            await looks.at(film.as_uri())
    assert await store.collection("looks").count_documents({}) == 0


async def test_an_older_reading_counts_no_more(looks: Looks, film: Path, store: Store) -> None:
    await looks.at(film.as_uri())
    await store.collection("looks").update_one({"_id": film.as_uri()}, {"$set": {"form": FORM - 1}})
    assert (await looks.at(film.as_uri())).how == "ffprobe"


async def test_what_a_worker_tells_is_kept_and_taken_out_of_its_result(looks: Looks, film: Path) -> None:
    told = await looked(film, film.as_uri())
    assert [look.url for look in told] == [film.as_uri()]
    told_of = result(*told)
    assert await looks.taken(told_of) == told_of.model_copy(update={"looks": []})
    known = await looks.at(film.as_uri())
    assert known.how == "kept"
    assert same(known, Looked(*await probe(film)))


async def test_what_a_worker_tells_of_another_file_is_not_kept(looks: Looks, film: Path) -> None:
    media, index = await probe(film)
    assert index is not None
    text = base64.b64encode(packed(index)).decode()
    url = film.as_uri()
    larger = media.model_copy(update={"size_bytes": media.size_bytes + 1})
    missing = film.with_name("missing.mov").as_uri()
    for look in (
        Look(url=url, media=larger, index=text),
        Look(url=missing, media=media, index=text),
        Look(url=url, media=media, index="AAAA"),
        Look(url="file:///etc/passwd", media=media),
    ):
        assert (await looks.taken(result(look))).looks == []
    assert (await looks.at(url)).how == "ffprobe"


async def test_a_worker_that_cannot_look_says_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    spoil(broken)
    assert await looked(broken, "s3://media/out.mp4") == []

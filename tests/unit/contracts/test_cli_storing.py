"""`vodflow upload`: where a file goes, and that it gets there whole or not at all."""

import errno
import os
from pathlib import Path
from threading import Event

import pytest

from contracts.cli import storing
from contracts.cli.request import WrongFlag
from contracts.cli.storing import CantStore, Interrupted, blocks, store_locally, target_url


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three blocks, the last one short."""
    path = tmp_path / "a film #1.mp4"
    path.write_bytes(os.urandom(10) * 1000)
    return path


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "BLOCK_BYTES", 4000)


def put(film: Path, target: Path, *, overwrite: bool = False) -> list[int]:
    """What the progress told."""
    told: list[int] = []
    store_locally(film, target.as_uri(), blocks(film, told.append, Event()), overwrite=overwrite)
    return told


@pytest.mark.parametrize(
    ("to", "root", "url"),
    [
        ("s3://media/up", None, "s3://media/up/a film #1.mp4"),
        ("s3://media", None, "s3://media/a film #1.mp4"),
        ("file:///srv/up/", "/srv", "file:///srv/up/a%20film%20%231.mp4"),
        ("/srv/u p", None, "file:///srv/u%20p/a%20film%20%231.mp4"),
        (None, "/srv", "file:///srv/uploads/a%20film%20%231.mp4"),
    ],
)
def test_where_it_goes(film: Path, to: str | None, root: str | None, url: str) -> None:
    assert target_url(to, film, root) == url


@pytest.mark.parametrize(("to", "says"), [(None, "VODFLOW_STORAGE_ROOT is not set"), ("https://a.example/", "takes")])
def test_where_it_can_not_go(film: Path, to: str | None, says: str) -> None:
    with pytest.raises(WrongFlag, match=says):
        target_url(to, film, None)


def test_it_arrives_whole_and_alone(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "storage" / "deep" / film.name
    assert put(film, target) == [4000, 8000, 10000]
    assert target.read_bytes() == film.read_bytes()
    assert list(target.parent.iterdir()) == [target]


def test_another_file_is_replaced_only_when_asked(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "other.mp4"
    target.write_bytes(b"other")
    with pytest.raises(CantStore, match="is there already"):
        put(film, target)
    assert target.read_bytes() == b"other"
    put(film, target, overwrite=True)
    assert target.read_bytes() == film.read_bytes()


def test_one_that_comes_meanwhile_is_not_replaced(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "storage" / "film.mp4"

    def come(done: int) -> None:
        target.write_bytes(b"other")

    with pytest.raises(CantStore, match="is there already"):
        store_locally(film, target.as_uri(), blocks(film, come, Event()), overwrite=False)
    assert target.read_bytes() == b"other"
    assert list(target.parent.iterdir()) == [target]


def test_where_there_are_no_links(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "film.mp4"
    put(film, target)
    assert target.read_bytes() == film.read_bytes()
    with pytest.raises(CantStore, match="is there already"):
        put(film, target)


def test_interrupted_it_leaves_nothing(film: Path, tmp_path: Path) -> None:
    target, stop = tmp_path / "storage" / "film.mp4", Event()

    def interrupt(done: int) -> None:
        stop.set()

    with pytest.raises(Interrupted):
        store_locally(film, target.as_uri(), blocks(film, interrupt, stop), overwrite=False)
    assert list(target.parent.iterdir()) == []


def test_a_place_that_can_not_be_written_to(film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CantStore, match="can't make"):
        put(film, tmp_path / "file" / "film.mp4")

"""Places that are none of ours, or none at all."""

from pathlib import Path

import pytest

from contracts import codes
from shared.errors import MediaError
from shared.settings import Settings
from shared.storage import Storage

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

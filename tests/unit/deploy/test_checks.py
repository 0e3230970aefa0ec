from pathlib import Path

import pytest

from deploy.local import checks, programs
from deploy.local.reachable import version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026", (5, 1)),
        ("ffprobe version 6.1.1-3ubuntu5 Copyright", (6, 1)),
        ("ffmpeg version n7.0 Copyright", (7, 0)),
        ("ffmpeg version 7:4.4.2 Copyright", (4, 4)),
        ("ffmpeg version N-109542-g2f4b2a0 Copyright", None),
        ("", None),
    ],
)
def test_ffmpeg_version(text: str, expected: tuple[int, int] | None) -> None:
    assert checks.ffmpeg_version(text) == expected


def test_missing_encoders() -> None:
    listed = " V....D libx264              libx264 H.264 (codec h264)\n A....D aac_fixed"
    missing = checks.missing_encoders(listed)
    assert "aac" in missing and "libx264" not in missing
    assert checks.missing_encoders("") == ["libx264", *missing]


@pytest.mark.parametrize(("text", "expected"), [("3.10.8", (3, 10)), ("8.0", (8, 0)), ("", (0, 0)), ("x.y", (0, 0))])
def test_server_version(text: str, expected: tuple[int, int]) -> None:
    assert version(text) == expected


def test_a_storage_root_that_is_there_or_can_be_made_is_well(tmp_path: Path) -> None:
    assert checks.writable(tmp_path).well
    assert checks.writable(tmp_path / "a" / "b").well
    assert not (tmp_path / "a").exists()


def test_a_missing_program_says_how_to_mend_it() -> None:
    found = checks.program(
        "rabbitmq-server", lambda: programs.rabbitmq_server({"VODFLOW_RABBITMQ_SERVER": "/no/where"})
    )
    assert (found.well, found.detail) == (False, "not found")
    assert "deploy/local/setup" in found.mend


def test_free_disk_looks_at_the_nearest_folder_that_exists(tmp_path: Path) -> None:
    assert f"GB in {tmp_path}" in checks.free_disk(tmp_path / "a" / "b").detail

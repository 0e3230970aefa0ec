"""From the arguments of `vodflow edit` to the command."""

from pathlib import Path
from typing import Any

import pytest

from contracts.cli.edit_request import build, edit_input
from contracts.cli.request import WrongFlag

S3 = "s3://media/a@home/b.mp4"


def window(text: str) -> tuple[str, float, float]:
    made = edit_input(text)
    return made["url"], made.get("start_time_offset_s", 0.0), made.get("end_time_offset_s", 0.0)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", 0, 0),
        ("@3-6.5", 3, 6.5),
        ("@3-", 3, 0),
        ("@-6.5", 0, 6.5),
        ("@-10-", -10, 0),
        ("@-10--2", -10, -2),
        ("@3--2", 3, -2),
        ("@-", 0, 0),
    ],
)
def test_windows(text: str, start: float, end: float) -> None:
    assert window(S3 + text) == (S3, start, end)


def test_what_is_no_window_belongs_to_the_name(tmp_path: Path) -> None:
    assert window("s3://media/a@b") == ("s3://media/a@b", 0, 0)
    odd = tmp_path / "a@1-2"
    odd.touch()
    assert window(str(odd)) == (odd.as_uri(), 0, 0)
    assert window(f"{odd}@3-4") == (odd.as_uri(), 3, 4)
    with pytest.raises(WrongFlag, match="no such file"):
        edit_input(f"{tmp_path}/b.mp4@1-2")


def test_the_command() -> None:
    members: dict[str, Any] = {"definition": 20, "dir": "/cuts/", "output_object_path": "x.{format}"}
    made = build([S3, f"{S3}@1-2"], {"container": "hls"}, members, None, None)
    assert made.model_dump(exclude_defaults=True) == {
        "inputs": [{"url": S3}, {"url": S3, "start_time_offset_s": 1, "end_time_offset_s": 2}],
        "definition": 20,
        "config": {"container": "hls"},
        "output": {"storage": "s3://media/a@home/", "dir": "/cuts/"},
        "output_object_path": "x.{format}",
    }
    assert build([S3], {}, {"dir": ""}, None, None).output is None
    placed = build([S3], {}, {"dir": ""}, None, "s3://root").output
    assert placed is not None and placed.storage == "s3://root/b/"

"""What a workflow's place and formats may be written as."""

import pytest
from pydantic import ValidationError

from contracts.trigger_places import FORMATS, check_dir, check_format, suffixes
from contracts.workflows import WorkflowPut

TASKS = {"image_sprite": [{"definition": 10}]}


@pytest.mark.parametrize("path", ["/", "/in/", "/a b/ü/", "/..a/", "/%2e%2e/"])
def test_directories(path: str) -> None:
    assert check_dir(path) == path


@pytest.mark.parametrize("path", ["", "in/", "/in", "//", "/a//b/", "/../", "/a/./", "/a\n/", "/a\\b/", "/\x00/"])
def test_what_is_no_directory(path: str) -> None:
    with pytest.raises(ValueError, match="must"):
        check_dir(path)


@pytest.mark.parametrize("text", ["mp4", ".MP4", "*", "x" * 64, "3gp"])
def test_formats(text: str) -> None:
    assert check_format(text) == text


@pytest.mark.parametrize("text", ["", ".", "x" * 65, "m p4", "mp4\n", "*.mp4", "tar.gz", "ü", "٣"])
def test_what_is_no_format(text: str) -> None:
    with pytest.raises(ValueError, match="a format is"):
        check_format(text)


def test_suffixes() -> None:
    assert suffixes([]) == FORMATS
    assert len(FORMATS) == 24
    assert suffixes([".MP4", "mov"]) == frozenset({"mp4", "mov"})
    assert suffixes(["mp4", "*"]) is None


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 129}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"trigger": {"storage": "s3://b/", "dir": "in"}}, "trigger.dir"),
        ({"trigger": {"storage": "s3://b/", "formats": ["mp4", "a.b"]}}, "trigger.formats.1"),
        ({"output": None}, "output"),
        ({"tasks": None}, ""),
        ({"procedure": "mine"}, ""),
        ({"tasks": {}}, ""),
        ({"session_context": "x" * 1001}, "session_context"),
        ({"priority": 11}, "priority"),
        ({"notify": {"mode": "never"}}, "notify.mode"),
        ({"session_id": "one"}, "session_id"),
    ],
)
def test_what_a_workflow_may_not_say(members: dict[str, object], field: str) -> None:
    good = {"name": "w", "trigger": {"storage": "s3://b/"}, "output": {"storage": "s3://c/"}, "tasks": TASKS}
    assert WorkflowPut.model_validate(good)
    with pytest.raises(ValidationError) as caught:
        WorkflowPut.model_validate({**good, **members})
    assert [".".join(map(str, error["loc"])) for error in caught.value.errors()] == [field]

"""What a template of a name may hold, told by the models of the tasks."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.flows import Output
from contracts.naming_options import SubStreams
from contracts.series import NumberFormat, Series
from contracts.tasks import CoverTask, SampledSnapshotTask, SpriteTask, TranscodeTask

LONG = "ä" * 128


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.mp4", "must end with .{format}"),
        ("{inputName}", "must end with .{format}"),
        ("../a.{format}", "must not hold '..'"),
        ("a/../../b.{format}", "must not hold '..'"),
        ("./a.{format}", "must not hold '.'"),
        ("a//b.{format}", "must not hold ''"),
        ("//a.{format}", "must not hold ''"),
        ("a\nb.{format}", "must not hold the character '\\n'"),
        ("a\u202eb.{format}", "must not hold the character"),
        ("a\\b.{format}", "must not hold the character"),
        ("a}b.{format}", "must not hold the character"),
        ("{{inputName}}.{format}", "must not hold the character"),
        ("{inputname}.{format}", "{inputname} is no variable here; there are {definition}, {format}"),
        ("{inputName!r}.{format}", "is no variable here"),
        ("{}.{format}", "is no variable here"),
        ("{number}.{format}", "{number} is no variable here"),
        ("{inputDir}/a.{format}", "{inputDir} is no variable here"),
        (f"{LONG}.{{format}}", "more than 255 bytes"),
        ("/".join(["ä" * 100] * 6) + ".{format}", "more than 1024 bytes"),
    ],
)
def test_paths_that_no_file_should_have(path: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TranscodeTask(definition=10, output_object_path=path)
    [told] = caught.value.errors()
    assert told["loc"] == ("output_object_path",)
    assert text in told["msg"]


@pytest.mark.parametrize("model", [SampledSnapshotTask, SpriteTask])
def test_a_row_of_files_needs_its_number(model: type[SampledSnapshotTask]) -> None:
    with pytest.raises(ValidationError, match=r"needs \{number\}"):
        model(output_object_path="a.{format}")
    assert model(output_object_path="/a/{number}.{format}").output_object_path == "/a/{number}.{format}"


def test_a_single_picture_has_no_number() -> None:
    with pytest.raises(ValidationError, match="is no variable here"):
        CoverTask(position_type="time", position_value=0, output_object_path="a{number}.{format}")


@pytest.mark.parametrize(
    "segments",
    ["{subStreamNumber}.{format}", "{segmentNumber}.{format}", "/{subStreamNumber}/{segmentNumber}.{format}"],
)
def test_segments_of_sub_streams_need_both_numbers_and_are_relative(segments: str) -> None:
    with pytest.raises(ValidationError):
        SubStreams(segment_object_name=segments)


@pytest.mark.parametrize("between", ["", "0", "17"])
def test_two_numbers_are_kept_apart(between: str) -> None:
    with pytest.raises(ValidationError, match="need something else than digits between them"):
        SubStreams(segment_object_name=f"{{subStreamNumber}}{between}{{segmentNumber}}.{{format}}")
    SubStreams(segment_object_name="{subStreamNumber}0/{segmentNumber}.{format}")


@pytest.mark.parametrize("directory", ["", "/", "/a/", "/{inputDir}/", "/films of {inputName}.{inputFormat}/b/"])
def test_directories(directory: str) -> None:
    assert Output(storage="s3://b", dir=directory).dir == directory


@pytest.mark.parametrize(
    "directory",
    [
        "a",
        "a/",
        "/a",
        "/a//b/",
        "/../",
        "/a/./",
        "/{definition}/",
        "/{number}/",
        "/a{inputDir}/",
        "/{inputDir}{inputDir}/",
    ],
)
def test_directories_that_could_lead_astray(directory: str) -> None:
    with pytest.raises(ValidationError):
        Output(storage="s3://b", dir=directory)


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({}, ["0", "1", "2"]),
        ({"initial_value": 7, "increment": 5, "min_length": 4}, ["0007", "0012", "0017"]),
        ({"min_length": 3, "place_holder": "_"}, ["__0", "__1", "__2"]),
    ],
)
def test_numbers(given: dict[str, Any], texts: list[str]) -> None:
    numbers = NumberFormat(**given)
    assert [numbers.text(n) for n in range(3)] == texts
    assert Series(parts=["s3://b/x", "/y", ".ts"], numbers=numbers).url(2) == f"s3://b/x{texts[2]}/y{texts[2]}.ts"


@pytest.mark.parametrize(
    "given",
    [
        {"initial_value": -1},
        {"increment": 0},
        {"min_length": 0},
        {"min_length": 21},
        {"place_holder": "1"},
        {"place_holder": ""},
        {"place_holder": "/"},
        {"place_holder": "."},
        {"place_holder": "00"},
        {"place_holder": "0\n"},
        {"place_holder": "\u0660"},
    ],
)
def test_numbers_out_of_range(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(NumberFormat).validate_python(given)

"""Results that would lie in one place, or whose names no storage takes, are refused with the member at fault."""

import itertools
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.flows import FlowAccepted, FlowSubmit
from contracts.name_templates import pieces
from contracts.tasks import Tasks
from services.intake.library import Library
from services.intake.overlap import meet, pattern
from services.intake.rules import accept, check
from shared.errors import RequestError

ROOTS = [Path("/media")]
LONG = "file:///media/in/" + "n" * 160 + ".mkv"


def submitted(tasks: dict[str, Any], url: str = "file:///media/in/a.mp4", **output: str) -> FlowAccepted:
    command = {"input": {"url": url}, "tasks": tasks, "output": {"storage": "file:///media/out/"} | output}
    return accept(FlowSubmit.model_validate(command), "0" * 32, ROOTS, datetime(2026, 11, 21, tzinfo=UTC))


def renditions(*paths: str | None) -> dict[str, Any]:
    return {"transcode": [{"definition": 10, "output_object_path": path} for path in paths]}


@pytest.mark.parametrize(
    ("tasks", "field"),
    [
        (renditions("x.{format}", "{inputName}.{format}", "a.{format}"), "tasks.transcode.2.output_object_path"),
        (renditions("/x.{format}", "x.{format}"), "tasks.transcode.1.output_object_path"),
        (renditions("a_transcode_10-2.{format}", None), "tasks.transcode.1.output_object_path"),
        (renditions("x.{format}", "x.{format}/y.{format}"), "tasks.transcode.1.output_object_path"),
        (renditions("x.{format}", "x.mp4/y.{format}"), "tasks.transcode.1.output_object_path"),
        (
            {"cover_by_snapshot": [{"position_type": "time", "position_value": 0, "output_object_path": "7.{format}"}]}
            | {"sampled_snapshot": [{"output_object_path": "{number}.{format}"}]},
            "tasks.cover_by_snapshot.0.output_object_path",
        ),
        (
            {"sampled_snapshot": [{"output_object_path": "{number}.{format}"}]}
            | {"image_sprite": [{"output_object_path": "1{number}.{format}"}]},
            "tasks.image_sprite.0.output_object_path",
        ),
        (
            {"image_sprite": [{"web_vtt_object_name": "a.{format}"}, {"web_vtt_object_name": "a.{format}"}]},
            "tasks.image_sprite.1.web_vtt_object_name",
        ),
        (
            {"transcode": [{"definition": 10, "segment_object_name": "{number}.{format}"}]},
            "tasks.transcode.0.segment_object_name",
        ),
        (
            {"transcode": [{"definition": 10, "object_number_format": {}}]},
            "tasks.transcode.0.object_number_format",
        ),
        (
            {"transcode": [{"definition": 10, "output_storage": "file:///etc/"}]},
            "tasks.transcode.0.output_storage",
        ),
    ],
)
def test_refused_for_its_place(tasks: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as caught:
        submitted(tasks)
    assert caught.value.field == field


def test_other_storages_are_other_places_however_they_are_written() -> None:
    tasks = renditions("x.{format}", "x.{format}")
    tasks["transcode"][1]["output_storage"] = "file:///media/other"
    assert len(submitted(tasks).subtasks) == 2
    tasks["transcode"][1]["output_storage"] = "file:///media/./o%75t"
    with pytest.raises(RequestError, match=r"in the place of tasks\.transcode\.0\."):
        submitted(tasks)


def test_the_source_is_not_written_over() -> None:
    with pytest.raises(RequestError, match="in the place of the source"):
        submitted(renditions("{inputName}.{format}"), storage="file:///media/in/")


def test_lengths_are_those_of_what_the_variables_hold() -> None:
    assert submitted(renditions("{inputName}.{format}"), LONG)
    with pytest.raises(RequestError, match="more than 255 bytes") as caught:
        submitted(renditions("{inputName}{inputName}.{format}"), LONG)
    assert caught.value.field == "tasks.transcode.0.output_object_path"
    with pytest.raises(RequestError, match="more than 255 bytes") as caught:
        submitted(renditions(None), LONG, dir="/{inputName}{inputName}/")
    assert caught.value.field == "output.dir"
    with pytest.raises(RequestError, match="more than 1024 bytes"):
        submitted(renditions(None), storage="s3://bucket/" + "k/" * 505)


def test_procedures_hold_names_too() -> None:
    check(Tasks.model_validate(renditions("x.{format}", "y.{format}")), Library(), ROOTS)
    with pytest.raises(RequestError) as caught:
        check(Tasks.model_validate(renditions("x.{format}", "x.{format}")), Library(), ROOTS)
    assert caught.value.field == "tasks.transcode.1.output_object_path"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["a", "n", ".x"], ["a1", "n", ".x"], True),
        (["a", "n", ".x"], ["a1.x"], True),
        (["a", "n", ".x"], ["a.x"], False),
        (["a", "n", "_", "n", ".x"], ["a7_8.x"], True),
        (["a", "n", ".x"], ["a", "n", ".y"], False),
        (["a", "n", ".", "f", ""], ["a3.mp4"], True),
        (["a", "n", ".", "f", ""], ["a", "n", ".x/b.x"], True),
        (["a", "n", "b", "n", ""], ["a", "n", ""], False),
        (["", "n", "a"], ["", "n", "b"], False),
    ],
)
def test_rows_that_may_meet(one: list[str], other: list[str], expected: bool) -> None:
    runs = {"n": frozenset("0123456789"), "f": frozenset("abcdefghijklmnopqrstuvwxyz0123456789")}
    assert meet(pattern(one, runs), pattern(other, runs)) is expected
    assert meet(pattern(other, runs), pattern(one, runs)) is expected


def test_names_that_take_too_long_to_compare_are_refused() -> None:
    """Fifty of the longest names with as many numbers as fit, told apart at their ends only; not one of them fewer."""
    numbers = ("{number}1" * 30 + "/") * 3 + "{number}1" * 15
    paths = [f"/{numbers}{chr(97 + n % 26)}{n}.{{format}}" for n in range(100)]
    kinds = {"sampled_snapshot": paths[:50], "snapshot_by_time_offset": paths[50:]}
    tasks = {
        kind: [{"output_object_path": path} | ({"time_offsets": ["1s"]} if "time" in kind else {}) for path in named]
        for kind, named in kinds.items()
    }
    with pytest.raises(RequestError) as caught:
        submitted(tasks)
    assert caught.value.code == "InvalidParameterValue"
    assert "tell them apart before it" in caught.value.message
    assert submitted({"sampled_snapshot": tasks["sampled_snapshot"][:20]})


WORDS = ["".join(word) for length in range(8) for word in itertools.product("1a/", repeat=length)]
"""Every path that the patterns below could meet in."""


@given(*[st.lists(st.sampled_from(["{number}", "1", "a", "/"]), max_size=4).map("".join)] * 2)
@settings(max_examples=150)
def test_they_meet_where_some_path_fits_both(one: str, other: str) -> None:
    """Against regular expressions and every short path."""
    fits = [re.compile(re.sub("{number}", "1+", template)).fullmatch for template in (one, other)]
    first, second = ([word for word in WORDS if fit(word)] for fit in fits)
    inside = {f"{word[:n]}" for word in second for n in range(len(word)) if word[n] == "/"} | set(second)
    around = {f"{word[:n]}" for word in first for n in range(len(word)) if word[n] == "/"} | set(first)
    there = any(word in inside for word in first) or any(word in around for word in second)
    runs = {"number": frozenset("1")}
    assert meet(pattern(pieces(one), runs), pattern(pieces(other), runs)) is there

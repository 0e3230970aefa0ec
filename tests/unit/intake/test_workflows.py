"""Workflows: which files count, when they are complete, and where results may go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.workflows import Trigger, WorkflowPut
from services.intake.arrivals import Arrival, Version
from services.intake.circles import Road, check_apart, check_no_circle
from services.intake.library import Library
from services.intake.roads import road_of
from services.intake.rules import check
from services.intake.settling import Settling
from services.intake.triggers import place_of, url_of
from services.intake.watched import Watched
from shared.errors import RequestError

ROOTS = [Path("/srv/media")]
SPRITE: Mapping[str, Any] = {"image_sprite": [{"definition": 10}]}
ONE, TWO = Version(1, 10, 100), Version(2, 20, 100)


@pytest.mark.parametrize(
    ("storage", "inside", "url", "top"),
    [
        ("s3://b", "/", "s3://b/", "s3://b"),
        ("s3://b/x/", "/in put/", "s3://b/x/in put/", "s3://b/x/in put"),
        ("file:///srv/media/", "/", "file:///srv/media/", "/srv/media"),
        ("file:///srv/media", "/in put/%/", "file:///srv/media/in%20put/%25/", "/srv/media/in put/%"),
    ],
)
def test_places(storage: str, inside: str, url: str, top: str) -> None:
    trigger = Trigger(storage=storage, dir=inside)
    assert (url_of(trigger), place_of(trigger, ROOTS).top) == (url, top)


@pytest.mark.parametrize(
    ("formats", "name", "counts"),
    [
        ([], "a.mp4", True),
        ([], "deep/A.MKV", True),
        ([], "a.txt", False),
        ([], "mp4", False),
        ([".Mov"], "a.mOV", True),
        (["mov"], "a.mov.mp4", False),
        (["*"], "anything", True),
    ],
)
def test_which_suffixes_count(formats: list[str], name: str, counts: bool) -> None:
    place = place_of(Trigger(storage="s3://b/", formats=formats), ROOTS)
    assert (place.counts(name), place.takes(name)) == (counts, counts)


@pytest.mark.parametrize("name", [".a.mp4", "a.mp4.part", "a.tmp", ".x/a.mp4", "x/.y/a.mp4", "a.mp4~", "a.CRDOWNLOAD"])
def test_what_is_being_made_is_not_taken(name: str) -> None:
    place = place_of(Trigger(storage="s3://b/", formats=["*"]), ROOTS)
    assert place.counts(name) and not place.takes(name)


def test_the_same_file_is_the_same_and_another_is_not() -> None:
    one = Arrival("t", "w", "file:///a", "1-2-3", "by")
    assert one.flow_id == Arrival("t", "w", "file:///a", "1-2-3", "later").flow_id
    others = [
        Arrival("t", "w", "file:///a", "1-2-4", "by"),
        Arrival("t", "w", "file:///b", "1-2-3", "by"),
        Arrival("t", "x", "file:///a", "1-2-3", "by"),
    ]
    assert len({one.flow_id, *(other.flow_id for other in others)}) == 4
    later = Arrival("t", "w", "file:///a", "1-2-3", "later")
    assert len({one.arrival_id, later.arrival_id, *(other.arrival_id for other in others)}) == 5


def test_a_file_comes_to_rest() -> None:
    settling = Settling(1.0)
    settling.saw("a", ONE, 10.0)
    settling.saw("b", ONE, 10.5)
    settling.saw("a", ONE, 10.9)
    assert settling.rested(10.99) == []
    assert settling.rested(11.0) == [("a", ONE)]
    assert settling.rested(11.0) == []
    settling.saw("b", TWO, 11.4)
    assert settling.rested(11.5) == []
    settling.drop("b")
    assert (settling.rested(20.0), len(settling)) == ([], 0)


def test_a_file_that_changes_does_not_hold_up_the_others() -> None:
    settling = Settling(1.0)
    settling.saw("a", ONE, 0.0)
    settling.saw("b", ONE, 0.5)
    settling.saw("a", TWO, 1.0)
    assert settling.rested(1.6) == [("b", ONE)]
    assert settling.rested(2.0) == [("a", TWO)]


def watched() -> Watched:
    place = place_of(Trigger(storage="file:///srv/media/in/"), ROOTS)
    made = Watched("t", "w", "by", place, Path("/srv/media/in"), set(), Settling(1.0))
    made.known.add(made.arrival("old.mp4", ONE).arrival_id)
    return made


def test_only_what_is_new_settles() -> None:
    place = watched()
    changes = place.saw_all([("old.mp4", ONE), ("new.mp4", ONE), ("x.txt", ONE)], 0.0)
    assert (changes.gone, changes.back) == ([], [])
    assert place.settling.rested(1.0) == [("new.mp4", ONE)]
    place.took("new.mp4", ONE)
    place.saw_all([("old.mp4", ONE), ("new.mp4", ONE)], 2.0)
    assert len(place.settling) == 0
    place.saw("old.mp4", TWO, 3.0)
    assert place.settling.rested(4.0) == [("old.mp4", TWO)]


def test_what_is_gone_and_comes_back_is_told_once_and_is_not_new() -> None:
    place = watched()
    old = place.arrival("old.mp4", ONE).arrival_id
    place.saw_all([("old.mp4", ONE)], 0.0)
    assert place.saw_all([], 1.0).gone == [old]
    assert place.saw_all([], 2.0).gone == []
    assert place.saw_all([("old.mp4", ONE)], 3.0).back == [old]
    changes = place.saw_all([("old.mp4", ONE)], 4.0)
    assert (changes.gone, changes.back, len(place.settling)) == ([], [], 0)


def road(name: str, start: str, end: Mapping[str, Any], tasks: Mapping[str, Any] = SPRITE, source: str = "") -> Road:
    asked = {"name": name, "trigger": {"storage": start}, "output": end, "tasks": tasks}
    workflow = WorkflowPut.model_validate(asked)
    assert workflow.tasks is not None
    made = road_of(workflow, check(workflow.tasks, Library(), ROOTS), ROOTS, source)
    return Road(name, name, made.top, made.results)


@pytest.mark.parametrize(
    "end",
    [
        {"storage": "s3://b/out/"},
        {"storage": "s3://b/inside/"},
        {"storage": "s3://b/", "dir": "/in-results/"},
        {"storage": "s3://bb/in/"},
        {"storage": "s3://b/out/", "dir": "/{inputDir}/"},
        {"storage": "file:///srv/media/in/"},
    ],
)
def test_results_outside(end: Mapping[str, Any]) -> None:
    check_apart(road("w", "s3://b/in/", end))


@pytest.mark.parametrize(
    ("end", "source"),
    [
        ({"storage": "s3://b/in/"}, ""),
        ({"storage": "s3://b/in/deep"}, ""),
        ({"storage": "s3://b/", "dir": "/in/x/"}, ""),
        ({"storage": "s3://b/", "dir": "/{inputDir}/"}, ""),
        ({"storage": "s3://b/", "dir": "/{inputName}/"}, "s3://b/in/in.mp4"),
    ],
)
def test_results_inside(end: Mapping[str, Any], source: str) -> None:
    with pytest.raises(RequestError, match="would lie in s3://b/in, the workflow's own place") as caught:
        check_apart(road("w", "s3://b/in/", end, source=source))
    assert caught.value.field == "output.storage"


def test_the_task_at_fault_is_named() -> None:
    tasks = {"image_sprite": [{"definition": 10}, {"definition": 10, "output_object_path": "/in/{number}.{format}"}]}
    with pytest.raises(RequestError) as caught:
        check_apart(road("w", "s3://b/in/", {"storage": "s3://b/", "dir": "/out/"}, tasks))
    assert caught.value.field == "tasks.image_sprite.1.output_object_path"


def test_circles() -> None:
    a, b, c = (road(f"{x}{y}", f"s3://b/{x}/", {"storage": f"s3://b/{y}/z/"}) for x, y in ("ab", "bc", "ca"))
    d = road("dd", "s3://b/d/", {"storage": "s3://b/a/"})
    check_no_circle(a, [a, b, d])
    check_no_circle(d, [a, b])
    with pytest.raises(RequestError, match="ca -> ab -> bc -> ca"):
        check_no_circle(c, [a, b, c, d])
    check_no_circle(d, [a, b, c])


def test_too_many_places_that_differ_behind_a_number_are_not_compared() -> None:
    task = {"definition": 10, "output_object_path": "/{number}-" + "x" * 200 + "/{inputName}.{format}"}
    one = road("one", "s3://b/start/", {"storage": "s3://b/"}, {"sampled_snapshot": [task]})
    many = [Road(f"{n}", f"{n}", f"s3://b/{n}-{'x' * 200}", [*one.results] * 50) for n in range(150)]
    with pytest.raises(RequestError, match="too many to compare"):
        check_no_circle(one, many)

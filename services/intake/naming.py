"""What intake refuses of results' names: impossible ones, and two results in one place. Pure."""

import string
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from contracts import codes
from contracts.flows import Output
from contracts.name_templates import check_lengths, filled
from contracts.naming_options import Segmented
from contracts.series import NumberFormat
from contracts.subtasks import EditMedia, Subtask
from shared.errors import RequestError
from shared.locations import below
from shared.naming import Files, Naming, Place, extension, files

from .overlap import Pattern, meet, pattern

LARGEST_COUNT = 1_000_000
"""More files than this no row has: for the longest name that may come."""
LONGEST_FORMAT = "webm"
MOST_STEPS = 1_000_000
"""Of comparing the names of one flow, about two seconds: hundreds of names are far below, unless made to be above."""


@dataclass(frozen=True)
class Row:
    """Files in a row, or one: which member names them, and what their paths look like from a storage's top."""

    field: str
    start: str
    pattern: Pattern


def check_names(
    source_url: str, output: Output, subtasks: Sequence[Subtask], top: Callable[[str], str], sources: Sequence[str] = ()
) -> None:
    """Every result of a flow has a place of its own that a storage can hold.

    `top` tells a storage's place as a path that is the same however its URL is written; `sources` are the sources'.

    Raises:
        RequestError: INVALID_PARAMETER_VALUE with the member at fault; where two results meet the second one's; where
            there are too many numbers in too many names to compare the first one's that could not be.
    """
    naming, top = Naming(source_url, output, subtasks), cache(top)
    _check(lambda: check_lengths(naming.directory), "output.dir")
    before = [Row("the source", source, pattern([source], {})) for source in dict.fromkeys(sources)]
    steps = 0
    for subtask in subtasks:
        _check_of_use(subtask)
        for named in _named(naming, subtask, top):
            alike = [one for one in before if _alike(one, named)]
            steps += len(alike) * len(named.pattern.steps)
            if steps > MOST_STEPS:
                text = f"{named.field}: too many names that differ behind a number only: tell them apart before it"
                raise RequestError(text, codes.INVALID_PARAMETER_VALUE, named.field)
            if other := next((one for one in alike if meet(named.pattern, one.pattern)), None):
                text = f"{named.field}: would lie in the place of {other.field}: give it another name"
                raise RequestError(text, codes.INVALID_PARAMETER_VALUE, named.field)
            before.append(named)


def results(source_url: str, output: Output, subtasks: Sequence[Subtask], top: Callable[[str], str]) -> Iterator[Row]:
    """Every row of files of a flow, with the member that puts it there.

    `top` tells a directory's place with every symbolic link on the way to it resolved.
    """
    naming, top = Naming(source_url, output, subtasks), cache(top)
    for subtask in subtasks:
        for kind in files(subtask):
            place = naming.place(subtask.subtask_id, kind, _format(subtask, kind))
            directory, _, name = place.pieces[0].rpartition("/")
            real = top(below(place.storage, directory)).rstrip("/")
            split = [f"{real}/{name}", *place.pieces[1:]]
            yield Row(_placed_by(subtask, kind), split[0], pattern(split, _runs(subtask)))


def field_of(subtask: Subtask) -> str:
    """The path of a subtask's task: `tasks.transcode.0`; of an edit, which is a command of its own, ""."""
    if isinstance(subtask, EditMedia):
        return ""
    kind, _, number = subtask.subtask_id.rpartition("-")
    return f"tasks.{kind}.{int(number) - 1}"


def _member(subtask: Subtask, name: str) -> str:
    return f"{field_of(subtask)}.{name}".removeprefix(".")


def _placed_by(subtask: Subtask, kind: Files) -> str:
    """The member that decides where files go."""
    for member in ("output_storage", kind.member, "output_object_path"):
        if getattr(subtask, member, None) is not None:
            return _member(subtask, member)
    return "output.storage"


def _check_of_use(subtask: Subtask) -> None:
    """A playlist's options are refused where there is no playlist."""
    if isinstance(subtask, Segmented) and not any(kind.member == "segment_object_name" for kind in files(subtask)):
        for member in ("segment_object_name", "object_number_format"):
            if getattr(subtask, member) is not None:
                field = _member(subtask, member)
                text = f"{field}: {extension(subtask)} is one file: only hls has segments"
                raise RequestError(text, codes.INVALID_PARAMETER_VALUE, field)


def _named(naming: Naming, subtask: Subtask, top: Callable[[str], str]) -> Iterator[Row]:
    numbers, runs = _numbers(subtask), _runs(subtask)
    for kind in files(subtask):
        field = _member(subtask, kind.member)
        place = naming.place(subtask.subtask_id, kind, _format(subtask, kind))
        yield from _checked(place, field, runs, numbers, top)
        if kind.member == "segment_object_name":
            init = filled(place.pieces, {kind.numbers[-1]: "init"})
            yield from _checked(Place(place.storage, init), field, runs, numbers, top)


def _numbers(subtask: Subtask) -> NumberFormat:
    return getattr(subtask, "object_number_format", None) or NumberFormat()


def _runs(subtask: Subtask) -> Mapping[str, Set[str]]:
    """What the variables that are still open are made of."""
    return {
        "number": frozenset(string.digits + _numbers(subtask).place_holder),
        "subStreamNumber": frozenset(string.digits),
        "segmentNumber": frozenset(string.digits),
        "format": frozenset(string.ascii_lowercase + string.digits),
    }


def _checked(
    place: Place, field: str, runs: Mapping[str, Set[str]], numbers: NumberFormat, top: Callable[[str], str]
) -> Iterator[Row]:
    above = top(place.storage).rstrip("/") + "/"
    split = [above + place.pieces[0], *place.pieces[1:]]
    longest = dict.fromkeys(runs, numbers.text(LARGEST_COUNT)) | {"format": LONGEST_FORMAT}
    [path] = filled(place.pieces, longest)
    _check(lambda: check_lengths(path), field)
    if above.startswith("s3://"):
        _check(lambda: check_lengths(above.split("/", 3)[3] + path), field)
    yield Row(field, split[0], pattern(split, runs))


def _format(subtask: Subtask, kind: Files) -> str | None:
    if kind.member == "web_vtt_object_name":
        return "vtt"
    return None if kind.member == "segment_object_name" else extension(subtask)


def _alike(one: Row, other: Row) -> bool:
    """Most paths differ before their first number already."""
    return one.start.startswith(other.start) or other.start.startswith(one.start)


def _check(rule: Callable[[], None], field: str) -> None:
    try:
        rule()
    except ValueError as error:
        raise RequestError(f"{field}: {error}", codes.INVALID_PARAMETER_VALUE, field) from error

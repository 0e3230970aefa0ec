"""No name leads out of its storage, whatever the source is called and whatever a template says."""

from pathlib import Path
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.flows import Output
from contracts.series import NumberFormat
from contracts.subtasks import ImageSprite, Subtask, Transcode
from services.planner.naming import Names
from shared.locations import LocalFile, parse
from tests.media.asked import rendition, sprite

ROOTS = [Path("/nowhere")]
BITS = [
    "..",
    ".",
    "/",
    "\\",
    "%2e",
    "%2F",
    "%00",
    "%",
    "\n",
    "\x00",
    "a",
    " ",
    "\u202e",
    "ä",
    "{",
    "}",
    "{number}",
    "?",
]
VARIABLES = ["{inputName}", "{inputFormat}", "{inputDir}", "{definition}", "{format}", "{number}"]
hostile = st.lists(st.sampled_from(BITS) | st.characters(exclude_categories=["Cs"]), max_size=6).map("".join)
templates = st.lists(st.sampled_from(BITS + VARIABLES), max_size=8).map("".join)


@given(
    source=hostile,
    local=st.booleans(),
    storage=st.sampled_from(["file:///nowhere/out", "file:///nowhere/out/", "s3://out", "s3://out/x/"]),
    directory=templates | st.just("/{inputDir}/{inputName}/"),
    path=templates | st.just("/{inputName}/{inputFormat}/{number}.{format}"),
    beside=templates | st.just("{inputName}/{inputName}.{format}"),
    number=st.integers(0, 10**6),
)
@settings(max_examples=300)
def test_no_name_leads_out(
    source: str, local: bool, storage: str, directory: str, path: str, beside: str, number: int
) -> None:
    url = f"file:///nowhere/{quote(source)}/{source}.mp4" if local else f"s3://in/{source}"
    try:
        output = Output(storage=storage, dir=directory)
    except ValidationError:
        output = Output(storage=storage)
    tasks: list[Subtask] = [sprite(), rendition(1)]
    named = [
        _with(tasks[0], output_object_path=path, web_vtt_object_name=beside),
        _with(tasks[1], output_object_path=path),
    ]
    names = Names(url, output, named)

    made = [
        names.url("image_sprite-1", "jpg", number),
        names.vtt_url("image_sprite-1"),
        names.url("transcode-1", "mp4"),
        names.segments("transcode-1", "ts").url(number),
        names.init_url("transcode-1", "mp4"),
    ]

    assert len(set(made)) == len(made)
    for one in made:
        place = parse(one, ROOTS)
        if isinstance(place, LocalFile):
            assert Path("/nowhere/out") in place.path.parents
            below = place.path.relative_to("/nowhere/out").as_posix()
        else:
            assert place.bucket == "out"
            assert place.key.startswith("x/" if "x" in storage else "")
            below = place.key
        assert below.isprintable()
        assert not {"", ".", ".."} & set(below.split("/"))
        assert one.endswith((".jpg", ".vtt", ".mp4", ".ts"))


def _with(subtask: Subtask, **members: str) -> Subtask:
    """The subtask with those of the members that its model takes."""
    for name, value in members.items():
        try:
            subtask = type(subtask).model_validate(subtask.model_dump() | {name: value})
        except ValidationError:
            continue
    assert isinstance(subtask, ImageSprite | Transcode)
    return subtask


@given(
    st.builds(NumberFormat, min_length=st.integers(1, 20), place_holder=st.sampled_from("0aZ_-")), st.integers(0, 10**6)
)
def test_numbers_tell_files_apart(numbers: NumberFormat, n: int) -> None:
    texts = {numbers.text(n) for n in (n, n + 1, n * 10, n * 10 + 1, n * 11)}
    assert len(texts) == len({n, n + 1, n * 10, n * 10 + 1, n * 11})

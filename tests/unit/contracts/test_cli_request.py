"""From flags to the command."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.cli.request import Asked, WrongFlag, animated, build, cover, output_url, source_url
from contracts.next_flows import NextFlow

S3 = "s3://media/in/movie.mp4"


def tasks(**flags: Any) -> dict[str, Any]:
    built = build(Asked(source=S3, **flags), None).tasks
    assert built is not None
    return built.model_dump(exclude_defaults=True)


def test_every_kind_of_task() -> None:
    made = tasks(
        transcode=["100020,100030", "100040"],
        snapshot_at=["3.5s, -2s", "10%"],
        snapshot=11,
        sampled_snapshot=["10"],
        sprite=["10,20"],
        animated=["20000,20001@3-6.5"],
        cover=["10@50%"],
        start_s=5.0,
        end_s=-1.0,
        override='{"video": {"bitrate_kbps": 800}}',
    )
    window = {
        "start_time_offset_s": 5.0,
        "end_time_offset_s": -1.0,
        "override": {"video": {"bitrate_kbps": 800}},
    }
    assert made == {
        "transcode": [{"definition": number} | window for number in (100020, 100030, 100040)],
        "snapshot_by_time_offset": [{"definition": 11, "time_offsets": ["3.5s", "-2s", "10%"]}],
        "sampled_snapshot": [{}],
        "image_sprite": [{}, {"definition": 20}],
        "animated_graphic": [
            {"definition": 20000},
            {"definition": 20001, "start_time_offset_s": 3.0, "end_time_offset_s": 6.5},
        ],
        "cover_by_snapshot": [{"position_type": "percent", "position_value": 50.0}],
    }


def test_procedures_for_the_result() -> None:
    built = build(Asked(source=S3, transcode=["100020"], then=["app", "web"]), None)
    assert built.next == [NextFlow(procedure="app"), NextFlow(procedure="web")]


def test_clips_go_around_every_rendition() -> None:
    clips = [{"definition": 1000001}, {"definition": 1000002}]
    made = tasks(transcode=["100020,100030"], head_tail=["1000001", "1000002"])
    assert made == {"transcode": [{"definition": number, "head_tails": clips} for number in (100020, 100030)]}


def test_watermarks_go_on_every_rendition(tmp_path: Path) -> None:
    """By template, with text (an equals sign or an @ inside is only text), or with a drawing out of a file."""
    drawing = tmp_path / "logo.svg"
    drawing.write_text("<svg/>")
    made = tasks(transcode=["100020,100030"], watermark=["1000001", "2=a=b, @c", f"3=@{drawing}", "4="])
    marks = [
        {"definition": 1000001},
        {"definition": 2, "text_content": "a=b, @c"},
        {"definition": 3, "svg_content": "<svg/>"},
        {"definition": 4, "text_content": ""},
    ]
    assert made == {"transcode": [{"definition": number, "watermarks": marks} for number in (100020, 100030)]}


def test_a_drawing_must_be_text(tmp_path: Path) -> None:
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG\xff")
    with pytest.raises(WrongFlag, match="--watermark: "):
        tasks(transcode=["1"], watermark=[f"3=@{picture}"])


def test_tasks_in_full_come_besides_the_flags(tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    file.write_text('{"transcode": [{"definition": 1}]}')
    assert tasks(tasks=f"@{file}", transcode=["2"]) == {"transcode": [{"definition": 1}, {"definition": 2}]}


def test_a_procedure_stands_in_place_of_tasks() -> None:
    built = build(Asked(source=S3, procedure="LongVideoPreset"), None)
    assert (built.procedure, built.tasks) == ("LongVideoPreset", None)


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        ({}, "say what to make"),
        ({"procedure": "p", "sprite": ["10"]}, "say what to make"),
        ({"transcode": ["hd"]}, "--transcode takes template numbers"),
        ({"transcode": ["1"], "override": "{"}, "--override: "),
        ({"transcode": ["1"], "override": "[]"}, "--override takes a JSON object"),
        ({"transcode": ["1"], "override": "@/no/such/file"}, "--override: "),
        ({"sprite": ["10"], "start_s": 1.0}, "go with --transcode"),
        ({"sprite": ["10"], "head_tail": ["1000001"]}, "go with --transcode"),
        ({"sprite": ["10"], "watermark": ["1000001"]}, "go with --transcode"),
        ({"transcode": ["1"], "watermark": ["logo"]}, "--watermark takes a template"),
        ({"transcode": ["1"], "watermark": ["=text"]}, "--watermark takes a template"),
        ({"transcode": ["1"], "watermark": ["-1=text"]}, "--watermark takes a template"),
        ({"transcode": ["1"], "watermark": ["3=@/no/such/file"]}, "--watermark: .*No such file"),
        ({"animated": ["20000@3"]}, "--animated takes a template and a window"),
        ({"animated": ["gif"]}, "--animated takes a template and a window"),
        ({"cover": ["10"]}, "--cover takes a template and a position"),
        ({"cover": ["10@-1s"]}, "--cover takes a template and a position"),
    ],
)
def test_wrong_flags(flags: dict[str, Any], complaint: str) -> None:
    with pytest.raises(WrongFlag, match=complaint):
        build(Asked(source=S3, **flags), None)


def test_values_out_of_range_are_told_by_the_model() -> None:
    with pytest.raises(ValidationError, match="must end in s"):
        build(Asked(source=S3, snapshot_at=["3.5"]), None)


@pytest.mark.parametrize(
    ("window", "expected"),
    [("", (0, 0)), ("@1.5-", (1.5, 0)), ("@-2", (0, 2)), ("@-5-", (-5, 0)), ("@3--2", (3, -2)), ("@-5--2", (-5, -2))],
)
def test_windows_of_animations(window: str, expected: tuple[float, float]) -> None:
    made = animated(f"20000{window}")
    assert (made["start_time_offset_s"], made["end_time_offset_s"]) == expected


def test_a_cover_at_a_time() -> None:
    assert cover("10@3.5s") == {"definition": 10, "position_type": "time", "position_value": 3.5}
    with pytest.raises(ValidationError, match="at most 100"):
        build(Asked(source=S3, cover=["10@101%"]), None)


def test_a_path_becomes_a_file_url(tmp_path: Path) -> None:
    film = tmp_path / "ein Film #1.mp4"
    film.touch()
    assert source_url(str(film)) == film.as_uri()
    assert "%20" in film.as_uri()
    with pytest.raises(WrongFlag, match="no such file"):
        source_url(str(tmp_path / "none.mp4"))


@pytest.mark.parametrize(
    ("output", "source", "root", "expected"),
    [
        (None, S3, None, None),
        (None, S3, "/srv/media", "file:///srv/media/movie/"),
        (None, "file:///in/a%20b.c.mp4", "s3://bucket/out/", "s3://bucket/out/a b.c/"),
        (None, "https://host/", "/srv", "file:///srv/output/"),
        ("s3://bucket/there", S3, "/srv", "s3://bucket/there/"),
        ("/srv/there", S3, None, "file:///srv/there/"),
    ],
)
def test_where_results_go(output: str | None, source: str, root: str | None, expected: str | None) -> None:
    assert output_url(output, source, root) == expected


def test_a_web_source_needs_an_output() -> None:
    asked = Asked(source="https://example.org/films/a.mp4?key=1", transcode=["10"])
    with pytest.raises(WrongFlag, match="--output"):
        build(asked, None)
    placed = build(asked, "file:///media/").output
    assert placed is not None
    assert placed.storage == "file:///media/a/"


def test_names_of_results() -> None:
    asked = Asked(
        source="s3://in/x/a.mp4", transcode=["10"], name_template="{inputName}.{format}", output_dir="/{inputDir}/"
    )
    command = build(asked, None)

    assert command.tasks is not None
    assert command.tasks.transcode[0].output_object_path == "{inputName}.{format}"
    assert command.output is not None
    assert (command.output.storage, command.output.dir) == ("s3://in/x/", "/{inputDir}/")

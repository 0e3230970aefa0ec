"""Names of results."""

import pytest

from contracts.flows import Output
from contracts.series import NumberFormat
from services.planner.naming import Names
from shared.naming import input_dir, input_format, input_name
from tests.media.asked import rendition, sprite


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("file:///in/a%20b%2Fc.tar.mp4", "a b_c.tar"),
        ("s3://bucket/in/100%25.mp4", "100%25"),
        ("s3://bucket/in/te[s]t ' _.flv", "te[s]t ' _"),
        ("file:///in/a%0Ab.mp4", "a_b"),
        ("file:///in/..%2F..%2Fetc.mp4", ".._.._etc"),
    ],
)
def test_input_names(url: str, name: str) -> None:
    assert input_name(url) == name


def test_long_names_are_shortened_and_stay_different() -> None:
    one, other = (input_name(f"s3://b/{'ä' * 200}{n}.mp4") for n in (1, 2))
    assert len(one.encode()) <= 150 and one != other


def test_a_second_of_the_same_definition_gets_its_number() -> None:
    twice = [rendition(1), rendition(2).model_copy(update={"definition": 101})]
    names = Names("s3://in/x y.mp4", Output(storage="file:///out"), twice)
    assert names.url("transcode-1", "mp4") == "file:///out/x%20y_transcode_101.mp4"
    assert names.url("transcode-2", "mp4") == "file:///out/x%20y_transcode_101-2.mp4"


@pytest.mark.parametrize(
    ("url", "form", "directory"),
    [
        ("file:///in/a%20b/..%2Fc.tar.MP4", "MP4", "in/a b/__"),
        ("file:/in/x", "none", "in"),
        ("s3://bucket/%2e%2e/../.../x.f%6Cv", "f6Cv", "%2e%2e/__/___"),
        ("s3://bucket/x.m\nk/v", "none", "x.m_k"),
    ],
)
def test_other_facts_of_the_source(url: str, form: str, directory: str) -> None:
    assert (input_format(url), input_dir(url)) == (form, directory)


@pytest.mark.parametrize("url", ["s3://b/..mp4", "s3://b/...mp4", "file:///in/%2e%2e.mp4"])
def test_an_input_name_is_never_a_directory_above(url: str) -> None:
    assert set(input_name(url)) == {"_"}


def test_names_by_template() -> None:
    tiles = sprite().model_copy(
        update={
            "output_storage": "s3://other/x",
            "output_object_path": "sheets {inputName}/{number}.{format}",
            "web_vtt_object_name": "{definition}.{format}",
            "object_number_format": NumberFormat(initial_value=1, min_length=3),
        }
    )
    film = rendition(1).model_copy(update={"output_object_path": "/{inputFormat} %/{inputName}.{format}"})
    output = Output(storage="file:///out/", dir="/{inputDir}/d/")
    names = Names("s3://in/a/{number}.mkv", output, [film, tiles])

    assert names.url("image_sprite-1", "jpg", 9) == "s3://other/x/a/d/sheets {number}/010.jpg"
    assert names.vtt_url("image_sprite-1") == "s3://other/x/a/d/sheets {number}/10.vtt"
    assert names.url("transcode-1", "mp4") == "file:///out/mkv%20%25/%7Bnumber%7D.mp4"
    assert names.segments("transcode-1", "ts").url(3) == "file:///out/mkv%20%25/%7Bnumber%7D_transcode_101_3.ts"
    assert names.init_url("transcode-1", "mp4") == "file:///out/mkv%20%25/%7Bnumber%7D_transcode_101_init.mp4"


def test_names_of_sub_streams() -> None:
    names = Names("s3://in/x.mp4", Output(storage="s3://out"), [rendition(1)])

    assert names.sub_stream_url("transcode-1", 2, "m3u8") == "s3://out/x_transcode_101_2.m3u8"
    assert names.segments("transcode-1", "m4s", 2).url(11) == "s3://out/x_transcode_101_2_11.m4s"
    assert names.init_url("transcode-1", "mp4", 2) == "s3://out/x_transcode_101_2_init.mp4"

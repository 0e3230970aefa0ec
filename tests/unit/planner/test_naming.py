"""Names of results."""

import pytest

from contracts.flows import Output
from services.planner.naming import Names
from shared.naming import input_name
from tests.media.asked import rendition


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

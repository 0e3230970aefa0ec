"""The generated references are fresh, and tell ranges as the models hold them."""

import pytest

from contracts.parameters import AnimatedGraphicParameters, SpriteParameters, TranscodeParameters
from deploy.parameters import Parameter, parameters
from deploy.reference import PARAMETERS, README, parameters_page, refreshed

AGAIN = "run: python -m deploy.reference --write"


def test_the_readme_says_what_the_models_say() -> None:
    text = README.read_text()

    assert text == refreshed(text), AGAIN


def test_the_list_of_parameters_is_fresh() -> None:
    assert PARAMETERS.read_text() == parameters_page(), AGAIN


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (TranscodeParameters, Parameter("video.width", "`0` or 128 to 8,192", "`0`")),
        (TranscodeParameters, Parameter("video.vcrf", "1 to 63", "absent")),
        (TranscodeParameters, Parameter("audio.loudness.integrated_lufs", "-70 to -5", "`-23`")),
        (SpriteParameters, Parameter("rows", "1 to 100", "must be given")),
        (SpriteParameters, Parameter("sample_interval", "more than 0", "must be given")),
        (AnimatedGraphicParameters, Parameter("format", "`gif`, `webp`", "`gif`")),
    ],
    ids=lambda value: value.path if isinstance(value, Parameter) else "",
)
def test_a_parameter_is_told_with_its_range(model: type, expected: Parameter) -> None:
    assert expected in parameters(model)

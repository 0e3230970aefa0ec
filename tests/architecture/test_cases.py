"""Where each acceptance case that users of such systems complain about is tested: a pointer fails when its test goes.

The numbers are those of the collection of complaints; 12 to 25 are about services, not pictures, and live in
tests/faults, tests/e2e and tests/integration/shared.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "tests"
CASES: dict[int, tuple[str, list[str]]] = {
    1: (
        "sound drifts or clicks at seams",
        ["integration/media/test_seams.py::test_clicks", "integration/media/test_exactness.py::test_clip"],
    ),
    2: (
        "pictures missing, added or out of order",
        [
            "integration/media/test_exactness.py::test_odd_source",
            "e2e/test_cut.py::test_a_dozen_chunks_are_joined_in_order",
        ],
    ),
    3: (
        "variable frame rate",
        ["integration/media/test_exactness.py::test_odd_source", "integration/media/test_codecs.py::test_lossless"],
    ),
    4: (
        "late sound",
        [
            "integration/media/test_seams.py::test_clicks",
            "e2e/test_clips.py::test_renditions_sound_as_long_and_as_late_as_the_source",
        ],
    ),
    5: (
        "no sound, only sound, no picture in a picture track",
        [
            "integration/media/test_sources.py::test_sound_without_a_picture",
            "e2e/test_clips.py::test_the_sound_alone_can_be_had",
            "e2e/test_clips.py::test_pictures_of_a_source_without_any_fail",
        ],
    ),
    6: (
        "clips under a second, a single picture",
        [
            "integration/media/test_tracks.py::test_short_clips",
            "integration/media/test_codecs.py::test_a_single_picture",
        ],
    ),
    7: (
        "odd and extreme sizes",
        ["unit/planner/test_framing_sweep.py::test_any", "integration/media/test_upright.py::test_any_size"],
    ),
    8: (
        "turned and mirrored",
        [
            "integration/media/test_upright.py::test_turned_and_mirrored",
            "e2e/test_clips.py::test_stills_are_upright_and_show_their_time",
        ],
    ),
    9: (
        "HDR, 10 bit, 4:2:2",
        [
            "integration/media/test_colours.py::test_the_same_colours",
            "integration/media/test_colours.py::test_high_dynamic_range_is_mapped",
            "integration/media/test_colours.py::test_high_dynamic_range_is_kept",
        ],
    ),
    10: ("several tracks, cover art", ["integration/media/test_tracks.py::test_several_of_everything"]),
    11: (
        "the output exists, or is asked for twice",
        ["e2e/test_bad_sources.py::test_a_result_is_replaced_when_asked_for_again"],
    ),
    26: (
        "hostile names, truncated and corrupt files",
        [
            "integration/media/test_sources.py::test_hostile_names",
            "integration/media/test_sources.py::test_broken_files",
            "e2e/test_bad_sources.py::test_a_hostile_name_is_only_a_name",
            "e2e/test_bad_sources.py::test_a_file_that_is_no_video",
            "e2e/test_bad_sources.py::test_a_file_cut_off_in_the_middle_is_a_warned_success_or_a_permanent_error",
            "e2e/test_clips.py::test_a_truncated_file_fails_as_a_whole",
        ],
    ),
}


@pytest.mark.parametrize(
    ("number", "pointer"), [(number, one) for number, (_, tests) in CASES.items() for one in tests]
)
def test_the_test_is_there(number: int, pointer: str) -> None:
    path, name = pointer.split("::")
    functions = ast.parse((ROOT / path).read_text()).body
    assert name in {one.name for one in functions if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}, number


def test_every_case_has_one() -> None:
    assert set(CASES) == {*range(1, 12), 26}

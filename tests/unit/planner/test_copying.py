"""Edits whose pictures are joined as they are, and what stands in the way of it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.media import OtherStream
from contracts.units import Cut, MergeWork, Source, TranscodeWork
from services.planner.clips import Clip
from services.planner.edit import plan_edit
from services.planner.planned import Fleet, Plan, PlannedUnit
from shared.coded_form import Form
from tests.media.edits import edit
from tests.media.flows import accepted
from tests.media.made_up import AUDIO, index, media, picture

ONE, TWO = Path("/media/one.mp4"), Path("/media/two.mp4")


def clip(path: Path, seconds: float, **others: Any) -> Clip:
    shown = picture(640, 360, others.pop("rate", 25)).model_copy(update={"pixel_format": "yuv420p"} | others)
    told = media(seconds, shown)
    told = told.model_copy(update={"audio": AUDIO.model_copy(update={"duration_s": seconds})})
    coded = Form("avc1", "same", round(seconds * 25), plain=True)
    return Clip(Source(url=path.as_uri(), size_bytes=2_000_000), told, index(seconds), coded)


FIRST, SECOND = clip(ONE, 2), clip(TWO, 1)


def planned(second: Clip = SECOND, window: tuple[float, float] = (0, 0), **config: Any) -> Plan:
    asked = edit((ONE, 0, 0), (TWO, *window), **config)
    clips = {ONE.as_uri(): FIRST, TWO.as_uri(): second}
    return plan_edit(accepted(ONE, Path("/out"), [asked]), asked, Fleet(), clips)[1]


def test_windows_between_closed_groups_are_cut_out_first() -> None:
    closed = replace(SECOND, form=Form("avc1", "same", 25, plain=True, cuts=frozenset({0, 10, 20})))
    units = planned(closed, (0.4, 0.8))
    cut = next(one for one in units.units if one.unit_id == "video-0-input-1-cut")
    assert isinstance(cut.work, TranscodeWork) and cut.group == "video-0"
    [output] = cut.work.outputs
    assert output.remux is not None and (output.remux.frames, output.remux.start_s) == (10, 0.4)
    assert output.remux.cut == Cut(start_s=Fraction(19, 50), end_s=Fraction(39, 50), clock_hz=1000)
    unit, work = join(units)
    assert set(unit.depends_on) == {"video-0-input-1-cut", "video-0-sound"} and work.copied
    assert (work.chunks[1].unit_id, work.chunks[1].url) == ("video-0-input-1-cut", None)
    assert not join(planned(closed, (0.4, 0.84)))[1].copied


def join(units: Plan) -> tuple[PlannedUnit, MergeWork]:
    unit = next(one for one in units.units if isinstance(one.work, MergeWork))
    assert isinstance(unit.work, MergeWork)
    return unit, unit.work


def test_only_the_sound_is_encoded_and_encoding_all_is_the_way_back() -> None:
    units = planned()
    made, back = ([one for one in units.units if one.fallback is kind] for kind in (False, True))
    assert [one.unit_id for one in made] == ["video-0-sound", "video-0-join-edit_media-1"]
    assert back[0].unit_id == "video-0-by-clock-input-0-chunk-0"
    assert {one.group for one in units.units} == {"video-0"}
    unit, work = join(units)
    assert unit.depends_on == ["video-0-sound"] and work.copied and not work.notes
    assert [(one.unit_id, one.url, one.frames, one.duration_s) for one in work.chunks] == [
        ("", ONE.as_uri(), 50, Fraction(2)),
        ("", TWO.as_uri(), 25, Fraction(1)),
    ]
    assert [one.edited.copied for one in (unit, back[-1]) if one.edited] == [True, False]


@pytest.mark.parametrize(
    ("second", "window", "config", "why"),
    [
        (SECOND, (0, 0.5), {}, "inputs.1 is cut where pictures need others"),
        (SECOND, (0, 0), {"container": "hls"}, "in mp4 only, not in hls"),
        (SECOND, (0, 0), {"video": {"bitrate_kbps": 500}}, "config asks for another picture"),
        (SECOND, (0, 0), {"tehd": {}}, "config asks for another picture"),
        (SECOND, (0, 0), {"video": {"codec": "h265"}}, "inputs.0 is h264"),
        (replace(SECOND, form=None), (0, 0), {}, "inputs.1 is no MP4"),
        (replace(SECOND, form=Form("avc3", "same", 25, plain=True)), (0, 0), {}, "inputs.1 is no MP4"),
        (replace(SECOND, form=Form("avc1", "other", 25, plain=True)), (0, 0), {}, "coded otherwise than inputs.0"),
        (replace(SECOND, form=Form("avc1", "same", 26, plain=True)), (0, 0), {}, "pictures that are not shown"),
        (replace(SECOND, form=Form("avc1", "same", 25, plain=False)), (0, 0), {}, "is turned"),
        (replace(SECOND, index=None), (0, 0), {}, "can't be relied on"),
        (clip(TWO, 1, index=1), (0, 0), {}, "coded otherwise"),
        (clip(TWO, 1, time_base=Fraction(1, 500)), (0, 0), {}, "coded otherwise"),
        (clip(TWO, 1, pixel_format="yuv422p"), (0, 0), {}, "other pixels"),
        (clip(TWO, 1, color_transfer="smpte2084"), (0, 0), {}, "HDR"),
        (clip(TWO, 1, field_order="tt"), (0, 0), {}, "interlaced"),
        (clip(TWO, 1, sample_aspect=Fraction(4, 3)), (0, 0), {}, "squares"),
        (clip(TWO, 1, rate=50), (0, 0), {}, "different rates"),
        (
            replace(SECOND, media=SECOND.media.model_copy(update={"others": [OtherStream(index=2, kind="cover")]})),
            (0, 0),
            {},
            "several picture tracks",
        ),
        (replace(SECOND, media=SECOND.media.model_copy(update={"start_s": -0.1})), (0, 0), {}, "sound alone"),
    ],
)
def test_what_stands_in_the_way_is_told(second: Clip, window: tuple[float, float], config: Any, why: str) -> None:
    unit, work = join(planned(second, window, **config))
    assert not work.copied and unit.edited is not None and not unit.edited.copied
    assert work.notes[-1].startswith("encoded: ") and why in work.notes[-1]


def test_sound_may_be_asked_for_as_one_likes() -> None:
    assert join(planned(audio={"codec": "mp3", "bitrate_kbps": 64, "sample_rate_hz": 48000}))[1].copied
    assert join(planned(video={"codec": "h264"}))[1].copied

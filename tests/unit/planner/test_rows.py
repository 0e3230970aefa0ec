"""Renditions between heads and tails: which units, how long each piece is shown and heard."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.codes import SOURCE_NO_VIDEO, SOURCE_NOT_ACCESSIBLE
from contracts.head_tails import HeadTailParameters
from contracts.media import OtherStream
from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from contracts.units import ErrorKind, MergeWork, SoundRow, Source, TranscodeWork, UnitError, VideoEncode
from contracts.watermarks import Mosaic
from services.planner.clips import Clip, chosen
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan, PlannedUnit
from tests.media.asked import rendition
from tests.media.flows import accepted
from tests.media.made_up import index, media, picture

FLEET = Fleet(transcode_slots=2)
FILM, STORAGE = Path("/media/film.mp4"), Path("/out")
WIDE, TALL, LOOSE, GONE = (f"file:///media/{name}.mp4" for name in ("wide", "tall", "loose", "gone"))


def clip(url: str, seconds: float, size: tuple[int, int], *, indexed: bool = True, **others: Any) -> Clip:
    rate = others.pop("rate", 25)
    told = media(seconds, picture(*size, rate), **others)
    return Clip(Source(url=url, size_bytes=1), told, index(seconds, rate=rate) if indexed else None)


CLIPS: dict[str, Clip | UnitError] = {
    WIDE: clip(WIDE, 1.02, (640, 320), rate=50),
    TALL: clip(TALL, 2, (360, 640), sound=False),
    LOOSE: clip(LOOSE, 2, (640, 360), indexed=False),
    GONE: UnitError(kind=ErrorKind.PERMANENT, code=SOURCE_NOT_ACCESSIBLE, message="no such file"),
}


def asked(number: int, fps: float, *added: Mapping[str, Any], **others: Any) -> Transcode:
    put = [HeadTailParameters.model_validate(one) for one in added]
    return rendition(number, fps, **others).model_copy(update={"head_tails": put})


def made(*renditions: Transcode, seconds: float = 4, **others: Any) -> Plan:
    film = media(seconds, **others)
    found = index(seconds, start_s=others.get("start_s", 0.0))
    return plan(accepted(FILM, STORAGE, renditions), film, found, FLEET, CLIPS)


def unit(units: Plan, unit_id: str) -> PlannedUnit:
    return next(one for one in units.units if one.unit_id == unit_id)


def row(units: Plan, unit_id: str = "video-0-sound") -> SoundRow:
    work = unit(units, unit_id).work
    assert isinstance(work, TranscodeWork) and work.row is not None
    return work.row


def join(units: Plan, unit_id: str) -> MergeWork:
    work = unit(units, unit_id).work
    assert isinstance(work, MergeWork)
    return work


def encode(units: Plan, unit_id: str) -> VideoEncode:
    work = unit(units, unit_id).work
    assert isinstance(work, TranscodeWork) and work.outputs[0].video is not None
    return work.outputs[0].video


def test_a_short_film_is_one_chunk_between_its_clips() -> None:
    units = made(asked(1, 25, {"heads": [WIDE]}, {"tails": [TALL], "fill_type": "white"}))
    assert [one.unit_id for one in units.units if not one.fallback] == [
        "video-0-head-0-chunk-0",
        "video-0-sound",
        "video-0-chunk-0",
        "video-0-tail-0-chunk-0",
        "video-0-join-transcode-1",
    ]
    joined = join(units, "video-0-join-transcode-1")
    assert [(ref.unit_id, ref.duration_s) for ref in joined.chunks] == [
        ("video-0-head-0-chunk-0", Fraction(26, 25)),
        ("video-0-chunk-0", Fraction(4)),
        ("video-0-tail-0-chunk-0", Fraction(2)),
    ]
    assert [piece.duration_s for piece in row(units).pieces] == [Fraction(26, 25), Fraction(4), Fraction(2)]
    assert [piece.audio is None for piece in row(units).pieces] == [False, False, True]
    head, film, tail = (encode(units, f"video-0-{name}chunk-0") for name in ("head-0-", "", "tail-0-"))
    assert (head.start, head.end, head.frames_min, head.frames_max, head.hold) == (0, 26, 26, 26, 2)
    assert (film.end, film.frames_min, film.frames_max, film.hold) == (100, 100, 100, 2)
    size = (film.framing.width, film.framing.height)
    assert size == (128, 72) == (head.framing.width, head.framing.height) == (tail.framing.width, tail.framing.height)
    assert (head.framing.scale_width, tail.framing.scale_width, tail.framing.fill) == (128, 40, "white")
    assert {one.threads for one in (head, film, tail)} == {1}
    assert head.colours == film.colours == tail.colours is not None and (head.level, head.shared_header) == ("", False)


def test_own_times_and_windows() -> None:
    """The window cuts the film only; its first picture comes late, so the head's last one stays on show until then."""
    head = {"heads": [WIDE]}
    units = made(asked(1, 0, head, window=(1.01, 3)), asked(2, 25, head, window=(1.01, 3)), start_s=5)
    own, ticked = (join(units, f"video-{n}-join-transcode-{n + 1}").chunks for n in (0, 1))
    assert [ref.duration_s for ref in own] == [Fraction(105, 100), Fraction(196, 100)]
    assert [ref.duration_s for ref in ticked] == [Fraction(27, 25), Fraction(49, 25)]
    film = row(units).pieces[1]
    assert film.audio is not None and film.duration_s == Fraction(199, 100)
    assert (film.audio.start_s, film.audio.end_s, film.audio.seek_s) == (6.01, 8.0, 5.01)
    film = row(units, "video-1-sound").pieces[1]
    assert film.audio is not None and (film.audio.start_s, film.audio.end_s) == (6.0, 8.0)
    rates = [encode(units, f"video-0-{name}chunk-0") for name in ("head-0-", "")]
    assert [one.frame_rate for one in rates] == [50, 25] and {(one.level, one.shared_header) for one in rates} == {
        ("3", True)
    }


def test_a_long_film_is_cut_between_its_clips() -> None:
    wanted = [asked(n, 25, {"heads": [WIDE], "tails": [WIDE]}, width=1280) for n in (1, 2)]
    units = made(*wanted, seconds=60)
    chunks = [one.unit_id for one in units.units if "chunk" in one.unit_id and not one.fallback]
    assert len(chunks) == 8 and all(len(unit(units, name).subtask_ids) == 2 for name in chunks)
    joined = join(units, "video-0-join-transcode-2")
    assert [ref.unit_id for ref in joined.chunks][:2] == ["video-0-head-0-chunk-0", "video-0-chunk-0"]
    assert sum(ref.duration_s for ref in joined.chunks) == 60 + 2 * Fraction(26, 25)
    assert unit(units, "video-0-join-transcode-2").depends_on == [
        *(ref.unit_id for ref in joined.chunks),
        "video-0-sound",
    ]
    back = [one for one in units.units if one.fallback]
    assert {one.group for one in units.units} == {"video-0"}
    assert [one.unit_id.removeprefix("video-0-by-clock-") for one in back] == [
        "head-0-chunk-0",
        "chunk-0",
        "tail-0-chunk-0",
        "sound",
        "join-transcode-1",
        "join-transcode-2",
    ]


def test_what_goes_by_the_clock_is_measured() -> None:
    units = made(asked(1, 25, {"heads": [LOOSE]}))
    sound = unit(units, "video-0-sound")
    assert sound.depends_on == ["video-0-head-0-chunk-0"]
    head, film = row(units).pieces
    assert head.measured_by is not None and head.duration_s == 0 and film.measured_by is None
    assert isinstance(sound.work, TranscodeWork) and sound.work.times == "mended"
    assert [ref.measured for ref in join(units, "video-0-join-transcode-1").chunks] == [True, False]
    assert encode(units, "video-0-head-0-chunk-0").inexact == "note"


def test_a_candidate_that_can_not_be_had_fails_who_asks_for_it() -> None:
    sound_only = clip("x", 1, (640, 360))
    clips: dict[str, Clip | UnitError] = {
        **CLIPS,
        "x": Clip(sound_only.source, sound_only.media.model_copy(update={"video": None}), None),
    }
    wanted = [asked(1, 25, {"heads": [WIDE, GONE]}), asked(2, 25, {"tails": ["x"]}), asked(3, 25, {"heads": [WIDE]})]
    units = plan(accepted(FILM, STORAGE, wanted), media(4), index(4), FLEET, clips)
    assert {name: (error.code, error.message) for name, error in units.failed.items()} == {
        "transcode-1": (SOURCE_NOT_ACCESSIBLE, f"head or tail {GONE}: no such file"),
        "transcode-2": (SOURCE_NO_VIDEO, "head or tail x: the source has no picture"),
    }


@pytest.mark.parametrize(
    ("film", "url"), [((1920, 1080), WIDE), ((1080, 1920), TALL), ((480, 480), TALL), ((640, 360), LOOSE)]
)
def test_the_nearest_aspect_is_chosen(film: tuple[int, int], url: str) -> None:
    urls = [WIDE, TALL] if url != LOOSE else [WIDE, TALL, LOOSE]
    found = chosen([HeadTailParameters(heads=urls)], picture(*film), CLIPS)
    assert [one.url for one in found.heads] == [url] and not found.tails


def test_without_any_sound_there_is_none() -> None:
    units = made(asked(1, 25, {"heads": [TALL]}), sound=False)
    assert not any("sound" in one.unit_id for one in units.units)
    assert join(units, "video-0-join-transcode-1").sound is None
    silent = made(asked(1, 25, {"heads": [WIDE]}), sound=False)
    assert [piece.audio is None for piece in row(silent).pieces] == [False, True]


def test_marks_are_the_films_alone_and_keep_their_times_by_the_clock() -> None:
    """They count from the film's start: by the index that is its time stamp, by the clock the container's start."""
    marked = asked(1, 0, {"heads": [WIDE], "tails": [TALL]}, window=(1, 3)).model_copy(
        update={"mosaics": [Mosaic(start_time_offset_s=0.5, end_time_offset_s=1)]}
    )
    units = made(marked, start_s=5)
    drawn = {name: encode(units, f"video-0-{name}chunk-0").drawings for name in ("head-0-", "", "tail-0-")}
    assert not drawn["head-0-"] and not drawn["tail-0-"]
    assert [(one.start_s, one.end_s) for one in drawn[""]] == [(Fraction(13, 2), Fraction(7))]
    clocked = encode(units, "video-0-by-clock-chunk-0").drawings
    assert [(one.zero_s, one.start_s, one.end_s) for one in clocked] == [(Fraction(3, 2), Fraction(3, 2), Fraction(2))]


def test_segments_count_from_the_start_of_the_row() -> None:
    """1.04 s of head, 4 s of film: each piece knows how far behind a line it begins; by the clock only what it can."""
    asked_for = {"container": "hls", "video": {"hls_time": 1.5, "fps": 25, "width": 128}}
    wanted = asked(1, 25, {"heads": [WIDE], "tails": [TALL]})
    wanted = wanted.model_copy(update={"parameters": TranscodeParameters.model_validate(asked_for)})
    units = made(wanted)
    phases = [encode(units, f"video-0-{name}chunk-0").key_phase_s for name in ("head-0-", "", "tail-0-")]
    assert phases == [0, Fraction(26, 25), (Fraction(26, 25) + 4) % Fraction(3, 2)]
    assert join(units, "video-0-join-transcode-1").hls is not None
    assert encode(units, "video-0-by-clock-chunk-0").key_phase_s == 0


def test_subtitles_are_left_out_and_told() -> None:
    text = OtherStream(index=2, kind="subtitle", codec="subrip", language="eng")
    film = media(4).model_copy(update={"others": [text]})
    units = plan(accepted(FILM, STORAGE, [asked(1, 25, {"heads": [WIDE]})]), film, index(4), FLEET, CLIPS)
    joined = join(units, "video-0-join-transcode-1")
    assert not joined.subtitles and joined.notes == ["left out: subtitle track 2 (subrip, eng)"]


def test_hdr_is_kept_only_among_the_same() -> None:
    hdr = {"color_space": "bt2020nc", "color_primaries": "bt2020", "color_transfer": "smpte2084", "color_range": "tv"}
    bright = clip("hdr", 1, (640, 360))
    shown = picture(640, 360).model_copy(update=hdr)
    other = shown.model_copy(update={"color_transfer": "arib-std-b67"})
    looks = {"hdr": shown, "hlg": other}
    clips = CLIPS | {
        name: replace(bright, media=bright.media.model_copy(update={"video": video})) for name, video in looks.items()
    }
    kept = asked(1, 25)
    video = kept.parameters.video.model_copy(update={"codec": "h265", "preserve_hdr": True})
    kept = kept.model_copy(update={"parameters": kept.parameters.model_copy(update={"video": video})})
    for url, same in (("hdr", True), ("hlg", False), (WIDE, False)):
        one = kept.model_copy(update={"head_tails": [HeadTailParameters(heads=[url])]})
        units = plan(accepted(FILM, STORAGE, [one]), media(4, shown), index(4), FLEET, clips)
        targets = {encode(units, f"video-0-{name}chunk-0").colours for name in ("head-0-", "")}
        assert len(targets) == 1 and [target.hdr for target in targets if target] == [same]
        depths = {encode(units, f"video-0-{name}chunk-0").bit_depth for name in ("head-0-", "")}
        assert depths == {10 if same else 8}
        what = {"hlg": "head or tail hlg is in another HDR", WIDE: f"head or tail {WIDE} is in SDR"}
        told = [] if same else [f"HDR is not kept: {what[url]}"]
        assert join(units, "video-0-join-transcode-1").notes == told

"""Plans of HLS renditions and adaptive streaming: what is shared, what is left out, what joins."""

from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import TranscodeParameters
from contracts.streaming_presets import ADAPTIVE
from contracts.subtasks import AdaptiveDynamicStreaming, Transcode
from contracts.units import MergeWork, PackageWork, TranscodeWork
from services.planner.plan import plan
from services.planner.planned import Fleet, Plan
from tests.media.asked import rendition
from tests.media.flows import accepted
from tests.media.made_up import index, media, picture


def streaming(number: int, definition: int, **changes: Any) -> AdaptiveDynamicStreaming:
    parameters = ADAPTIVE[definition].model_copy(update=changes)
    name = f"adaptive_dynamic_streaming-{number}"
    return AdaptiveDynamicStreaming(subtask_id=name, definition=definition, parameters=parameters)


def planned(*subtasks: Any, seconds: float = 2, **source: Any) -> Plan:
    asked = accepted(Path("/in/film.mp4"), Path("/out"), subtasks)
    return plan(asked, media(seconds, **source), index(seconds), Fleet(transcode_slots=1))


def package(made: Plan, *, fallback: bool = False) -> PackageWork:
    [work] = [one.work for one in made.units if isinstance(one.work, PackageWork) and one.fallback is fallback]
    return work


def test_hls_and_dash_share_their_media() -> None:
    made = planned(streaming(1, 10), streaming(2, 20), rendition(1, 25))
    assert [unit.unit_id for unit in made.units] == ["video-0", "video-0-package-0"]
    work = package(made)
    assert [manifest.url for manifest in work.manifests] == [
        "file:///out/film_adaptiveDynamicStreaming_10.m3u8",
        "file:///out/film_adaptiveDynamicStreaming_20.mpd",
    ]
    assert [track.type for track in work.tracks] == ["video"] * 4 + ["audio"]
    assert work.tracks[4].files.url == "file:///out/film_adaptiveDynamicStreaming_10_4.mp4"
    assert {variant.audio for variant in work.variants} == {4}
    assert work.notes == ["left out: 2 of the streams, above the source's resolution or bit rate"]
    encoded = made.units[0].work
    assert isinstance(encoded, TranscodeWork)
    assert {one.video.key_every_s for one in encoded.outputs if one.video} == {None, 6}
    assert set(made.units[0].subtask_ids) == {*made.units[1].subtask_ids, "transcode-1"}


def test_a_cut_source_has_a_way_back_for_its_streams() -> None:
    made = planned(streaming(1, 10), seconds=60)
    cut, whole = package(made), package(made, fallback=True)
    pieces = cut.tracks[0].pieces
    assert len(pieces) > 1 and sum(piece.duration_s for piece in pieces) == 60
    assert [len(track.pieces) for track in whole.tracks] == [1] * 5
    chunk = next(unit.work for unit in made.units if unit.unit_id == "video-0-chunk-1")
    assert isinstance(chunk, TranscodeWork)
    phases = {one.video.key_phase_s for one in chunk.outputs if one.video}
    assert phases == {pieces[0].duration_s % 6}


@pytest.mark.parametrize(("height", "heights"), [(90, [90]), (480, [240, 480]), (700, [240, 480])])
def test_none_is_larger_than_the_source(height: int, heights: list[int]) -> None:
    made = planned(streaming(1, 10), video=picture(height * 2, height))
    encoded = made.units[0].work
    assert isinstance(encoded, TranscodeWork)
    assert sorted(one.video.framing.height for one in encoded.outputs if one.video) == heights


def test_none_is_richer_than_the_source_if_so_asked() -> None:
    source = picture().model_copy(update={"bitrate_kbps": 600.0})
    changes = {"disable_higher_video_bitrate": True, "disable_higher_video_resolution": False}
    made = planned(streaming(1, 10, **changes), video=source)
    assert [track.type for track in package(made).tracks] == ["video"] * 3 + ["audio"]


def test_a_silent_source_has_no_sound() -> None:
    work = package(planned(streaming(1, 10), sound=False))
    assert {track.type for track in work.tracks} == {"video"}
    assert {variant.audio for variant in work.variants} == {None}


def test_an_hls_rendition_is_joined_although_it_is_not_cut() -> None:
    parameters = TranscodeParameters.model_validate({"container": "hls", "segment_type": "fmp4"})
    made = planned(Transcode(subtask_id="transcode-1", definition=7, parameters=parameters))
    whole, join = made.units
    assert isinstance(join.work, MergeWork) and join.work.hls is not None
    assert (join.unit_id, join.depends_on) == ("video-0-join-transcode-1", ["video-0"])
    assert isinstance(whole.work, TranscodeWork) and [one.url for one in whole.work.outputs] == [None, None]
    assert join.work.url == "file:///out/film_transcode_7.m3u8"
    assert join.work.hls.segments.url(3) == "file:///out/film_transcode_7_3.m4s"
    assert join.work.hls.init_url == "file:///out/film_transcode_7_init.mp4"

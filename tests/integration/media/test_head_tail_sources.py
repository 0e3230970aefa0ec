"""Heads and tails of unusual sources, and in unusual results: fields, HDR, H.265 in FLV, segments."""

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode
from services.planner import chunks as cutting
from tests.integration.media import test_flv as flv
from tests.integration.media.test_colours import NEAR, told
from tests.media import asked, clips, patches, truth
from tests.media.attempt import file_url
from tests.media.flows import run
from tests.media.rows import (
    AS_CHUNKS,
    AS_THE_FILM,
    HEAD,
    LOSSLESS,
    SILENT,
    expected,
    generate,
    lengths,
    path,
    row,
    with_clips,
)
from tests.media.shaped import interlaced
from tests.media.sources import make
from tests.media.streams import keys_s, listed

WHOLE = "bwdif=mode=send_frame:deint=interlaced,"


def rendition(number: int, parameters: dict[str, Any]) -> Transcode:
    small = {"width": 128, "resolution_adaptive": "close"} | parameters.get("video", {})
    made = TranscodeParameters.model_validate(parameters | {"video": small})
    return Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=made)


def digests(made: Path, filters: str = "null") -> list[str]:
    return [one.digest for one in truth.frames(made, "v:0", filters, *AS_CHUNKS)]


async def test_fields_become_whole_pictures_in_every_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A film of fields, a head of fields the other way round, a progressive tail; the whole film, and a window."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    head, film = interlaced(tmp_path, bottom_first=True), interlaced(tmp_path)
    sources = [head, film, generate(SILENT, tmp_path / "tail.mp4")]
    wanted = [asked.rendition(1, 25), asked.rendition(2, window=(0.7, 1.5))]
    done = await row(sources, tmp_path, wanted, 12)
    assert not done.failed and not done.inexact
    assert any(unit.unit_id == "video-0-chunk-1" for unit in done.plan.units)
    for number, rate in ((1, "fps=25,"), (2, "")):
        video = done.rendition(number).video
        assert video is not None
        size = f"scale={video.width}:{video.height}:flags=bicubic,setsar=1,format=yuv420p"
        shown = f"setpts=PTS-STARTPTS,{WHOLE}{rate}{size}"
        parts = [truth.frames(source, "v:0", shown, *AS_CHUNKS) for source in (head, film)]
        if number == 2:
            parts[1] = [one for one in parts[1] if 0.7 <= one.time_s < 1.5]
        before = [one.digest for part in parts for one in part]
        made = digests(path(done, f"transcode-{number}"))
        assert made[: len(before)] == before and len(made) - len(before) == (25 if rate else 12)


@pytest.mark.parametrize("kind", ["pq.mp4", "hlg.mp4"])
async def test_high_dynamic_range_with_clips(kind: str, tmp_path: Path) -> None:
    """Kept between the same, told when it goes, mapped piece by piece wherever the other is SDR."""
    hdr, sdr = patches.make(kind, tmp_path), patches.make("full.mp4", tmp_path)
    kept = rendition(1, {"video": {"codec": "h265", "preserve_hdr": True, "fps": 25, "width": 192}})
    cases = {"same": (hdr, hdr), "clip": (sdr, hdr), "film": (hdr, sdr)}
    for name, (head, film) in cases.items():
        wanted = with_clips(kept, {"heads": [file_url(head)]})
        done = await run(film, tmp_path / name, [wanted], tuning=LOSSLESS)
        assert not done.failed and not done.inexact
        made, notes = path(done, "transcode-1"), done.rendition().notes
        about = told(made)
        if name == "same":
            assert about["color_transfer"] in ("smpte2084", "arib-std-b67") and notes == []
            one = digests(hdr, "format=yuv420p10le")
            assert digests(made, "format=yuv420p10le") == [*one, *one]
            continue
        assert (about["color_transfer"], about["pix_fmt"]) == ("bt709", "yuv420p")
        assert notes == ([f"HDR is not kept: head or tail {file_url(sdr)} is in SDR"] if name == "clip" else [])
        for source, start_s in ((head, "0"), (film, "0.6")):
            colours = patches.mapped() if source == hdr else patches.RGB
            assert patches.away(patches.shown(made, "null", "-ss", start_s), colours) <= NEAR


async def test_h265_in_flv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture of every piece, sound beside it, and the index of key pictures."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    done = await row(sources, tmp_path, [flv.asked(1, 25)], 12)
    made, output = flv.output(done, 1)
    assert output.video is not None and output.chunks > 3
    size = (output.video.width, output.video.height)
    shown_s = await lengths(sources, Fraction(25))
    looks = zip(sources, shown_s, ("", "", AS_THE_FILM), strict=True)
    wanted = [one for source, length, more in looks for one in expected(source, Fraction(25), length, size, more)]
    found = flv.shown(made)
    assert found.codecs == ("hevc", "mp3")
    assert [one.digest for one in found.frames] == [one.digest for one in wanted]
    times = [one.time_s - found.frames[0].time_s for one in found.frames]
    assert all(abs(time_s - n / 25) <= flv.CLOCK_S for n, time_s in enumerate(times))
    assert abs(found.sound_s[0] - found.frames[0].time_s) < 0.03
    index, keys = flv.key_tags(made.read_bytes())
    assert list(zip(index["filepositions"], index["times"], strict=True)) == keys


async def test_playlists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture of every piece; segments as long as asked across all seams, each from a keyframe on."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    transport = rendition(1, {"container": "hls", "video": {"hls_time": 1, "fps": 25}})
    silent = {"container": "hls", "segment_type": "fmp4", "remove_audio": True, "video": {"hls_time": 1.5}}
    done = await row(sources, tmp_path, [transport, rendition(2, silent)], 12)
    assert not done.failed and not done.inexact
    for number, fps, every_s in ((1, Fraction(25), 1), (2, None, 1.5)):
        output = done.rendition(number)
        assert output.video is not None and (output.audio is None) is (number == 2)
        size = (output.video.width, output.video.height)
        shown_s = await lengths(sources, fps)
        looks = zip(sources, shown_s, ("", "", AS_THE_FILM), strict=True)
        wanted = [one for source, length, more in looks for one in expected(source, fps, length, size, more)]
        playlist = path(done, f"transcode-{number}")
        found = truth.frames(playlist, "v:0", "null")
        assert [one.digest for one in found] == [one.digest for one in wanted]
        assert all(a.time_s < b.time_s for a, b in itertools.pairwise(found))
        segments = listed(playlist)
        assert sum(segments.durations_s) == pytest.approx(float(sum(shown_s)), abs=0.1)
        assert all(abs(one - every_s) < 0.05 for one in segments.durations_s[:-1]), segments.durations_s
        if number == 1:
            starts_s = [keys_s(part)[0] for part, _, _ in segments.parts]
            assert all(b - a == pytest.approx(1, abs=0.001) for a, b in itertools.pairwise(starts_s))

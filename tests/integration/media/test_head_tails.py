"""Heads and tails: each piece as one pass over its own source makes it, in its place."""

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.codes import SOURCE_MALFORMED, SOURCE_NOT_ACCESSIBLE
from contracts.parameters import TranscodeParameters
from services.planner import chunks as cutting
from services.planner.clip_probing import probe_clips
from services.transcoder.encoders import Tuning
from shared.media import probe
from tests.media import asked, clips, flows, truth
from tests.media.attempt import file_url
from tests.media.flows import run
from tests.media.rows import (
    AS_AN_HD_FILM,
    AS_CHUNKS,
    AS_THE_FILM,
    FAST,
    HEAD,
    LOSSLESS,
    SILENT,
    complaints,
    expected,
    generate,
    lengths,
    path,
    row,
    with_clips,
)
from tests.media.sources import make

CLOCK_S = 0.002
FPS = {"transcode-1": Fraction(25), "transcode-2": None}


@pytest.mark.parametrize("chunks", [0, 40])
async def test_every_piece_is_as_its_own_source_makes_it(
    chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head of another size, rate and sound; a tail that is stored lying down."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    done = await row(sources, tmp_path, [asked.rendition(1, 25), asked.rendition(2)], chunks)
    assert not done.failed and not done.inexact
    assert any(unit.unit_id == "video-0-chunk-2" for unit in done.plan.units) is (chunks > 0)
    for subtask_id, fps in FPS.items():
        output = done.rendition(subtask_id)
        assert output.video is not None and output.audio is not None
        size = (output.video.width, output.video.height)
        shown_s = await lengths(sources, fps)
        colours = ("", "", AS_THE_FILM)
        pieces = [
            expected(one, fps, length, size, more) for one, length, more in zip(sources, shown_s, colours, strict=True)
        ]
        made = truth.frames(path(done, subtask_id), "v:0", "null")
        assert output.video.frames == len(made)
        assert [one.digest for one in made] == [one.digest for piece in pieces for one in piece]
        starts = itertools.accumulate(shown_s, initial=Fraction(0))
        times = [float(start) + one.time_s for start, piece in zip(starts, pieces, strict=False) for one in piece]
        assert all(abs(one.time_s - time_s) <= CLOCK_S for one, time_s in zip(made, times, strict=True))
        assert abs(output.duration_s - float(sum(shown_s))) < 0.05
        assert abs(truth.samples(path(done, subtask_id), "a:0") / 44100 - float(sum(shown_s))) < 0.05


@pytest.mark.parametrize("kind", ["h264", "h265", "vp9", "av1"])
async def test_pieces_of_all_rates_share_one_header(kind: str, tmp_path: Path) -> None:
    """As encoded in practice, each at its own rate: the whole is decoded without a complaint, every picture of it."""
    audio = {"codec": "opus", "sample_rate_hz": 48000} if kind in ("vp9", "av1") else {"codec": "aac"}
    container = "webm" if kind in ("vp9", "av1") else "mp4"
    video = {"codec": kind, "bitrate_kbps": 200, "width": 320, "height": 180, "resolution_adaptive": "close"}
    parameters = {"container": container, "video": video, "audio": audio}
    one = asked.rendition(1).model_copy(update={"parameters": TranscodeParameters.model_validate(parameters)})
    fast = (
        "-f lavfi -i testsrc2=s=320x240:r=100:d=0.5 -c:v libx264 -preset ultrafast -colorspace bt709 -color_trc bt709"
    )
    sources = [
        generate(f"{fast} -color_primaries bt709", tmp_path / "fast.mp4"),
        generate(HEAD, tmp_path / "film.mkv"),
        generate(SILENT, tmp_path / "silent.mp4"),
    ]
    done = await row(sources, tmp_path, [one], 0, Tuning())
    assert not done.failed and not done.inexact
    assert complaints(path(done, "transcode-1")) == b""
    made = truth.frames(path(done, "transcode-1"), "v:0", "null")
    assert len(made) == 50 + 31 + 12
    assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))


async def test_the_nearest_aspect_fills_the_rest_as_asked(tmp_path: Path) -> None:
    """Of a wide and a tall candidate the tall one goes with a tall film; white beside what does not fill it."""
    wide, tall = generate(HEAD, tmp_path / "wide.mkv"), generate(SILENT, tmp_path / "tall.mp4")
    added = {"heads": [file_url(wide), file_url(tall)], "fill_type": "white"}
    first, then = with_clips(asked.rendition(1, 25, window=(0.5, 1)), added, added), asked.rendition(2, 25)
    done = await run(clips.PORTRAIT, tmp_path, [first, then], tuning=LOSSLESS)
    output = done.rendition()
    assert output.video is not None
    size = (output.video.width, output.video.height)
    inside = round(size[1] * 64 / 120 / 2) * 2
    shape = (
        f"scale={inside}:{size[1]}:flags=bicubic{AS_AN_HD_FILM},pad={size[0]}:{size[1]}:(ow-iw)/2:(oh-ih)/2:color=white"
    )
    wanted = truth.frames(tall, "v:0", f"fps=25,{shape},setsar=1,format=yuv420p", *AS_CHUNKS)
    made = truth.frames(path(done, "transcode-1"), "v:0", "null")
    assert inside < size[0]
    assert [one.digest for one in made[:50]] == [one.digest for one in wanted] * 2
    assert len(made) - 50 == pytest.approx(0.5 * 25, abs=1)
    assert done.rendition(2).chunks == 1


async def test_a_wrong_index_leads_to_pieces_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The film has a picture that the index does not know of: it is made in one chunk, between its head and tail."""

    async def wrong(file: Path) -> Any:
        media, index = await probe(file)
        assert index is not None
        return media, replace(index, pts=[pts for n, pts in enumerate(index.pts) if n != 3])

    monkeypatch.setattr(flows, "probe", wrong)
    sources = [generate(HEAD, tmp_path / "head.mkv"), make("ntsc.mov", tmp_path), clips.PORTRAIT]
    done = await row(sources, tmp_path, [asked.rendition(1, 25), asked.rendition(2)], 0)
    assert len(done.inexact) == 1
    for subtask_id, frames in (("transcode-1", 26 + 125 + 52), ("transcode-2", 31 + 120 + 62)):
        output = done.rendition(subtask_id)
        assert output.video is not None
        assert output.video.frames == frames
        made = truth.frames(path(done, subtask_id), "v:0", "null")
        assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))


async def test_a_candidate_that_is_missing_fails_who_asks_for_it(tmp_path: Path) -> None:
    film = make("ntsc.mov", tmp_path)
    missing, broken = file_url(tmp_path / "none.mp4"), file_url(clips.BROKEN)
    renditions = [
        with_clips(asked.rendition(1), {"heads": [missing]}),
        with_clips(asked.rendition(2), {"tails": [file_url(film), broken]}),
        asked.rendition(3),
    ]
    done = await run(film, tmp_path, renditions, tuning=FAST)
    told = {name: (error.code, error.message) for name, error in done.failed.items()}
    assert set(told) == {"transcode-1", "transcode-2"} and set(done.outputs) == {"transcode-3"}
    assert told["transcode-1"][0] == SOURCE_NOT_ACCESSIBLE and missing in told["transcode-1"][1]
    assert told["transcode-2"][0] == SOURCE_MALFORMED and broken in told["transcode-2"][1]
    found = await probe_clips(flows.accepted(film, tmp_path, renditions), flows.looked, flows.fetched)
    assert set(found) == {missing, file_url(film), broken}

"""Cut or not, a rendition has exactly the pictures, times and sound that one pass of ffmpeg makes."""

import itertools
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from contracts.media import MediaInfo
from contracts.subtasks import TranscodeOutput
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from shared.index import PacketIndex
from shared.media import probe
from tests.media import asked, clips, flows, truth
from tests.media.flows import Done, run
from tests.media.sources import SOURCES, make

LOSSLESS = Tuning(preset="ultrafast", lossless=True)
FPS = {"transcode-1": "fps=25,", "transcode-2": "", "transcode-3": "fps=30000/1001,"}
OFFSET_S, CLOCK_S = 0.005, 0.002
PRIMING_S = 1024 / 44100
"""AAC starts with a frame of silence; late sound shows it in its track's start time."""


@pytest.mark.parametrize("chunks", [0, 12])
@pytest.mark.parametrize("clip", clips.FRAMES, ids=lambda clip: clip.stem)
async def test_clip(clip: Path, chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    wanted = [asked.rendition(1, 25), asked.rendition(2), asked.rendition(3, 29.97)][: 3 if chunks else 2]
    done = await run(clip, tmp_path, wanted, chunks=chunks, tuning=LOSSLESS)
    assert done.media.frames == clips.FRAMES[clip]
    compare(clip, done)
    assert (_chunk_count(done) > 0) is (chunks > 0)


@pytest.mark.parametrize("chunks", [0, 5])
@pytest.mark.parametrize("name", SOURCES)
async def test_odd_source(name: str, chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source = make(name, tmp_path)
    done = await run(source, tmp_path, [asked.rendition(1, 25), asked.rendition(2)], chunks=chunks, tuning=LOSSLESS)
    compare(source, done)


@pytest.mark.parametrize("chunks", [0, 3])
@pytest.mark.parametrize("name", ["offset.ts", "vfr.mp4"])
async def test_window(name: str, chunks: int, tmp_path: Path) -> None:
    """One second to three and a half, from the container's start."""
    source = make(name, tmp_path)
    wanted = [asked.rendition(1, 25, window=(1, 3.5)), asked.rendition(2, 0, window=(1, 3.5))]
    done = await run(source, tmp_path, wanted, chunks=chunks, tuning=LOSSLESS)
    late_s = truth.start_s(source, "v:0") - done.media.start_s
    shown = [one for one in truth.expected(source, "v:0", "null") if 1 <= one.time_s + late_s < 3.5]
    ticked, kept = _frames(done, "transcode-1"), _frames(done, "transcode-2")
    assert len(kept) == len(shown)
    assert abs(len(ticked) - 2.5 * 25) <= 1
    for output in done.outputs.values():
        assert isinstance(output, TranscodeOutput)
        samples = truth.samples(_path(output), "a:0")
        assert abs(samples / 44100 - 2.5) < 2 * PRIMING_S


async def test_a_wrong_index_leads_to_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that the index does not know of: the chunk is inexact, and the whole is encoded without cuts."""

    async def probe_wrongly(path: Path) -> tuple[MediaInfo, PacketIndex | None]:
        media, index = await probe(path)
        assert index is not None
        return media, replace(index, pts=[pts for n, pts in enumerate(index.pts) if n != 3])

    monkeypatch.setattr(flows, "probe", probe_wrongly)
    source = make("ntsc.mov", tmp_path)
    done = await run(source, tmp_path, [asked.rendition(2)], chunks=3, tuning=LOSSLESS)
    assert len(done.inexact) == 1
    output = done.rendition(2)
    assert output.video is not None
    assert (output.video.frames, output.chunks) == (120, 1)
    assert output.notes == ["the source promises 119 pictures; 120 could be made"]


def compare(source: Path, done: Done) -> None:
    """Every rendition against one pass over the same source."""
    assert not done.inexact
    assert not done.failed
    assert done.media.video is not None
    track = str(done.media.video.index)
    for subtask_id, output in done.outputs.items():
        assert isinstance(output, TranscodeOutput) and output.video is not None
        size = f"scale={output.video.width}:{output.video.height}:flags=bicubic,setsar=1,format=yuv420p"
        expected = truth.expected(source, track, f"setpts=PTS-STARTPTS,{FPS[subtask_id]}{size}")
        made = truth.frames(_path(output), "v:0", "setpts=PTS-STARTPTS")
        assert [one.digest for one in made] == [one.digest for one in expected]
        assert all(abs(a.time_s - b.time_s) <= CLOCK_S for a, b in zip(made, expected, strict=True))
        assert all(a.time_s < b.time_s for a, b in itertools.pairwise(made))
        assert (output.audio is None) is (done.media.audio is None)
        assert all(note.startswith("left out: ") for note in output.notes)
        if output.audio is not None:
            _compare_sound(source, track, _path(output), done)


def _compare_sound(source: Path, track: str, made: Path, done: Done) -> None:
    assert done.media.audio is not None
    sound = str(done.media.audio.index)
    reference = truth.whole_sound(source, sound, "-ar", "44100", "-ac", "2")
    assert truth.samples(made, "a:0") == reference
    expected_s = truth.start_s(source, sound) - truth.start_s(source, track)
    offset_s = truth.start_s(made, "a:0") - truth.start_s(made, "v:0")
    if offset_s > PRIMING_S:
        offset_s += PRIMING_S
    assert abs(offset_s - expected_s) < OFFSET_S + (PRIMING_S if expected_s > 0 else 0)


def _frames(done: Done, subtask_id: str) -> list[truth.Frame]:
    output = done.rendition(subtask_id)
    return truth.frames(_path(output), "v:0", "null")


def _path(output: TranscodeOutput) -> Path:
    return Path(unquote(output.url.removeprefix("file://")))


def _chunk_count(done: Done) -> int:
    return sum(bool(re.search(r"-chunk-\d+$", unit.unit_id)) for unit in done.plan.units)

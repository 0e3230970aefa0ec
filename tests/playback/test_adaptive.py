"""Adaptive streaming as viewers get it: made by a flow that is cut in chunks, played by hls.js and by dash.js."""

import asyncio
import json
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from selenium.webdriver import Chrome

from contracts.rendition_parameters import AudioParameters, VideoParameters
from contracts.streaming_parameters import (
    AdaptiveDynamicStreamingParameters,
    ManifestFormat,
    StreamParameters,
    StreamSegmentType,
)
from contracts.subtasks import AdaptiveDynamicStreaming, AdaptiveDynamicStreamingOutput
from services.transcoder.encoders import Tuning
from tests.media.flows import Done, run
from tests.playback.judge import Expected, faults
from tests.playback.play import Player, play
from tests.playback.server import MediaServer

LADDER = ((128, 72, 128), (192, 108, 200), (256, 144, 400))
"""Width, height and kbps, from the lowest up."""
DURATION_S = 12


def _asked(number: int, form: ManifestFormat, segment_type: StreamSegmentType) -> AdaptiveDynamicStreaming:
    streams = [
        StreamParameters(
            video=VideoParameters(width=width, resolution_adaptive="close", bitrate_kbps=kbps), audio=AudioParameters()
        )
        for width, _, kbps in LADDER
    ]
    parameters = AdaptiveDynamicStreamingParameters(
        format=form, streams=streams, segment_duration_s=2, segment_type=segment_type
    )
    subtask_id = f"adaptive_dynamic_streaming-{number}"
    return AdaptiveDynamicStreaming(subtask_id=subtask_id, definition=1000000 + number, parameters=parameters)


ASKED = [_asked(1, "hls", "mp4-byterange"), _asked(2, "mpeg-dash", "mp4-byterange"), _asked(3, "hls", "mp4-segment")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """Manifests of every kind, of one flow that was cut in chunks, and the folder of all results."""
    work = tmp_path_factory.mktemp("adaptive")
    source = work / "source.mkv"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={DURATION_S}"]
    command += ["-f", "lavfi", "-i", f"sine=d={DURATION_S}:r=48000", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "flac", source], check=True)
    done = asyncio.run(run(source, work, ASKED, chunks=12, tuning=Tuning(preset="ultrafast")))
    assert not done.failed and not done.inexact
    return work / "out", done


def _sound_bytes(manifest: Path) -> int:
    probe = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "packet=size", "-of", "json"]
    ended = subprocess.run([*probe, manifest], check=True, capture_output=True)
    return sum(int(packet["size"]) for packet in json.loads(ended.stdout)["packets"])


@pytest.mark.parametrize(("player", "number", "ranges"), [("hls", 1, True), ("dash", 2, True), ("hls", 3, False)])
def test_it_plays_to_its_end_through_all_renditions(
    browser: Chrome, made: tuple[Path, Done], player: Player, number: int, ranges: bool
) -> None:
    folder, done = made
    output = done.outputs[f"adaptive_dynamic_streaming-{number}"]
    assert isinstance(output, AdaptiveDynamicStreamingOutput)
    assert output.chunks > 1
    manifest = Path(unquote(output.url.removeprefix("file://")))
    with MediaServer(folder) as server:
        played = play(browser, server, manifest.relative_to(folder).as_posix(), player)
    sizes = [(width, height) for width, height, _ in LADDER]
    assert faults(played, Expected(DURATION_S, sizes, "avc1.", _sound_bytes(manifest))) == []
    media = {(one.status, bool(one.range)) for one in server.served if Path(one.path).suffix in (".mp4", ".m4s")}
    assert media == ({(206, True)} if ranges else {(200, False)})

"""Copies into MP4: every picture and sound packet of the source, or one clear error."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from contracts.codes import SOURCE_UNSUPPORTED
from contracts.presets import TRANSCODE
from contracts.subtasks import Transcode, TranscodeOutput
from services.transcoder.encoders import Tuning
from tests.media import clips, truth
from tests.media.flows import Done, run
from tests.media.sources import make

HELD = [
    *("09_hevc_10bit", "14_audio_starts_244ms_late_noduration", "19_plain_30s_270p_stereo"),
    *("17_cover_art_second_video_stream", "27_edit_list", "04_iphone_portrait_rot90"),
]


async def copied(source: Path, work: Path, window: tuple[float, float] = (0, 0)) -> Done:
    subtask = Transcode(
        subtask_id="transcode-1",
        definition=875,
        parameters=TRANSCODE[875],
        start_time_offset_s=window[0],
        end_time_offset_s=window[1],
    )
    return await run(source, work, [subtask], tuning=Tuning())


def made(done: Done) -> tuple[TranscodeOutput, Path]:
    output = done.rendition()
    return output, Path(unquote(output.url.removeprefix("file://")))


@pytest.mark.parametrize("name", [*HELD, "offset.ts", "mpeg2.ts", "late_sound.mp4"])
async def test_every_picture_as_it_was(name: str, tmp_path: Path) -> None:
    source = next((clip for clip in clips.FRAMES if clip.stem == name), None) or make(name, tmp_path)
    done = await copied(source, tmp_path)
    output, path = made(done)
    assert done.media.video is not None and output.video is not None
    shown = truth.expected(source, str(done.media.video.index), "setpts=PTS-STARTPTS")
    again = truth.frames(path, "v:0", "setpts=PTS-STARTPTS")
    assert [one.digest for one in again] == [one.digest for one in shown]
    assert all(abs(a.time_s - b.time_s) <= 0.002 for a, b in zip(again, shown, strict=True))
    assert output.video.codec == done.media.video.codec
    if done.media.audio is not None:
        assert output.audio is not None and output.audio.codec == done.media.audio.codec


@pytest.mark.parametrize("name", ["offset.ts", "late_sound.mp4"])
async def test_a_window(name: str, tmp_path: Path) -> None:
    output, path = made(await copied(make(name, tmp_path), tmp_path, (1.5, 3.5)))
    shown = truth.frames(path, "v:0", "null")
    assert 50 <= len(shown) <= 53
    assert abs(truth.samples(path, "a:0") / 48000 - 2) < 0.1
    assert output.notes


async def test_what_mp4_cannot_hold(tmp_path: Path) -> None:
    for source in (clips.BUNNY, make("open_gop.mkv", tmp_path)):
        error = (await copied(source, tmp_path / source.stem)).failed["transcode-1"]
        assert error.code == SOURCE_UNSUPPORTED
        assert error.message.startswith("mp4 can't hold")

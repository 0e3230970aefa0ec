"""Hostile, broken and odd sources: a clear error, never a wrong success."""

import shutil
from pathlib import Path

import pytest

from contracts.codes import SOURCE_MALFORMED, SOURCE_NO_VIDEO, SOURCE_NOT_ACCESSIBLE, SOURCE_UNSUPPORTED
from contracts.parameters import TranscodeParameters
from services.transcoder.encoders import Tuning
from shared.errors import MediaError
from shared.media import probe
from tests.media import asked, clips
from tests.media.flows import run

FAST = Tuning(preset="ultrafast")


@pytest.mark.parametrize("clip", clips.FRAMES, ids=lambda clip: clip.stem)
async def test_the_index_has_every_picture(clip: Path) -> None:
    media, index = await probe(clip)
    assert index is not None
    assert len(index) == media.frames == clips.FRAMES[clip]


async def test_broken_files(tmp_path: Path) -> None:
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n")
    joined = tmp_path / "joined.mp4"
    joined.write_text(f"ffconcat version 1.0\nfile '{clips.PORTRAIT}'\n")
    for path, codes in (
        (clips.BROKEN, {SOURCE_MALFORMED}),
        (tmp_path / "missing.mp4", {SOURCE_NOT_ACCESSIBLE}),
        (playlist, {SOURCE_UNSUPPORTED, SOURCE_MALFORMED}),
        (joined, {SOURCE_UNSUPPORTED, SOURCE_MALFORMED}),
    ):
        with pytest.raises(MediaError) as caught:
            await probe(path)
        assert caught.value.code in codes
        assert str(tmp_path) not in caught.value.message


@pytest.mark.parametrize("clip", [clips.SOUND_ONLY, clips.NO_FRAMES], ids=lambda clip: clip.stem)
async def test_sound_without_a_picture(clip: Path, tmp_path: Path) -> None:
    heard = asked.rendition(2).model_copy(update={"parameters": TranscodeParameters(remove_video=True)})
    done = await run(clip, tmp_path, [asked.rendition(1), heard, asked.samples()], tuning=FAST)
    assert {name: error.code for name, error in done.failed.items()} == dict.fromkeys(
        ["transcode-1", "sampled_snapshot-1"], SOURCE_NO_VIDEO
    )
    output = done.rendition(2)
    assert output.video is None and output.audio is not None
    assert abs(output.duration_s - (done.media.duration_s or 0)) < 0.1


@pytest.mark.parametrize("name", ["-x.mp4", "%03d.mp4", "a:b.mp4", "new\nline [x] 'q'.mp4", "https:x.mp4"])
async def test_hostile_names(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    shutil.copyfile(clips.HERE / "09_hevc_10bit.mp4", source)
    done = await run(source, tmp_path / "work %d", [asked.rendition(1), asked.samples(50)], chunks=2, tuning=FAST)
    assert set(done.outputs) == {"transcode-1", "sampled_snapshot-1"}


async def test_upright_once(tmp_path: Path) -> None:
    done = await run(clips.PORTRAIT, tmp_path, [asked.rendition(1, width=160)], tuning=FAST)
    made, _ = await probe(next((tmp_path / "out").iterdir()))
    assert done.media.video is not None and done.media.video.rotation_deg == 90
    assert made.video is not None and made.video.rotation_deg == 0
    assert (made.video.width, made.video.height, made.video.pixel_format) == (160, 284, "yuv420p")


async def test_ten_bits_become_eight(tmp_path: Path) -> None:
    await run(clips.HERE / "09_hevc_10bit.mp4", tmp_path, [asked.rendition(1)], tuning=FAST)
    made, _ = await probe(next((tmp_path / "out").iterdir()))
    assert made.video is not None and (made.video.bit_depth, made.video.pixel_format) == (8, "yuv420p")

"""Codec strings of real files: as ffmpeg's own DASH muxer tells them, where it does."""

import subprocess
from pathlib import Path

import pytest
from mpegdash.parser import MPEGDASHParser

from services.merger.codec_names import codec_name

PICTURE, SOUND = "testsrc2=s=64x64:r=10:d=0.5", "sine=r=44100:d=0.5"
FILES = {
    "h264": (PICTURE, "-c:v libx264 -profile:v high -pix_fmt yuv420p"),
    "h264 baseline": (PICTURE, "-c:v libx264 -profile:v baseline -pix_fmt yuv420p"),
    "h265": (PICTURE, "-c:v libx265 -x265-params log-level=none -tag:v hvc1 -pix_fmt yuv420p10le"),
    "vp9": (PICTURE, "-c:v libvpx-vp9 -cpu-used 8 -pix_fmt yuv420p"),
    "av1": (PICTURE, "-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p"),
    "aac": (SOUND, "-c:a aac"),
}


@pytest.mark.parametrize("kind", FILES)
def test_as_ffmpeg_tells_it(kind: str, tmp_path: Path) -> None:
    """Of H.265 it tells no more than the sample entry: the rest is checked against what was asked of the encoder."""
    source, coded = FILES[kind]
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", source, *coded.split(), "-strict", "-2"]
    argv += ["-f", "dash", "-dash_segment_type", "mp4", "-init_seg_name", "init.mp4", f"{tmp_path}/m.mpd"]
    subprocess.run(argv, check=True)
    manifest = MPEGDASHParser.parse((tmp_path / "m.mpd").read_text())
    told = manifest.periods[0].adaptation_sets[0].representations[0].codecs
    made = codec_name((tmp_path / "init.mp4").read_bytes())
    if kind == "h265":
        assert made == "hvc1.2.4.L30.90" and made.startswith(told)
    elif kind in ("vp9", "av1"):
        assert told.startswith(made), "the short form: what follows has defaults"
    else:
        assert made.lower() == told.lower()

"""H.265 in FLV, whole and cut: what PyAV's own demuxer and decoder find in it, against one pass of ffmpeg."""

import hashlib
import itertools
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import av
import pytest

from contracts.parameters import TranscodeParameters
from contracts.subtasks import Transcode, TranscodeOutput
from services.planner import chunks as cutting
from services.transcoder.encoders import Tuning
from shared.errors import TransientError
from shared.flv import rewritten
from tests.media import truth
from tests.media.flows import Done, run
from tests.media.sources import make

CLOCK_S = 0.002
HVC1 = float(int.from_bytes(b"hvc1", "big"))
"""How onMetaData tells the codec: the four letters as a number."""
KEY, SEQUENCE, CODED, CODED_WITHOUT_OFFSET, METADATA = 1, 0, 1, 3, 4


@dataclass(frozen=True)
class Shown:
    """What a player gets: pictures in the order of showing, and the times of the sound's packets."""

    frames: list[truth.Frame]
    sound_s: list[float]
    codecs: tuple[str, str]


def shown(path: Path) -> Shown:
    with av.open(str(path), format="flv") as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        codecs = video.codec_context.name, audio.codec_context.codec.canonical_name
        frames, sound = [], []
        for packet in file.demux():
            if packet.stream is audio and packet.size:
                assert packet.pts is not None and packet.time_base is not None
                sound.append(float(packet.pts * packet.time_base))
            elif packet.stream is video:
                frames += [
                    truth.Frame(frame.time or 0.0, _digest(frame)) for frame in video.codec_context.decode(packet)
                ]
    return Shown(frames, sound, codecs)


def _digest(frame: av.VideoFrame) -> str:
    """As framemd5 makes it: the planes without the bytes that pad each line."""
    digest = hashlib.md5()
    for plane in frame.planes:
        raw = bytes(plane)
        for line in range(plane.height):
            digest.update(raw[line * plane.line_size : line * plane.line_size + plane.width])
    return digest.hexdigest()


def key_tags(raw: bytes) -> tuple[dict[str, list[float]], list[tuple[int, float]]]:
    """The key picture tags that onMetaData lists, and those that are there: place in the file, seconds.

    A tag that tells the colours counts as the beginning of the key picture that it precedes.
    """
    at, listed, found, colours = 13, {}, [], 0
    while at < len(raw):
        kind, size = raw[at], int.from_bytes(raw[at + 1 : at + 4], "big")
        time_ms = int.from_bytes(raw[at + 4 : at + 7], "big") | raw[at + 7] << 24
        body = raw[at + 11 : at + 11 + size]
        if kind == 18:
            listed = {name: _numbers(body, name.encode()) for name in ("filepositions", "times")}
            place = body.index(b"videocodecid") + len(b"videocodecid")
            assert struct.unpack(">d", body[place + 1 : place + 9])[0] == HVC1
        elif kind == 9:
            assert body[0] & 0x80 and body[1:5] == b"hvc1"
            assert body[0] & 0x0F in (SEQUENCE, CODED, 2, CODED_WITHOUT_OFFSET, METADATA)
            if body[0] >> 4 & 7 == KEY and body[0] & 0x0F in (CODED, CODED_WITHOUT_OFFSET):
                found.append((colours or at, time_ms / 1000))
            colours = at if body[0] & 0x0F == METADATA else 0
        at += 11 + size + 4
    return listed, found


def _numbers(body: bytes, name: bytes) -> list[float]:
    """An array of numbers in AMF0: a type byte and a count, then a type byte and a double each."""
    place = body.index(struct.pack(">H", len(name)) + name) + 2 + len(name)
    (count,) = struct.unpack(">I", body[place + 1 : place + 5])
    return [struct.unpack(">d", body[place + 6 + 9 * n : place + 14 + 9 * n])[0] for n in range(count)]


def asked(number: int, fps: float, codec: str = "h265", **video: int) -> Transcode:
    parameters = {
        "container": "flv",
        "video": {"codec": codec, "width": 128, "resolution_adaptive": "close", "fps": fps, "gop": 20, **video},
        "audio": {"codec": "mp3", "bitrate_kbps": 48},
    }
    made = TranscodeParameters.model_validate(parameters)
    return Transcode(subtask_id=f"transcode-{number}", definition=number, parameters=made)


def output(done: Done, number: int) -> tuple[Path, TranscodeOutput]:
    assert not done.inexact and not done.failed
    told = done.rendition(number)
    return Path(unquote(told.url.removeprefix("file://"))), told


@pytest.mark.parametrize("name", ["vfr.mp4", "late_picture.mkv"])
async def test_lossless(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture and its time, the sound's distance to it, the index; B-frames are in all of them."""
    monkeypatch.setattr(cutting, "MOST_WASTE", 100)
    source, lossless = make(name, tmp_path), Tuning(preset="veryfast", lossless=True)
    wanted = [asked(1, 25), asked(2, 0), asked(3, 0, "h264")]
    offsets: list[float] = []
    for chunks in (0, 4):
        done = await run(source, tmp_path / str(chunks), wanted, chunks=chunks, tuning=lossless)
        for number, filters in ((1, "fps=25,"), (2, "")):
            path, told = output(done, number)
            assert told.video is not None and told.audio is not None
            size = f"scale={told.video.width}:{told.video.height}:flags=bicubic,setsar=1,format=yuv420p"
            expected = truth.expected(source, "v:0", f"setpts=PTS-STARTPTS,{filters}{size}")
            made = shown(path)
            assert made.codecs == (told.video.codec, told.audio.codec) == ("hevc", "mp3")
            assert [one.digest for one in made.frames] == [one.digest for one in expected]
            began_s = made.frames[0].time_s
            assert all(
                abs(a.time_s - began_s - b.time_s) <= CLOCK_S for a, b in zip(made.frames, expected, strict=True)
            )
            assert told.video.frames == len(made.frames)
            assert told.chunks == 1 if chunks == 0 else told.chunks >= 3
            assert done.media.duration_s is not None and abs(told.duration_s - done.media.duration_s) < 0.15
            offsets.append(made.sound_s[0] - began_s)
            assert all(a < b for a, b in itertools.pairwise(made.sound_s))
            listed, found = key_tags(path.read_bytes())
            assert len(found) >= len(made.frames) // 20
            assert list(zip(listed["filepositions"], listed["times"], strict=True)) == found
        path, _ = output(done, 3)
        offsets.append(truth.start_s(path, "a:0") - truth.start_s(path, "v:0"))
    assert max(offsets) - min(offsets) < 0.005


async def test_b_frames_of_a_lossy_encode(tmp_path: Path) -> None:
    """As in practice: the times of showing differ from those of decoding, and come out of FLV as they went in."""
    done = await run(make("ntsc.mov", tmp_path), tmp_path / "w", [asked(1, 0, bitrate_kbps=128)], tuning=Tuning())
    path, _ = output(done, 1)
    with av.open(str(path), format="flv") as file:
        times = [(packet.dts, packet.pts) for packet in file.demux(video=0) if packet.size]
    assert sum(dts != pts for dts, pts in times) > len(times) // 2
    frames = shown(path).frames
    assert len(frames) == len(times) == 120
    assert all(abs((b.time_s - a.time_s) - 1001 / 24000) <= CLOCK_S for a, b in itertools.pairwise(frames))


async def test_what_is_not_whole_is_no_result(tmp_path: Path) -> None:
    broken = tmp_path / "0.mp4"
    broken.write_bytes(make("ntsc.mov", tmp_path).read_bytes()[:4000])
    with pytest.raises(TransientError, match=r"0\.mp4 could not be put into FLV"):
        await rewritten(broken, tmp_path / "0.flv")


def test_no_service_has_the_libraries_in_its_memory() -> None:
    program = "import sys, services.transcoder.app, services.merger.app; sys.exit('av' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)

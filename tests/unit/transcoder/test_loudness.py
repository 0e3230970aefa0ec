"""From a measurement to a gain, and the two commands."""

from pathlib import Path

import pytest

from contracts.parameters import Loudness
from contracts.units import AudioEncode, AudioIn, EncodeOutput, Source, TranscodeWork
from services.transcoder.beside import Beside
from services.transcoder.encoders import Tuning
from services.transcoder.graph import command
from services.transcoder.loudness import gain_db, measuring
from shared.command import FORMATS

AUDIO = AudioIn(index=1, start_s=100.5, end_s=110.0, seek_s=99.5)
ENCODE = AudioEncode(channels=2, loudness=Loudness())
WORK = TranscodeWork(
    source=Source(url="file:///in.mp4", size_bytes=1), audio=AUDIO, outputs=[EncodeOutput(name="a", audio=ENCODE)]
)


def said(loudness: str, peak: str) -> list[str]:
    return ["Stream #0: {x}", "{", f'"input_i" : "{loudness}",', f'"input_tp" : "{peak}",', '"input_lra" : "1.0"', "}"]


@pytest.mark.parametrize(
    ("told", "gain"),
    [
        (said("-30.00", "-20.00"), 7.0),
        (said("-30.00", "-3.00"), 2.0),
        (said("-10.00", "0.50"), -13.0),
        (said("-inf", "-inf"), 0.0),
        (["nothing of the kind"], 0.0),
    ],
)
def test_gain(told: list[str], gain: float) -> None:
    assert gain_db(Loudness(), told) == gain


def test_measuring() -> None:
    assert " ".join(measuring(WORK, AUDIO, ENCODE, Path("/in.mp4"))) == (
        "ffmpeg -hide_banner -nostdin -loglevel info -nostats -progress pipe:1 -stats_period 0.5 -copyts "
        f"-format_whitelist {FORMATS} -noaccurate_seek -protocol_whitelist file -seek_timestamp 1 -ss 99.500000 "
        "-i file:/in.mp4 -filter_complex [0:1]atrim=end=110.000000:start=100.500000[s0];"
        "[s0]asetpts=PTS-(100.500000)/TB[s1];[s1]aformat=channel_layouts=stereo[s2];[s2]loudnorm=print_format=json[s3] "
        "-map [s3] -f null - -y"
    )


def test_applying() -> None:
    made = command(WORK, Path("/in.mp4"), {"a": Path("/w/0.mp4")}, Tuning(), {"a": Beside(gain_db=-3.25)})
    assert "[s1]aformat=channel_layouts=stereo[s2];[s2]volume=-3.25dB[s3]" in " ".join(made)

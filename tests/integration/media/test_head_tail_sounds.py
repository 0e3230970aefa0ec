"""Heads and tails: each sound lies beside its pictures, to the sample."""

import itertools
import subprocess
from array import array
from fractions import Fraction
from pathlib import Path

from contracts.units import AudioEncode, EncodeOutput, TranscodeWork
from services.transcoder.handlers import transcode
from tests.media import asked, flows, truth
from tests.media.attempt import LocalAttempt, existing, file_url
from tests.media.rows import (
    HEAD,
    SILENT,
    generate,
    lengths,
    with_clips,
)
from tests.media.sources import make

RATE = 48000
"""Of the film's sound: no resampling blurs where a sample lies."""


def pcm(source: Path, *options: str) -> "array[int]":
    """A source's first sound track in 16 bits, stereo."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{source}", *options, "-map", "0:a:0"]
    made = subprocess.run([*argv, "-ar", str(RATE), "-ac", "2", "-f", "s16le", "-"], capture_output=True, check=True)
    return array("h", made.stdout)


def close(found: "array[int]", wanted: "array[int]", by: int = 2) -> bool:
    """Whether samples are the same but for rounding."""
    return len(found) == len(wanted) and all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


async def test_each_sound_lies_beside_its_pictures_to_the_sample(tmp_path: Path) -> None:
    """Late sound, sound that ends early, no sound; the film's as in a rendition of its own."""
    head, film = generate(HEAD, tmp_path / "head.mkv"), make("late_sound.mp4", tmp_path)
    sources = [head, film, generate(SILENT, tmp_path / "silent.mp4")]
    added = {"heads": [file_url(head)], "tails": [file_url(sources[2])]}
    _, made = await flows.planned(film, tmp_path / "out", [with_clips(asked.rendition(1, 25), added)])
    work = next(unit.work for unit in made.units if unit.unit_id == "video-0-sound")
    assert isinstance(work, TranscodeWork)
    raw = EncodeOutput(name="raw", container="wav", audio=AudioEncode(codec="pcm16", sample_rate_hz=RATE, channels=2))
    attempt = LocalAttempt(tmp_path / "unit", tmp_path / "scratch", "sound")
    result = await transcode(work.model_copy(update={"outputs": [raw]}), attempt)
    heard = pcm(existing(result.files[0].url))

    shown_s = await lengths(sources, Fraction(25))
    places = [round(place * RATE) for place in itertools.accumulate(shown_s, initial=Fraction(0))]
    parts = [heard[2 * start : 2 * stop] for start, stop in itertools.pairwise(places)]
    assert len(heard) == 2 * places[-1]
    own = pcm(head)
    assert close(parts[0][: len(own)], own) and not any(parts[0][len(own) :]) and len(own) < len(parts[0])
    late = round(truth.start_s(film, "a:0") * RATE)
    lone = pcm(film)
    assert not any(parts[1][: 2 * late - 4]) and any(parts[1][2 * late : 2 * late + 2000])
    best = min(range(-1, 2), key=lambda by: _difference(parts[1], lone, 2 * (late + by)))
    assert _difference(parts[1], lone, 2 * (late + best)) <= 2
    assert not any(parts[2])


def _difference(heard: "array[int]", lone: "array[int]", start: int) -> int:
    part = heard[start : start + len(lone)]
    return max(abs(a - b) for a, b in zip(part, lone, strict=False))

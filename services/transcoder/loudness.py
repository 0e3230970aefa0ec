"""Loudness normalisation after EBU R 128: measure the whole sound, then one constant gain. Pure.

ffmpeg's loudnorm does the measuring only: its own second pass may compress, and resamples; a gain keeps every sample
where it is.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.parameters import Loudness
from contracts.units import AudioEncode, AudioIn, TranscodeWork
from shared.command import argv, local, seek_options, source_options

from .sound import sound

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def measuring(work: TranscodeWork, audio: AudioIn, encode: AudioEncode, source: Path) -> list[str]:
    """The argv that measures the sound as an output will have it, and tells at the end of its standard error."""
    reading = seek_options(audio.seek_s, keep_times=work.times == "kept")
    opened = ffmpeg.input(local(source), **source_options(), **reading)
    return measuring_stream(_mixed(sound(opened[str(audio.index)], audio), encode))


def measuring_stream(stream: Any) -> list[str]:
    """The same for a stream that is mixed as the output will be."""
    stream = stream.filter("loudnorm", print_format="json")
    made = argv([ffmpeg.output(stream, "-", f="null")])
    made[made.index("-loglevel") + 1] = "info"
    return made


def gain_db(asked: Loudness, said: Sequence[str]) -> float:
    """The gain that reaches the loudness asked for, within the peak allowed; 0 for silence and what can't be measured.

    `said` is what the measuring told.
    """
    text = "".join(said)
    try:
        measured = json.loads(text[text.rindex("{") : text.rindex("}") + 1])
        loudness, peak = float(measured["input_i"]), float(measured["input_tp"])
    except (ValueError, KeyError):
        return 0.0
    if not math.isfinite(loudness) or not math.isfinite(peak):
        return 0.0
    return min(asked.integrated_lufs - loudness, asked.true_peak_dbtp - peak)


def louder(stream: Any, encode: AudioEncode, gain: float) -> Any:
    """The sound, mixed to the output's channels as it was measured, with a gain in dB."""
    return _mixed(stream, encode).filter("volume", f"{gain:.2f}dB")


def _mixed(stream: Any, encode: AudioEncode) -> Any:
    layout = _LAYOUTS.get(encode.channels)
    return stream.filter("aformat", channel_layouts=layout) if layout else stream

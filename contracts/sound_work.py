"""What a worker is asked to do about sound. Internal."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from .model import Model
from .parameters import Loudness
from .pieces import PieceRef
from .rational import Rational
from .source import Source


class AudioIn(Model):
    """Which sound track to read, in absolute source times: from `start_s` (the output's 0) to before `end_s`."""

    index: int
    start_s: float
    end_s: float | None = None
    seek_s: float | None = None


class AudioEncode(Model):
    """One rendition's sound. 0 = as the source (rate, channels) or the encoder's choice (bit rate).

    `unbroken`: from the output's 0 on, with silence where the source has none.
    """

    codec: Literal["aac", "mp3", "opus", "flac", "pcm16"] = "aac"
    bitrate_kbps: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    loudness: Loudness | None = None
    unbroken: bool = False


class SoundPiece(Model):
    """One source's share of a sound that is made of several: `audio` (None: silence), made to last `duration_s`.

    With `measured_by`, what that file lasts is added to `duration_s` once it is known. It rises from silence within
    `fade_in_s`, and falls to it within `fade_out_s`, at its very edges.
    """

    source: Source
    audio: AudioIn | None = None
    duration_s: Rational
    measured_by: PieceRef | None = None
    fade_in_s: Rational = Fraction(0)
    fade_out_s: Rational = Fraction(0)


class SoundRow(Model):
    """The sound of several sources, one after the other, each exactly as long as told.

    `sample_rate_hz` and `channels` hold where an output leaves its own open.
    """

    pieces: list[SoundPiece] = Field(min_length=1)
    sample_rate_hz: int
    channels: int

"""What a worker is asked to do: the work of a unit, and what it is made of. Internal; other systems don't need it.

Times in the source are absolute PTS (presentation time stamps) of its picture track, in `time_base`; a worker keeps
them (`-copyts`) and moves what it cuts out to 0. See reference: media-facts.md section 2.
"""

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from .fitting import Container
from .model import Model
from .parameters import FillType, Loudness
from .rational import Rational

WorkerKind = Literal["transcode", "pictures", "merge"]
"""Who does it: `{worker}.request.v1` is the key of its requests, `{worker}_units` its collection."""
Times = Literal["kept", "mended"]
"""How a worker takes the source's time stamps: kept, absolute as the packet index has them; or mended, with ffmpeg's
own corrections and counted from the container's start: for sources without a reliable index, which are never cut."""


class Source(Model):
    """The file to read, in our own storage."""

    url: str
    size_bytes: int


class Framing(Model):
    """From the upright source picture to the output's: scale to `scale_*`, then fill up to `width` x `height`."""

    width: int
    height: int
    scale_width: int
    scale_height: int
    fill: FillType = "black"


class VideoIn(Model):
    """Which track to decode and from where.

    `first_pts` is the picture on which the output's time grid hangs (the first of the asked window; None: the first
    that is decoded). `seek_s` is an absolute time at or before the keyframe to start from; None reads from the start.
    """

    index: int
    time_base: Rational
    first_pts: int | None = None
    seek_s: float | None = None
    color_transfer: str | None = None
    field_order: str | None = None


class AudioIn(Model):
    """Which sound track to read, in absolute source times: from `start_s` (the output's 0) to before `end_s`."""

    index: int
    start_s: float
    end_s: float | None = None
    seek_s: float | None = None


class Colours(Model):
    """How colours are coded, in ffmpeg's names, and between which of its scaler's matrices to convert, "" for none."""

    convert_from: str = ""
    convert_to: str = ""
    matrix: str = "unknown"
    primaries: str = "unknown"
    transfer: str = "unknown"
    range: str = "unknown"


class VideoEncode(Model):
    """One rendition's picture in this unit.

    `start`, `end` bound the pictures to keep (start <= n < end; None: open): in output ticks 1/`fps` counted from
    `first_pts` when `fps` is set, else in source PTS, at the midpoints between pictures. `shift` (same unit) becomes
    time 0; `delay_s` is then added: how long after the output's 0 the picture begins. The number of pictures made must
    lie within `frames_min`..`frames_max`, else the unit fails as inexact, or when `inexact` says so gets a note in its
    result.
    `frame_rate` is the average expected, for the encoder's rate control. `threads` 0 lets the encoder choose.

    Rate control: constant quality with `vcrf`, or with neither it nor `bitrate_kbps`, then below a peak of
    `max_bitrate_kbps` unless that is 0; else an average of `bitrate_kbps`. `gop` is in pictures. `profile` "" is the
    encoder's choice, and so is `level`, in tenths.

    Where pictures of another source follow: `hold` is how many ticks at most the last picture stays on show to reach
    `end`; `colours` are what the pictures are brought to, so that both can be told by one header.
    """

    codec: Literal["h264", "h265", "av1", "vp9"] = "h264"
    framing: Framing
    fps: Rational | None = None
    frame_rate: Rational | None = None
    start: int | None = None
    end: int | None = None
    shift: int = 0
    delay_s: Rational = Fraction(0)
    bitrate_kbps: int = 0
    vcrf: int | None = None
    max_bitrate_kbps: int = 0
    gop: int = 0
    profile: str = "high"
    threads: int = 0
    frames_min: int | None = None
    frames_max: int | None = None
    inexact: Literal["fail", "note"] = "fail"
    hold: int = 0
    level: int = 0
    colours: Colours | None = None


class AudioEncode(Model):
    """One rendition's sound. 0 = as the source (rate, channels) or the encoder's choice (bit rate)."""

    codec: Literal["aac", "mp3", "opus", "flac", "pcm16"] = "aac"
    bitrate_kbps: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    loudness: Loudness | None = None


class Remux(Model):
    """Tracks of the source to put into another container as they are, by index, the picture first.

    `start_s` to before `end_s` (None: the end) is the window: absolute source times when times are kept, from `seek_s`
    on, at or before the key picture to begin with; else from the container's start. `codecs` are the tracks', in
    ffprobe's names; `video_codec` the picture's, `frames` how many pictures are expected, where that is known.
    """

    tracks: list[int] = Field(min_length=1)
    start_s: float = 0.0
    end_s: float | None = None
    seek_s: float | None = None
    codecs: list[str] = Field(default_factory=list)
    video_codec: str | None = None
    frames: int | None = None


class EncodeOutput(Model):
    """One file that a transcode unit makes.

    `name` identifies it within the unit. With `url` it is a final result, put in place there; without, it is an
    intermediate that the worker stores in scratch storage and tells of in its result. An output with `remux` has
    neither `video` nor `audio`, and is its unit's only one.
    """

    name: str
    subtask_id: str | None = None
    container: Container = "mp4"
    url: str | None = None
    video: VideoEncode | None = None
    audio: AudioEncode | None = None
    remux: Remux | None = None


class FileRef(Model):
    """Output `name` of unit `unit_id`."""

    unit_id: str
    name: str


class SoundPiece(Model):
    """One source's share of a sound that is made of several: `audio` (None: silence), made to last `duration_s`.

    With `measured_by`, what that file lasts is added to `duration_s` once it is known.
    """

    source: Source
    audio: AudioIn | None = None
    duration_s: Rational
    measured_by: FileRef | None = None


class SoundRow(Model):
    """The sound of several sources, one after the other, each exactly as long as told.

    `sample_rate_hz` and `channels` hold where an output leaves its own open.
    """

    pieces: list[SoundPiece] = Field(min_length=1)
    sample_rate_hz: int
    channels: int


class TranscodeWork(Model):
    """One run of ffmpeg: one decode, every output. With `row` the sound is made of several sources."""

    worker: ClassVar[WorkerKind] = "transcode"
    kind: Literal["transcode"] = "transcode"
    source: Source
    times: Times = "kept"
    video: VideoIn | None = None
    audio: AudioIn | None = None
    row: SoundRow | None = None
    outputs: list[EncodeOutput]
    duration_s: float | None = None
    """How much source time is worked through: for progress."""
    notes: list[str] = Field(default_factory=list)
    """To be told with every final result."""


class ChunkRef(Model):
    """A chunk to join: made by unit `unit_id` as its output `name`; `url` is known once it is done.

    `duration_s` = the next border - this one: exact, never measured from the file. Only where there are no borders, in
    what goes by the clock, `measured` asks to add what the file lasts.
    """

    unit_id: str
    name: str
    duration_s: Rational
    measured: bool = False
    url: str | None = None
    frames: int | None = None


class SoundRef(Model):
    """The sound to mux: output `name` of unit `unit_id`; `delay_s` after the output's 0 it begins."""

    unit_id: str
    name: str
    url: str | None = None


class MergeWork(Model):
    """Join chunks in the order given, mux the sound, check, store the result."""

    worker: ClassVar[WorkerKind] = "merge"
    kind: Literal["merge"] = "merge"
    subtask_id: str
    container: Container = "mp4"
    url: str
    chunks: list[ChunkRef]
    sound: SoundRef | None = None
    delay_s: Rational = Fraction(0)
    """How long after the output's 0 the picture begins."""
    duration_s: float | None = None
    notes: list[str] = Field(default_factory=list)

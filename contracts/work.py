"""What a worker is asked to do: the work of a unit, and what it is made of. Internal; other systems don't need it.

Times in the source are absolute PTS (presentation time stamps) of its picture track, in `time_base`; a worker keeps
them (`-copyts`) and moves what it cuts out to 0. See reference: media-facts.md section 2.
"""

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from .colours import Colours
from .drawings import Drawing
from .fitting import BitDepth, CodecTag, Container, VideoCodec
from .model import Model
from .parameters import FillType, SegmentType
from .pieces import PieceRef
from .rational import Rational
from .series import Series
from .sound_work import AudioEncode, AudioIn, SoundRow
from .source import Source
from .subtitle_work import SubtitleCodec, SubtitleRef, SubtitlesIn

RateMode = Literal["vbr", "abr", "cbr"]
"""Around an average below a bounded peak; an average alone; always the same."""
WorkerKind = Literal["transcode", "pictures", "merge", "fetch"]
"""Who does it: `{worker}.request.v1` is the key of its requests, `{worker}_units` its collection."""
Times = Literal["kept", "mended"]
"""How a worker takes the source's time stamps: kept, absolute as the packet index has them; or mended, with ffmpeg's
own corrections and counted from the container's start: for sources without a reliable index, which are never cut."""


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
    colours: Colours | None = None
    """What the source's numbers mean; None: leave them alone."""
    interlaced: bool = False
    turned: bool = True
    """Whether the container's display matrix is to be applied: a tilt by anything but quarter turns is not."""


class VideoEncode(Model):
    """One rendition's picture in this unit.

    `start`, `end` bound the pictures to keep (start <= n < end; None: open): in output ticks 1/`fps` counted from
    `first_pts` when `fps` is set, else in source PTS, at the midpoints between pictures. `shift` (same unit) becomes
    time 0; `delay_s` is then added: how long after the output's 0 the picture begins. The number of pictures made must
    lie within `frames_min`..`frames_max`, else the unit fails as inexact, or when `inexact` says so gets a note in its
    result.
    `frame_rate` is the average expected, for the encoder's rate control. `threads` 0 lets the encoder choose.

    Rate control: constant quality with `vcrf`, or with neither it nor `bitrate_kbps`, then below a peak of
    `max_bitrate_kbps` unless that is 0; else `bitrate_kbps` as `mode` says, of which a chunk gets its `share`: peaks
    stay those of the whole. `gop` is in pictures. `profile` and `level` "" are the encoder's choice, so is `bframes`
    None. `colours` are those of the result. With `key_every_s`, keyframes are forced on lines so far apart, at the
    first picture on or behind each; this unit's first picture lies `key_phase_s` behind a line. `scenes_ms` are changes
    of scene, from this unit's first picture's time to midway between the last picture of one scene and the first of the
    next: a keyframe is forced at each.

    So that a chunk's encoder works as it would in one piece: `lead_in` pictures from `lead_in_start` on (unit of
    `start`) are encoded before `start` and thrown away, and a first pass reads on to `look_ahead_end` (of `end`).

    Where pictures of another source follow: `hold` is how many ticks at most the last picture stays on show to reach
    `end`; `shared_header`: the first source's header has to do for all, whatever their rates.
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
    share: float = 1.0
    vcrf: int | None = None
    max_bitrate_kbps: int = 0
    mode: RateMode = "vbr"
    gop: int = 0
    key_every_s: Rational | None = None
    key_phase_s: Rational = Fraction(0)
    scenes_ms: tuple[int, ...] = ()
    scenecut: bool = True
    bframes: int | None = None
    profile: str = "high"
    level: str = ""
    codec_tag: CodecTag = "hvc1"
    bit_depth: BitDepth = 8
    colours: Colours | None = None
    threads: int = 0
    frames_min: int | None = None
    frames_max: int | None = None
    inexact: Literal["fail", "note"] = "fail"
    hold: int = 0
    shared_header: bool = False
    lead_in: int = 0
    lead_in_start: int | None = None
    look_ahead_end: int | None = None
    drawings: tuple[Drawing, ...] = ()
    """What is drawn on the finished picture, in this order."""

    @property
    def average_kbps(self) -> float:
        """The average bit rate of this unit's pictures; 0 where they are made at one quality, or always at one rate."""
        return 0.0 if self.vcrf is not None or self.mode == "cbr" else self.bitrate_kbps * self.share


class Cut(Model):
    """Exactly the pictures between two absolute times, each midway between two pictures (None: open).

    The file keeps the source's clock: `clock_hz`.
    """

    start_s: Rational | None = None
    end_s: Rational | None = None
    clock_hz: int


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
    cut: Cut | None = None
    """Instead of the window: nothing before it and nothing behind, or the unit fails as inexact."""


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
    subtitles: SubtitleCodec | None = None
    """The form in which it keeps the unit's subtitles, if at all."""
    notes: list[str] = Field(default_factory=list)
    """To be told with it, as a final result."""


class TranscodeWork(Model):
    """One run of ffmpeg: one decode, every output. With `row` the sound is made of several sources."""

    worker: ClassVar[WorkerKind] = "transcode"
    kind: Literal["transcode"] = "transcode"
    source: Source
    times: Times = "kept"
    video: VideoIn | None = None
    audio: AudioIn | None = None
    subtitles: SubtitlesIn | None = None
    row: SoundRow | None = None
    outputs: list[EncodeOutput]
    """None of them: the unit only reads subtitles, to be kept as `subtitles-{index}`."""
    duration_s: float | None = None
    """How much source time is worked through: for progress."""
    notes: list[str] = Field(default_factory=list)
    """To be told with every final result."""


class ChunkRef(PieceRef):
    """A chunk to join. `duration_s` = the next border - this one: exact, never measured from the file.

    Only where there are no borders, in what goes by the clock, `measured` asks to add how long the
    file's pictures last.
    """

    duration_s: Rational
    measured: bool = False


class SoundRef(PieceRef):
    """The sound to mux."""


class HlsFiles(Model):
    """Segments of a playlist: about `segment_s` long, each beginning at a keyframe.

    `init_url` is where what all fMP4 segments begin with goes; None for transport streams.
    """

    segment_type: SegmentType
    segment_s: Rational
    segments: Series
    init_url: str | None = None


class MergeWork(Model):
    """Join chunks in the order given, mux the sound, check, store the result; with `hls` as a playlist with segments.

    A single chunk keeps its own times. Without chunks there is the sound only.
    """

    worker: ClassVar[WorkerKind] = "merge"
    kind: Literal["merge"] = "merge"
    subtask_id: str
    container: Container = "mp4"
    codec: VideoCodec | None = None
    """Of the pictures."""
    url: str
    chunks: list[ChunkRef]
    copied: bool = False
    """Whether the chunks are sources as they are: all the more is looked at when they are joined."""
    sound: SoundRef | None = None
    subtitles: list[SubtitleRef] = Field(default_factory=list)
    subtitle_codec: SubtitleCodec | None = None
    delay_s: Rational = Fraction(0)
    """How long after the output's 0 the picture begins."""
    hls: HlsFiles | None = None
    duration_s: float | None = None
    notes: list[str] = Field(default_factory=list)

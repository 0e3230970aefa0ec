"""From adaptive streaming subtasks to renditions of the source and the sets of streams that they make. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from contracts.media import MediaInfo
from contracts.streaming_parameters import AdaptiveDynamicStreamingParameters, StreamParameters
from contracts.subtasks import AdaptiveDynamicStreaming
from contracts.units import AudioEncode, Manifest, StreamFiles, Variant, VideoEncode

from .drawings import drawn
from .naming import Names
from .renditions import Rendition, encoded_audio, encoded_video
from .span import Span
from .stream_set import StreamPlan, StreamSet
from .streams import kept
from .windows import Window

Pair = tuple[VideoEncode | None, AudioEncode | None]
"""What one stream is made of."""


@dataclass
class Streaming:
    """What adaptive streaming makes of a source: each distinct picture and sound once, whoever wants it."""

    media: MediaInfo
    span: Span | None
    has_audio: bool
    names: Names
    sets: list[StreamSet] = field(default_factory=list)
    _renditions: dict[VideoEncode | AudioEncode, Rendition] = field(default_factory=dict)
    _alike: dict[object, int] = field(default_factory=dict)

    @property
    def renditions(self) -> list[Rendition]:
        """Every picture and every sound to encode."""
        return list(self._renditions.values())

    def add(self, subtask: AdaptiveDynamicStreaming) -> None:
        """Take a subtask in; one that wants the same media as another shares their files."""
        asked = subtask.parameters
        streams, notes = kept(asked, self.media, has_audio=self.has_audio)
        every_s = Fraction(asked.segment_duration_s).limit_denominator(1000)
        pairs = [self._pair(stream, every_s, subtask) for stream in streams]
        named = (subtask.output_storage, subtask.sub_stream_object_name, subtask.segment_object_name)
        alike = (tuple(pairs), every_s, asked.segment_type, named)
        if alike in self._alike:
            before = self.sets[self._alike[alike]]
            added = self._manifest(subtask, len(before.streams))
            self.sets[self._alike[alike]] = replace(before, manifests=[*before.manifests, added])
            return
        self._alike[alike] = len(self.sets)
        self.sets.append(self._set(subtask, pairs, every_s, notes))

    def _pair(self, stream: StreamParameters, every_s: Fraction, subtask: AdaptiveDynamicStreaming) -> Pair:
        video: VideoEncode | None = None
        audio: AudioEncode | None = None
        if not stream.remove_video:
            assert self.media.video is not None
            plain = encoded_video(stream.video, stream.tehd, self.media.video, self.span, every_s)
            video = drawn(plain, subtask, Window(), self.span, self.media)
        if not stream.remove_audio and self.has_audio:
            audio = encoded_audio(stream.audio).model_copy(update={"unbroken": True})
        for one in (video, audio):
            if one is not None:
                self._want(one, subtask.subtask_id)
        return video, audio

    def _want(self, encode: VideoEncode | AudioEncode, subtask_id: str) -> None:
        known = self._renditions.get(encode)
        if known is not None:
            ids = dict.fromkeys([*known.subtask_ids, subtask_id])
            self._renditions[encode] = replace(known, subtask_ids=tuple(ids))
            return
        self._renditions[encode] = Rendition(
            name=f"stream-{len(self._renditions)}",
            subtask_ids=(subtask_id,),
            container="mp4",
            video=encode if isinstance(encode, VideoEncode) else None,
            audio=encode if isinstance(encode, AudioEncode) else None,
            in_pieces=True,
        )

    def _set(
        self, subtask: AdaptiveDynamicStreaming, pairs: Sequence[Pair], every_s: Fraction, notes: list[str]
    ) -> StreamSet:
        """Pictures first, then sounds; a player hears of the streams in the order asked."""
        videos = list(dict.fromkeys(video for video, _ in pairs if video))
        audios = list(dict.fromkeys(audio for _, audio in pairs if audio))
        tracks: list[VideoEncode | AudioEncode] = [*videos, *audios]
        variants = [
            Variant(video=tracks.index(video) if video else None, audio=tracks.index(audio) if audio else None)
            for video, audio in dict.fromkeys(pairs)
        ]
        streams = [self._stream(subtask, number, encode) for number, encode in enumerate(tracks)]
        return StreamSet(streams, variants, [self._manifest(subtask, len(tracks))], every_s, notes)

    def _stream(self, subtask: AdaptiveDynamicStreaming, number: int, encode: VideoEncode | AudioEncode) -> StreamPlan:
        files = media_files(subtask.parameters, subtask.subtask_id, number, self.names)
        if isinstance(encode, AudioEncode):
            return StreamPlan(files, audio=encode)
        return StreamPlan(files, rendition=self._renditions[encode].name, frame_rate=encode.fps)

    def _manifest(self, subtask: AdaptiveDynamicStreaming, tracks: int) -> Manifest:
        form, subtask_id = subtask.parameters.format, subtask.subtask_id
        if form == "mpeg-dash":
            return Manifest(subtask_id=subtask_id, format=form, url=self.names.url(subtask_id, "mpd"))
        playlists = [self.names.sub_stream_url(subtask_id, number, "m3u8") for number in range(tracks)]
        url = self.names.url(subtask_id, "m3u8")
        return Manifest(subtask_id=subtask_id, format=form, url=url, playlist_urls=playlists)


def media_files(asked: AdaptiveDynamicStreamingParameters, subtask_id: str, number: int, names: Names) -> StreamFiles:
    """Where the media of a stream go."""
    if asked.segment_type == "mp4-byterange":
        return StreamFiles(url=names.sub_stream_url(subtask_id, number, "mp4"))
    init_url = names.init_url(subtask_id, "mp4", number)
    return StreamFiles(init_url=init_url, segments=names.segments(subtask_id, "m4s", number))

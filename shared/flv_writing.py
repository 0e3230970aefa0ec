"""`python -m shared.flv_writing IN OUT`: the tracks of an MP4 file as FLV, H.265 by its four-letter code (`hvc1`).

That is Enhanced RTMP, version 1 (Veovera Software Organization), which ffmpeg's own command writes and reads from 6.1
on only; PyAV brings its own libraries. A program of its own, so that no service has those in its memory. It then
reads the result and tells what is in it, in ffprobe's compact form, for counting.py.
"""

import sys
from collections import Counter
from collections.abc import Iterator

import av
import av.stream
from av.container import InputContainer

INDEXED = {"flvflags": "+add_keyframe_index"}


def packets(file: InputContainer) -> Iterator["av.Packet[av.stream.Stream]"]:
    """All packets in the order of decoding, without the empty ones that only flush decoders."""
    return (packet for packet in file.demux() if packet.size)


def write(source: str, target: str) -> Counter[int]:
    """Copy every packet as it is; how many, by track."""
    copied: Counter[int] = Counter()
    with av.open(source) as read, av.open(target, "w", format="flv", options=INDEXED) as written:
        tracks = {track.index: written.add_stream_from_template(track) for track in read.streams}
        for packet in packets(read):
            copied[packet.stream_index] += 1
            packet.stream = tracks[packet.stream_index]
            written.mux(packet)
    return copied


def tell(path: str) -> Counter[int]:
    """Print every packet, track and the duration; how many packets, by track."""
    found: Counter[int] = Counter()
    with av.open(path, format="flv") as file:
        for packet in packets(file):
            found[packet.stream_index] += 1
            _row("packet", stream_index=packet.stream_index, pts=packet.pts, duration=packet.duration, size=packet.size)
        for video in file.streams.video:
            size = {"width": video.width, "height": video.height}
            _row("stream", codec_type="video", **_named(video), **size)
        for audio in file.streams.audio:
            sound = {"sample_rate": audio.sample_rate, "channels": audio.channels}
            _row("stream", codec_type="audio", **_named(audio), **sound)
        _row("format", duration=None if file.duration is None else file.duration / av.time_base)
    return found


def _named(track: av.VideoStream | av.AudioStream) -> dict[str, object]:
    codec = track.codec_context.codec.canonical_name
    return {"index": track.index, "codec_name": codec, "time_base": track.time_base}


def _row(section: str, **values: object) -> None:
    print(section, *(f"{name}={'N/A' if value is None else value}" for name, value in values.items()), sep="|")


def main() -> None:
    """Write, read, compare."""
    source, target = sys.argv[1:]
    copied = write(source, target)
    if (found := tell(target)) != copied:
        sys.exit(f"{dict(found)} packets in place of {dict(copied)}, by track")


if __name__ == "__main__":
    main()

"""What a user is told of finished streams. Pure."""

from collections.abc import Sequence

from contracts.subtasks import AdaptiveDynamicStreamingOutput, SubStream
from contracts.units import Manifest, PackageWork

from .tracks import CutTrack


def streaming_output(
    work: PackageWork, manifest: Manifest, tracks: Sequence[CutTrack], sizes_bytes: Sequence[int], texts_bytes: int
) -> AdaptiveDynamicStreamingOutput:
    """The result of one manifest; `sizes_bytes` of each track's media, `texts_bytes` of playlists and manifest."""
    streams = [
        SubStream(
            type=track.type,
            url=manifest.playlist_urls[number] if manifest.playlist_urls else track.files.url,
            codec=track.plain_codec,
            width=track.width,
            height=track.height,
            bitrate_kbps=track.average_bps / 1000,
            size_bytes=sizes_bytes[number],
        )
        for number, track in enumerate(tracks)
    ]
    return AdaptiveDynamicStreamingOutput(
        url=manifest.url,
        package="hls" if manifest.format == "hls" else "dash",
        size_bytes=sum(sizes_bytes) + texts_bytes,
        duration_s=max(float(track.duration_s) + max(0.0, track.start_s) for track in tracks),
        sub_streams=streams,
        chunks=max(len(track.pieces) for track in work.tracks),
        notes=work.notes,
    )

"""The HLS multivariant playlist (RFC 8216 section 4.3.4). Pure."""

from collections.abc import Sequence
from fractions import Fraction

from contracts.units import Variant

from .tracks import CutTrack


def master_playlist(tracks: Sequence[CutTrack], variants: Sequence[Variant], uris: Sequence[str]) -> str:
    """The text; `uris` are the tracks' media playlists. Each sound that goes with pictures is a group of its own."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    groups = dict.fromkeys(one.audio for one in variants if one.audio is not None and one.video is not None)
    for number in groups:
        channels = tracks[number].channels
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{_group(number)}",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="{channels}",URI="{uris[number]}"'
        )
    for variant in variants:
        lines += [f"#EXT-X-STREAM-INF:{_about(tracks, variant)}", uris[_first(variant)]]
    return "\n".join(lines) + "\n"


def _about(tracks: Sequence[CutTrack], variant: Variant) -> str:
    """Bits a second of picture and sound together: the peak of each, and the average of each."""
    parts = [tracks[number] for number in (variant.video, variant.audio) if number is not None]
    said = [
        f"BANDWIDTH={sum(track.peak_bps for track in parts)}",
        f"AVERAGE-BANDWIDTH={sum(track.average_bps for track in parts)}",
        f'CODECS="{",".join(track.codec for track in parts)}"',
    ]
    if variant.video is not None:
        picture = tracks[variant.video]
        said += [f"RESOLUTION={picture.width}x{picture.height}", f"FRAME-RATE={float(frame_rate(picture)):.3f}"]
        if variant.audio is not None:
            said.append(f'AUDIO="{_group(variant.audio)}"')
    return ",".join(said)


def frame_rate(track: CutTrack) -> Fraction:
    """Pictures a second, on average where no rate was asked for."""
    if track.frame_rate is not None:
        return track.frame_rate
    return Fraction(track.frames) / track.duration_s if track.duration_s else Fraction(0)


def _group(number: int) -> str:
    return f"sound-{number}"


def _first(variant: Variant) -> int:
    number = variant.audio if variant.video is None else variant.video
    assert number is not None
    return number

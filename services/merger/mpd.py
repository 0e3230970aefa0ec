"""The DASH manifest (ISO 23009-1), on-demand profile: one file a representation, its index inside. Pure."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.etree import ElementTree as Xml

from .index_box import index_range
from .master import frame_rate
from .tracks import CutTrack

_PROFILE = "urn:mpeg:dash:profile:isoff-on-demand:2011"
_CHANNELS = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"


def mpd(tracks: Sequence[CutTrack], uris: Sequence[str]) -> str:
    """The text; `uris` are the tracks' files."""
    longest_s = max(track.duration_s + Fraction(track.start_s).limit_denominator(90_000) for track in tracks)
    buffer_s = max(seconds for track in tracks for seconds in track.durations_s)
    root = Xml.Element(
        "MPD",
        xmlns="urn:mpeg:dash:schema:mpd:2011",
        profiles=_PROFILE,
        type="static",
        mediaPresentationDuration=_duration(longest_s),
        minBufferTime=_duration(buffer_s),
    )
    period = Xml.SubElement(root, "Period", id="0", start="PT0S", duration=_duration(longest_s))
    for number, (kind, members) in enumerate(_sets(tracks)):
        about = {"id": str(number), "contentType": kind, "mimeType": f"{kind}/mp4", "startWithSAP": "1"}
        about |= {"subsegmentAlignment": "true", "subsegmentStartsWithSAP": "1"}
        adaptation = Xml.SubElement(period, "AdaptationSet", about)
        for place in members:
            _represent(adaptation, str(place), tracks[place], uris[place])
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _sets(tracks: Sequence[CutTrack]) -> Iterator[tuple[str, list[int]]]:
    """What a player switches within: pictures of one codec, sounds of one codec."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, track in enumerate(tracks):
        found.setdefault((track.type, track.codec.split(".")[0]), []).append(number)
    for (kind, _), members in found.items():
        yield kind, members


def _represent(parent: Xml.Element, name: str, track: CutTrack, uri: str) -> None:
    said = {"id": name, "bandwidth": str(track.peak_bps), "codecs": track.codec}
    if track.type == "video":
        rate = frame_rate(track).limit_denominator(1001)
        said |= {"width": str(track.width), "height": str(track.height), "sar": "1:1"}
        said["frameRate"] = str(rate.numerator) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"
    else:
        said["audioSamplingRate"] = str(track.sample_rate_hz)
    represented = Xml.SubElement(parent, "Representation", said)
    if track.type == "audio":
        about = {"schemeIdUri": _CHANNELS, "value": str(track.channels)}
        Xml.SubElement(represented, "AudioChannelConfiguration", about)
    Xml.SubElement(represented, "BaseURL").text = uri
    init, (first, last) = track.playlist.init, index_range(track)
    assert init is not None
    base = Xml.SubElement(represented, "SegmentBase", indexRange=f"{first}-{last}", indexRangeExact="true")
    Xml.SubElement(base, "Initialization", range=f"0-{(init.size_bytes or 0) - 1}")


def _duration(seconds: Fraction) -> str:
    return f"PT{math.ceil(seconds * 1000) / 1000:.3f}S"

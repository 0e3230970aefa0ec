"""One sound of several sources, one after the other, in a filter graph. Pure."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from contracts.units import AudioEncode, AudioIn, EncodeOutput, SoundPiece, SoundRow, TranscodeWork
from shared.command import local, seek_options, source_options

from .sound import sound

LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_HOLES = {"async": 1, "first_pts": 0, "min_comp": "0.00001"}
"""A sound that starts late or breaks off for a while gets silence there: to the sample at its start, elsewhere where a
tenth of a second is missing."""


def rows(work: TranscodeWork, row: SoundRow, sources: Mapping[str, Path]) -> dict[str, Any]:
    """By output, its sound; `sources` are local files by URL. Outputs of the same rate and channels share one."""
    sharing: dict[tuple[int, int], list[str]] = {}
    for name, encode in _heard(work.outputs):
        sharing.setdefault(_form(row, encode), []).append(name)
    streams: dict[str, Any] = {}
    for form, names in sharing.items():
        branches = _branches(_joined(work, row, sources, *form), len(names))
        streams |= dict(zip(names, branches, strict=True))
    return streams


def in_a_row(work: TranscodeWork, row: SoundRow, encode: AudioEncode, sources: Mapping[str, Path]) -> Any:
    """The sound as one output will have it."""
    return _joined(work, row, sources, *_form(row, encode))


def _heard(outputs: list[EncodeOutput]) -> Iterator[tuple[str, AudioEncode]]:
    return ((output.name, output.audio) for output in outputs if output.audio)


def _form(row: SoundRow, encode: AudioEncode) -> tuple[int, int]:
    return encode.sample_rate_hz or row.sample_rate_hz, min(encode.channels or row.channels, max(LAYOUTS))


def _joined(work: TranscodeWork, row: SoundRow, sources: Mapping[str, Path], rate: int, channels: int) -> Any:
    """Each piece to the sample as long as its pictures: borders are rounded where they are, so that no error grows."""
    lengths, start_s = [], Fraction(0)
    for piece in row.pieces:
        end_s = start_s + piece.duration_s
        lengths.append(round(end_s * rate) - round(start_s * rate))
        start_s = end_s
    wanted = [(piece.source.url if piece.audio else "", piece.audio) for piece in row.pieces]
    read = {
        one: iter(_branches(_read(work, *one, sources, (rate, LAYOUTS[channels])), wanted.count(one)))
        for one in dict.fromkeys(wanted)
    }
    streams = [
        _faded(_lasting(next(read[one]), samples), piece, samples, rate)
        for one, samples, piece in zip(wanted, lengths, row.pieces, strict=True)
    ]
    return streams[0] if len(streams) == 1 else ffmpeg.concat(*streams, v=0, a=1)


def _lasting(stream: Any, samples: int) -> Any:
    return stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples).filter("asetpts", "N")


def _faded(stream: Any, piece: SoundPiece, samples: int, rate: int) -> Any:
    """Cut sounds begin and end in silence, or every cut would be a click."""
    rising, falling = (min(round(length_s * rate), samples // 2) for length_s in (piece.fade_in_s, piece.fade_out_s))
    if rising:
        stream = stream.filter("afade", type="in", start_sample=0, nb_samples=rising)
    if falling:
        stream = stream.filter("afade", type="out", start_sample=samples - falling, nb_samples=falling)
    return stream


def _branches(stream: Any, count: int) -> list[Any]:
    if count == 1:
        return [stream]
    split = stream.filter_multi_output("asplit", count)
    return [split.stream(n) for n in range(count)]


def _read(
    work: TranscodeWork, url: str, audio: AudioIn | None, sources: Mapping[str, Path], form: tuple[int, str]
) -> Any:
    rate, layout = form
    if audio is None:
        silence = ffmpeg.input(f"anullsrc=r={rate}:cl={layout}", f="lavfi")["0"]
        return silence.filter("aformat", sample_fmts="fltp")
    reading = seek_options(audio.seek_s, keep_times=work.times == "kept")
    opened = ffmpeg.input(local(sources[url]), **source_options(), **reading)
    stream = sound(opened[str(audio.index)], audio).filter("aresample", rate, **_HOLES)
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=rate, channel_layouts=layout)

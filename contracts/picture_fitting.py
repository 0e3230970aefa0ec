"""Which ways of coding a picture its codec knows: rate control, B-frames, level, depth. Pure tables.

Sources: reference C.2; the options of libx264, libx265, libvpx and SVT-AV1 as in ffmpeg 5.1; H.264 and H.265, annex A.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .fitting import Misfit, Mode, VideoCodec

if TYPE_CHECKING:
    from .rendition_parameters import VideoParameters

MODES: Mapping[VideoCodec, tuple[Mode, ...]] = {
    "h264": ("vbr", "abr", "cbr", "vcrf"),
    "h265": ("vbr", "abr", "cbr", "vcrf"),
    "vp9": ("vbr", "abr", "cbr", "vcrf"),
    "av1": ("vbr", "abr", "vcrf"),
}
"""SVT-AV1 has a constant bit rate only without reordering."""
HAS_BFRAMES: tuple[VideoCodec, ...] = ("h264", "h265")
HAS_SCENECUT: tuple[VideoCodec, ...] = ("h264", "h265")
HAS_HDR: tuple[VideoCodec, ...] = ("h265", "av1", "vp9")
"""What players of HDR play, in 10 bits."""


@dataclass(frozen=True)
class Level:
    """The most that a level allows: luma samples a picture and a second, kbps (main tier)."""

    picture: int
    second: int
    kbps: int


def _avc(macroblocks: int, a_second: int, kbps: int) -> Level:
    """H.264 counts in macroblocks of 256 samples; high profile takes a quarter more bits."""
    return Level(macroblocks * 256, a_second * 256, kbps * 5 // 4)


LEVELS: Mapping[VideoCodec, Mapping[str, Level]] = {
    "h264": {
        "1": _avc(99, 1_485, 64),
        "1.1": _avc(396, 3_000, 192),
        "1.2": _avc(396, 6_000, 384),
        "1.3": _avc(396, 11_880, 768),
        "2": _avc(396, 11_880, 2_000),
        "2.1": _avc(792, 19_800, 4_000),
        "2.2": _avc(1_620, 20_250, 4_000),
        "3": _avc(1_620, 40_500, 10_000),
        "3.1": _avc(3_600, 108_000, 14_000),
        "3.2": _avc(5_120, 216_000, 20_000),
        "4": _avc(8_192, 245_760, 20_000),
        "4.1": _avc(8_192, 245_760, 50_000),
        "4.2": _avc(8_704, 522_240, 50_000),
        "5": _avc(22_080, 589_824, 135_000),
        "5.1": _avc(36_864, 983_040, 240_000),
        "5.2": _avc(36_864, 2_073_600, 240_000),
        "6": _avc(139_264, 4_177_920, 240_000),
        "6.1": _avc(139_264, 8_355_840, 480_000),
        "6.2": _avc(139_264, 16_711_680, 800_000),
    },
    "h265": {
        "1": Level(36_864, 552_960, 128),
        "2": Level(122_880, 3_686_400, 1_500),
        "2.1": Level(245_760, 7_372_800, 3_000),
        "3": Level(552_960, 16_588_800, 6_000),
        "3.1": Level(983_040, 33_177_600, 10_000),
        "4": Level(2_228_224, 66_846_720, 12_000),
        "4.1": Level(2_228_224, 133_693_440, 20_000),
        "5": Level(8_912_896, 267_386_880, 25_000),
        "5.1": Level(8_912_896, 534_773_760, 40_000),
        "5.2": Level(8_912_896, 1_069_547_520, 60_000),
        "6": Level(35_651_584, 1_069_547_520, 60_000),
        "6.1": Level(35_651_584, 2_139_095_040, 120_000),
        "6.2": Level(35_651_584, 4_278_190_080, 240_000),
    },
}
"""Besides the levels themselves: what an encoder would have to break them for is refused once the size is known."""


def coding_misfits(asked: "VideoParameters") -> Iterator[Misfit]:
    """What of the ways to code a picture does not fit its codec, or one another."""
    codec = asked.codec
    yield from _rate_misfits(asked)
    if asked.bframes is not None and codec not in HAS_BFRAMES:
        yield _misfit("bframes", asked.bframes, f"{codec} has none: leave this out")
    if asked.bframes and asked.profile == "baseline":
        yield _misfit("bframes", asked.bframes, "must be 0 for profile baseline")
    if asked.no_scenecut and codec not in HAS_SCENECUT:
        yield _misfit("no_scenecut", True, f"{codec} can't be told: leave this out")
    if asked.level is not None and asked.level not in LEVELS.get(codec, {}):
        known = ", ".join(LEVELS.get(codec, {}))
        yield _misfit("level", asked.level, f"must be one of {known}" if known else f"{codec} takes none")
    if asked.codec_tag is not None and codec != "h265":
        yield _misfit("codec_tag", asked.codec_tag, "is for h265 only")
    if asked.preserve_hdr and codec not in HAS_HDR:
        yield _misfit("preserve_hdr", True, f"{codec} carries no HDR, {', '.join(HAS_HDR)} do")
    deep = "bit_depth" if asked.bit_depth == 10 else "preserve_hdr" if asked.preserve_hdr else None
    if deep and asked.profile != "default":
        yield _misfit("profile", asked.profile, f"is one of 8 bits: leave this out beside {deep}")


def _rate_misfits(asked: "VideoParameters") -> Iterator[Misfit]:
    modes = MODES.get(asked.codec, ())
    if asked.mode not in modes:
        yield _misfit("mode", asked.mode, f"must be one of {', '.join(modes)} for {asked.codec}")
    elif asked.mode == "vcrf" and asked.vcrf is None:
        yield _misfit("vcrf", None, "is needed for mode vcrf")
    elif asked.mode in ("abr", "cbr"):
        if asked.vcrf is not None:
            yield _misfit("vcrf", asked.vcrf, f"is for mode vcrf or vbr, not {asked.mode}")
        if not asked.bitrate_kbps:
            yield _misfit("bitrate_kbps", 0, f"must be 128 to 100000 for mode {asked.mode}")


def _misfit(name: str, value: object, text: str) -> Misfit:
    return Misfit(("video", name), value, text)

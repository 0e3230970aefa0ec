"""What the numbers of a picture mean, in ffmpeg's names. Pure values; source: ITU-T H.273."""

from typing import Literal

from .model import Model

Matrix = Literal["bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc", "bt2020c", "ycgco", "gbr"]
Transfer = Literal[
    "bt709",
    "bt470m",
    "bt470bg",
    "smpte170m",
    "smpte240m",
    "linear",
    "iec61966-2-1",
    "bt2020-10",
    "bt2020-12",
    "smpte2084",
    "arib-std-b67",
]
Primaries = Literal[
    "bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428", "smpte431", "smpte432"
]


class Colours(Model):
    """How samples become light: `matrix` from YUV to RGB (gbr: they are RGB), `transfer` to light, `primaries` to hue.

    `full`: samples use their whole range, not the limited one of television.
    """

    matrix: Matrix = "bt709"
    transfer: Transfer = "bt709"
    primaries: Primaries = "bt709"
    full: bool = False

    @property
    def hdr(self) -> bool:
        """Whether brightness is coded as PQ (SMPTE ST 2084) or HLG (ARIB STD-B67)."""
        return self.transfer in ("smpte2084", "arib-std-b67")

    @property
    def wide(self) -> bool:
        """Whether what usual screens can't show may be in it, or what scalers and players can't read is how."""
        return (
            self.hdr
            or self.primaries in ("bt2020", "smpte428", "smpte431", "smpte432")
            or self.matrix in ("bt2020nc", "bt2020c", "ycgco")
        )


SDR = Colours()
"""BT.709: what the web expects."""
STILL = Colours(matrix="smpte170m", full=True)
"""What a JPEG means (JFIF); it has no field to tell otherwise."""
WEBP = Colours(matrix="smpte170m")
"""What a lossy WebP means (RFC 6386); no field either."""
RGB = Colours(matrix="gbr", full=True)

"""What a workflow's place and formats may be written as. Source: reference B.6. Pure."""

import re

VIDEO = ("mp4", "avi", "mov", "wmv", "flv", "mkv", "mpg", "mpeg", "rm", "rmvb", "asf", "3gp", "webm", "ts", "m4v")
AUDIO = ("mp3", "wav", "aac", "flac", "ogg", "m4a", "amr")
SUBTITLES = ("vtt", "srt")
FORMATS = frozenset(VIDEO + AUDIO + SUBTITLES)
"""What counts when no format is named."""
ANY = "*"


def check_dir(path: str) -> str:
    """A directory below a storage. Raises ValueError when it is none."""
    if not (path.startswith("/") and path.endswith("/")):
        raise ValueError('must start and end with "/"')
    parts = path[1:-1].split("/") if len(path) > 1 else []
    bad = next((part for part in parts if part in ("", ".", "..")), None)
    if bad is not None:
        raise ValueError(f'must not hold {bad!r} as a part between two "/"')
    odd = next((c for c in path if not c.isprintable() or c == "\\"), None)
    if odd is not None:
        raise ValueError(f"must not hold the character {odd!r}")
    return path


def check_format(text: str) -> str:
    """A suffix as users write it, or `*`. Raises ValueError when it is none."""
    if text != ANY and not re.fullmatch(r"\.?[A-Za-z0-9]{1,64}", text):
        raise ValueError("a format is 1 to 64 letters and digits, with or without a dot before them, or *")
    return text


def suffixes(formats: list[str]) -> frozenset[str] | None:
    """The suffixes that count, in small letters and without a dot; None: any."""
    if ANY in formats:
        return None
    return frozenset(text.removeprefix(".").lower() for text in formats) or FORMATS

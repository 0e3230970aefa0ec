"""Templates of results' names: their variables, and what a name may be made of. Source: reference B.4. Pure.

A template is split at its variables into pieces: text, variable, text, variable, ... text.
"""

import re
from collections.abc import Mapping, Sequence, Set

FACTS = frozenset({"inputName", "inputFormat", "definition", "format"})
"""Known before any file is made."""
SOURCE = frozenset({"inputName", "inputFormat", "inputDir"})
"""Facts of the source alone."""
MOST_PART_BYTES = 255
"""What file systems take as the name of a file or a directory."""
MOST_PATH_BYTES = 1024
"""What S3 takes as a key."""
FORMAT = ".{format}"


def pieces(template: str) -> list[str]:
    """The template split at its variables: text at even places, the variables' names at odd ones."""
    return re.split(r"\{([^{}]*)\}", template)


def filled(split: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Pieces with these variables' values put in; the others stay."""
    made = [split[0]]
    for variable, text in zip(split[1::2], split[2::2], strict=True):
        if variable in values:
            made[-1] += values[variable] + text
        else:
            made += [variable, text]
    return made


def check_path(template: str, numbers: Set[str], *, absolute: bool) -> str:
    """A file's path below a directory, with facts and `numbers` as variables, every one of these needed.

    `absolute` lets it begin with "/". Raises ValueError when no file could, or should, have such a name.
    """
    _check_text(template, FACTS | numbers)
    if not template.endswith(FORMAT):
        raise ValueError(f"must end with {FORMAT}")
    _check_parts(template.removeprefix("/") if absolute else template)
    split = pieces(template)
    if missing := [f"{{{name}}}" for name in sorted(numbers) if name not in split[1::2]]:
        raise ValueError(f"needs {' and '.join(missing)}: there are several files, each with its number")
    _check_apart(split, numbers)
    return template


def check_directory(template: str) -> str:
    """A directory's path below a storage: "" or "/.../", with facts of the source as variables.

    Raises ValueError when no directory could have such a name, or the variables could lead out of it.
    """
    if not template:
        return template
    _check_text(template, SOURCE)
    if not (template.startswith("/") and template.endswith("/")):
        raise ValueError('must start and end with "/", or be empty')
    if inside := template.strip("/"):
        _check_parts(inside)
    if any("{inputDir}" in part and part != "{inputDir}" for part in template.split("/")):
        raise ValueError('{inputDir} holds directories: it must stand alone between two "/"')
    return template


def check_lengths(path: str) -> None:
    """Raises ValueError when a part of a path, or the whole, is longer than storages take."""
    if longest := next((part for part in path.split("/") if len(part.encode()) > MOST_PART_BYTES), None):
        raise ValueError(f"{_shown(longest)} would be a name of more than {MOST_PART_BYTES} bytes")
    if len(path.encode()) > MOST_PATH_BYTES:
        raise ValueError(f"{_shown(path)} would be a path of more than {MOST_PATH_BYTES} bytes")


def _check_text(template: str, variables: Set[str]) -> None:
    split = pieces(template)
    unknown = next((name for name in split[1::2] if name not in variables), None)
    if unknown is not None:
        known = ", ".join(f"{{{name}}}" for name in sorted(variables))
        raise ValueError(f"{{{_shown(unknown)}}} is no variable here; there are {known}")
    for text in split[0::2]:
        if bad := next((c for c in text if not c.isprintable() or c in "{}\\"), None):
            raise ValueError(f"must not hold the character {bad!r}")


def _check_parts(path: str) -> None:
    for part in path.split("/"):
        if part in ("", ".", ".."):
            raise ValueError(f'must not hold {part!r} as a part between two "/"')
    check_lengths(re.sub(r"\{[^{}]*\}", "_", path))


def _check_apart(split: Sequence[str], numbers: Set[str]) -> None:
    """Two numbers in a row must stay apart, or 1 and 11 would give the name of 11 and 1."""
    last, between = "", ""
    for variable, text in zip(split[1::2], split[2::2], strict=True):
        if variable in numbers:
            if last not in ("", variable) and not re.search(r"[^0-9]", between):
                raise ValueError(f"{{{last}}} and {{{variable}}} need something else than digits between them")
            last, between = variable, ""
        between += text


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"

"""The files of a directory that others change meanwhile."""

import os
from pathlib import Path


def files_below(directory: Path) -> list[Path]:
    """Every file at any depth; what goes while it is looked at is left out, where Path.rglob raises."""
    return [Path(folder, name) for folder, _, names in os.walk(directory) for name in names]

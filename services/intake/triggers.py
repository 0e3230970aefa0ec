"""Which files start a workflow: its place, and the names that count there. Pure, but for symbolic links."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from contracts.trigger_places import suffixes
from contracts.workflows import Trigger
from shared.locations import LocalFile, S3Object, below, parse

UNFINISHED = frozenset({"part", "partial", "filepart", "crdownload", "download", "upload", "tmp", "temp", "swp"})
"""Suffixes under which programs write what they rename when it is complete."""


@dataclass(frozen=True)
class Place:
    """Where a workflow's files come: a directory with all below it, or all of a bucket's keys that begin with `key`."""

    where: LocalFile | S3Object
    suffixes: frozenset[str] | None

    @property
    def top(self) -> str:
        """As a path that is the same however its URL is written, without "/" behind it."""
        where = self.where
        return (str(where.path) if isinstance(where, LocalFile) else where.url).rstrip("/")

    def counts(self, name: str) -> bool:
        """Whether a file with this path below the place has a suffix that starts the workflow."""
        path = PurePosixPath(name)
        return self.suffixes is None or path.suffix[1:].lower() in self.suffixes

    def takes(self, name: str) -> bool:
        """Whether a local file with this path below the place is one to take: not hidden, not one being made."""
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") for part in path.parts)
        return not (hidden or name.endswith("~") or path.suffix[1:].lower() in UNFINISHED) and self.counts(name)


def url_of(trigger: Trigger) -> str:
    """The place's URL; ends in "/"."""
    inside = trigger.dir.strip("/")
    return (below(trigger.storage, inside) if inside else trigger.storage.rstrip("/")) + "/"


def place_of(trigger: Trigger, roots: Sequence[Path]) -> Place:
    """A workflow's place. Raises RequestError when it is none of ours."""
    return Place(parse(url_of(trigger), roots), suffixes(trigger.formats))

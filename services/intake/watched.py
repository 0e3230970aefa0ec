"""A workflow's directory as far as it was looked at: what was there, what is new, what is gone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from shared.locations import LocalFile

from .arrivals import Arrival, Version
from .settling import Settling
from .triggers import Place


@dataclass(frozen=True)
class Changes:
    """What a whole look at a directory showed: ids of files that are gone, and of those that are there again."""

    gone: list[str]
    back: list[str]


@dataclass
class Watched:
    """The directory `root` of a workflow that is enabled (`since`: Workflow.since).

    `known` are the ids of the files that were there or came since then. `settling` are those that may be new.
    """

    tenant: str
    workflow_id: str
    since: str
    place: Place
    root: Path
    known: set[str]
    settling: Settling
    _seen: dict[str, Version] = field(default_factory=dict)
    """The known files that are there, by name: the ids of ten thousand cost more than a look at them."""
    _gone: set[str] = field(default_factory=set)

    def arrival(self, name: str, version: Version) -> Arrival:
        """A file that came."""
        return Arrival(self.tenant, self.workflow_id, LocalFile(self.root / name).url, str(version), self.since)

    def saw(self, name: str, version: Version, now: float) -> None:
        """A file is there, as it is now."""
        if self._seen.get(name) == version or not self.place.takes(name):
            return
        if self.arrival(name, version).arrival_id in self.known:
            self._seen[name] = version
            self.settling.drop(name)
        else:
            self.settling.saw(name, version, now)

    def missed(self, name: str) -> None:
        """A file is not there."""
        self.settling.drop(name)

    def saw_all(self, there: Iterable[tuple[str, Version]], now: float) -> Changes:
        """The whole directory."""
        names = set()
        for name, version in there:
            names.add(name)
            self.saw(name, version, now)
        lost = [name for name in self._seen if name not in names]
        gone = [self.arrival(name, self._seen.pop(name)).arrival_id for name in lost]
        back = self._gone.intersection(
            self.arrival(name, version).arrival_id for name, version in self._seen.items() if self._gone
        )
        self._gone = (self._gone - back).union(gone)
        return Changes(gone, list(back))

    def took(self, name: str, version: Version) -> None:
        """A file is noted as come."""
        self.known.add(self.arrival(name, version).arrival_id)
        self._seen[name] = version

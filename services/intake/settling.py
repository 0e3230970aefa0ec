"""Files that may still be written: each is complete when it has not changed for a while. Pure."""

from .arrivals import Version


class Settling:
    """Files by name, in the order in which they come to rest. `now` is any clock's seconds that only grow."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._files: dict[str, tuple[Version, float]] = {}

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def saw(self, name: str, version: Version, now: float) -> None:
        """A file as it is now; if it was so before, its time runs on."""
        before = self._files.get(name)
        if before is None or before[0] != version:
            self._files.pop(name, None)
            self._files[name] = version, now

    def drop(self, name: str) -> None:
        """It is gone."""
        self._files.pop(name, None)

    def rested(self, now: float) -> list[tuple[str, Version]]:
        """What has rested long enough when it was last seen, and is let go: look again whether it is still so."""
        found = []
        for name, (version, since) in self._files.items():
            if since + self._settle_s > now:
                break
            found.append((name, version))
        for name, _ in found:
            del self._files[name]
        return found

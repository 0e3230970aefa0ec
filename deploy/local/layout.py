"""What lies where in the data directory of a stack."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.leftovers import MARK, mark_of

#: The folder that holds the packages contracts, shared, services and deploy.
CODE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The data directory and its parts. Pure: `make` creates what must exist before a start."""

    data: Path

    @property
    def rabbitmq(self) -> Path:
        """The node's database, configuration and password."""
        return self.data / "rabbitmq"

    @property
    def mongodb(self) -> Path:
        """The database files and password."""
        return self.data / "mongodb"

    @property
    def storage(self) -> Path:
        """The writable storage root: where results go."""
        return self.data / "storage"

    @property
    def scratch(self) -> Path:
        """Pieces of work in progress."""
        return self.data / "scratch"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        """Locked by the stack that works here; holds its process id."""
        return self.data / "lock"

    @property
    def env(self) -> Path:
        """The running stack's addresses as shell lines; absent when none runs."""
        return self.data / "env"

    @property
    def services(self) -> Path:
        """The running services with process ids and health addresses; absent when none runs."""
        return self.data / "services.json"

    @property
    def ports(self) -> Path:
        """The ports of the last start."""
        return self.data / "ports.json"

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.logs / f"{name}.log"

    def mark(self, name: str = "") -> dict[str, str]:
        """The environment variable that marks a process as this stack's (see leftovers)."""
        return {MARK: mark_of(self.data, name)}

    def make(self) -> None:
        """Create the directory and its parts, for this user only."""
        self.data.mkdir(parents=True, exist_ok=True)
        for part in (self.rabbitmq, self.mongodb, self.storage, self.scratch, self.logs):
            part.mkdir(mode=0o700, exist_ok=True)

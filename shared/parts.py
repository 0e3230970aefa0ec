"""What every service is built from."""

from dataclasses import dataclass

from .bus import Bus
from .settings import Settings
from .storage import Storage
from .store import Store
from .telemetry import Tracer


@dataclass(frozen=True)
class Parts:
    """The connections and settings of a process."""

    settings: Settings
    bus: Bus
    store: Store
    storage: Storage
    tracer: Tracer

"""What intake is asked to do before a flow can be planned: bring its source into our own storage. Internal."""

from typing import ClassVar, Literal

from pydantic import Field

from .flows import FLOW_ID_PATTERN
from .model import Model
from .work import WorkerKind

SOURCE = "source"
"""Name of the file that it makes."""


class FetchWork(Model):
    """Copy what a web URL gives to scratch storage, once for the whole flow, by whose id a broken off copy is found."""

    worker: ClassVar[WorkerKind] = "fetch"
    kind: Literal["fetch"] = "fetch"
    url: str
    flow_id: str = Field(pattern=FLOW_ID_PATTERN)

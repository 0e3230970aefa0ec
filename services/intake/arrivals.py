"""A file that came to a workflow's place. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from contracts.envelope import event_id


class Version(NamedTuple):
    """What tells a file from the one that was there under its name before."""

    size_bytes: int
    modified_ns: int
    inode: int

    def __str__(self) -> str:
        return f"{self.size_bytes}-{self.modified_ns}-{self.inode}"


@dataclass(frozen=True)
class Arrival:
    """A file of a workflow: `version` tells it from an earlier one of this URL; `since` is Workflow.since.

    Of an object `since` is "": its notice says when it came.
    """

    tenant: str
    workflow_id: str
    url: str
    version: str
    since: str = ""

    @property
    def arrival_id(self) -> str:
        """The same for the same file, as long as the workflow is not enabled anew."""
        return event_id("arrival", self.workflow_id, self.since, self.version, self.url)

    @property
    def flow_id(self) -> str:
        """Of its flow: the same for the same file for ever."""
        return event_id("flow of", self.workflow_id, self.version, self.url).replace("-", "")

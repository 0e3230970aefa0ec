"""What intake does with an S3 storage's notice."""

from shared.errors import RequestError
from shared.locations import S3Object
from shared.log import logger

from .arrival_handlers import Starter
from .arrivals import Arrival
from .s3_events import Created, created, records
from .triggers import Place, place_of
from .workflow_store import Workflow, Workflows


class S3Desk:
    """Use case: an object came."""

    def __init__(self, workflows: Workflows, starter: Starter) -> None:
        self._workflows = workflows
        self._starter = starter

    async def notice(self, body: bytes) -> None:
        """Begin the flows of the objects that a notice tells of, each once, however often it comes.

        An object of a bucket that no workflow is bound to is refused to the log alone: whoever has all buckets' notices
        sent here would fill the dead letters.

        Raises:
            RequestError: it can't be read, or tells of an impossible object. What else it tells of was begun.
        """
        refused = None
        for number, record in enumerate(records(body)):
            try:
                found = created(record, number)
            except RequestError as error:
                refused = refused or error
                continue
            if found is not None:
                await self._came(found, f"Records.{number}.s3.bucket.name")
        if refused is not None:
            raise refused

    async def _came(self, found: Created, field: str) -> None:
        enabled = await self._workflows.enabled(found.bucket)
        if not enabled and not await self._workflows.know(found.bucket):
            text = f"{field}: no workflow is bound to bucket {found.bucket}"
            logger().warning("notice refused", error=text, field=field)
        for workflow in enabled:
            if _takes(place_of(workflow.view.trigger, ()), found):
                await self._starter.take(_arrival(workflow, found), forget=True)


def _takes(place: Place, found: Created) -> bool:
    assert isinstance(place.where, S3Object)
    prefix = place.where.key
    return found.key.startswith(prefix) and place.counts(found.key[len(prefix) :])


def _arrival(workflow: Workflow, found: Created) -> Arrival:
    url = S3Object(found.bucket, found.key).url
    return Arrival(workflow.tenant, workflow.view.workflow_id, url, found.version)

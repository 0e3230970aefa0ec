"""The routes as they are stored right now, kept in memory for as long as nothing changes."""

from pydantic import ValidationError

from contracts.subscriptions import SubscriptionView
from shared.log import logger
from shared.store import Document

from ..store import Subscriptions, read
from .routes import Route, Routes


class Table:
    """The routes of all subscriptions, read anew when their revision is another one."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions
        self._revision = -1
        self._kept: dict[str, tuple[Document, Route | None]] = {}
        self._routes = Routes(())

    async def current(self) -> Routes:
        """The routes with every change that was answered before this was called. Raises StoreError."""
        revision = await self._subscriptions.revision()
        if revision != self._revision:
            documents = await self._subscriptions.documents()
            self._kept = {document["_id"]: self._taken(document) for document in documents}
            self._routes = Routes(route for _, route in self._kept.values() if route is not None)
            self._revision = revision
        return self._routes

    def _taken(self, document: Document) -> tuple[Document, Route | None]:
        """What is compiled of a document; what was, while the document is the same."""
        kept = self._kept.get(document["_id"])
        return kept if kept is not None and kept[0] == document else (document, _compiled(document))


def _compiled(document: Document) -> Route | None:
    try:
        subscription: SubscriptionView = read(document)
    except ValidationError as error:
        logger().error("a subscription that can't be read gets no events", id=document["_id"], error=str(error))
        return None
    return Route.to(document["tenant"], subscription)

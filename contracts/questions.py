"""What a part of the client needs of the whole: to ask, and to be answered."""

from abc import ABC, abstractmethod
from typing import TypeVar

from .model import Model

Answer = TypeVar("Answer", bound=Model)

TIMEOUT_S = 30.0


class Questions(ABC):
    """A part of the client: questions about one noun."""

    @abstractmethod
    async def _ask(
        self,
        key: str,
        data: Model,
        answer: type[Answer],
        timeout_s: float,
        *,
        message_id: str | None = None,
        traceparent: str | None = None,
    ) -> Answer:
        """The answer to a command or query; raises the errors of errors.py."""

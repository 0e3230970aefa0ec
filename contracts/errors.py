"""What can go wrong for a client.

ClientError
├── Refused        the service answered no, with a code
├── NotRouted      nothing in the broker takes such a message: the services have not been started there
└── Unreachable    the broker can't be reached, or nobody answered in time
"""


class ClientError(Exception):
    """Something that the caller of the client is told."""


class Refused(ClientError):
    """A command was refused: `code` as in codes.py, what was wrong, and the path of the field at fault."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" ({field})" if field else ""))
        self.code = code
        self.message = message
        self.field = field


class NotRouted(ClientError):
    """The broker has no queue for the message. It was not kept."""


class Unreachable(ClientError):
    """No connection, or no answer in time.

    A command may have been kept by the broker and still be carried out: ask again with the same message id to learn
    its answer.
    """

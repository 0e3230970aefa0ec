"""Errors with a code, a text and a place; what happens to a message or a unit is decided by the class, once.

VodflowError
├── RequestError      a command is at fault: its sender gets code, message, field
├── WorkError         a unit failed
│   ├── MediaError        permanent: the source or what is asked of it is at fault
│   ├── TransientError    worth another try, elsewhere or later
│   └── InexactError      cut pictures did not come out as the index said
└── LeaseLost         another worker owns the unit now, or it was cancelled: drop everything
"""

from contracts.codes import FRAME_COUNT_MISMATCH, INTERNAL_ERROR
from contracts.units import ErrorKind, UnitError


class VodflowError(Exception):
    """Something that a user or an operator is told."""

    def __init__(self, message: str, code: str = INTERNAL_ERROR) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class RequestError(VodflowError):
    """A command can't be done as asked; `field` is the path of the member at fault, such as `tasks.transcode.0`."""

    def __init__(self, message: str, code: str, field: str | None = None) -> None:
        super().__init__(message, code)
        self.field = field


class WorkError(VodflowError):
    """A unit failed."""

    kind = ErrorKind.TRANSIENT

    def told(self) -> UnitError:
        """The form in which it travels."""
        return UnitError(kind=self.kind, code=self.code, message=self.message)


class MediaError(WorkError):
    """The source, or what is asked of it, is at fault: no retry will help."""

    kind = ErrorKind.PERMANENT


class TransientError(WorkError):
    """The circumstances are at fault: another try may succeed."""


class InexactError(WorkError):
    """The pictures that came out are not those that the packet index promised."""

    kind = ErrorKind.INEXACT

    def __init__(self, message: str) -> None:
        super().__init__(message, FRAME_COUNT_MISMATCH)


class LeaseLost(VodflowError):
    """The unit is no longer ours."""

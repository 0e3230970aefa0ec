"""Times that a user gives in seconds of the source, or of an output."""

from typing import Annotated

from pydantic import Field

OffsetS = Annotated[float, Field(allow_inf_nan=False)]
"""Seconds in the source: 0 its start (as an end: its end), n > 0 at second n, n < 0 |n| seconds before its end."""

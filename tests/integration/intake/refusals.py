"""Fetches that end with an error."""

from typing import Any

import pytest

from shared.errors import MediaError, WorkError
from tests.integration.intake.conftest import House


async def refused(house: House, path: str, **settings: Any) -> WorkError:
    """The error that a fetch ends with; one that no retry helps leaves nothing behind."""
    with pytest.raises(WorkError) as error:
        await house.fetch(path, **settings)
    if isinstance(error.value, MediaError):
        assert house.left == []
    assert not any(house.last.directory.iterdir())
    return error.value
